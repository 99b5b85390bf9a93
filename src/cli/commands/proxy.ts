// `isochron proxy`: the line between two strangers, broken on purpose, until it is interrupted.

import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { maskTexts } from '../../base/mask.js'
import { freshSeed } from '../../base/random.js'
import type { Dialect } from '../../codec/dialect.js'
import type { Metered } from '../../measure/meter.js'
import { formatAddress, parseAddress } from '../../run/addresses.js'
import { readTls, type TlsFiles } from '../../run/keys/tls-files.js'
import { createRoleMeter, type MetricsPlace } from '../../run/metrics/role-metrics.js'
import { processCount } from '../../run/processes/process-count.js'
import { readToken } from '../../run/proxy/control-token.js'
import type { ProxyStart, RunningProxy } from '../../run/proxy/start-proxy.js'
import { readFaultsSection } from '../../scenario/reader.js'
import type { Command } from '../command.js'
import { metricsOptions, metricsPlace } from '../flags/metrics-flags.js'
import { type CodecName, codecNamed, dialectOf, messageOptions, text, texts, wholeNumber } from '../flags/options.js'
import { workersNamed } from '../flags/part-flags.js'
import { peerLimitsOf, peerOptions } from '../flags/peer-options.js'
import { tlsClientOptions, tlsFilesOf } from '../flags/protection-options.js'
import {
  refuseTraffic,
  type TrafficFlags,
  trafficChoice,
  trafficFlagsOf,
  trafficOptions,
} from '../flags/traffic-flags.js'
import { inputName, readInputText } from '../input/read-input.js'
import { codeOfSignal, listenForInterrupts } from '../interrupts.js'
import type { Io } from '../io.js'
import { keysToldOf } from '../keys-told.js'

const options = {
  listen: text('listen', 'HOST:PORT for clients; left out: no proxy yet, the control API makes them'),
  upstream: text('upstream', 'HOST:PORT that is dialled for each client'),
  faults: text('faults', 'scenario file of which only faults: is read'),
  control: text('control', 'HOST:PORT of the control API; 127.0.0.1:8474 when there is no --listen'),
  'token-file': text('token-file', 'file with the token of the control API and of --metrics; mandatory off loopback'),
  ...metricsOptions,
  'allow-listen': texts('CIDR range in which the control API may make listeners; may be repeated'),
  'allow-upstream': texts('HOST:PORT that the control API may dial; may be repeated'),
  'listen-cert': text('listen-cert', 'PEM file: speak TLS to clients with this certificate'),
  'listen-key': text('listen-key', "PEM file of that certificate's private key"),
  seed: text('seed', 'equal seeds give equal decisions of the faults'),
  workers: text(
    'workers',
    'processes that pass the bytes of one port, under one control API: a number, or auto for one on each core but one',
  ),
  ...trafficOptions,
  ...messageOptions,
  keys: text(
    'keys',
    'key file that only you may read: changed messages get right MACs; left out: MACs stay as they are',
  ),
  ...tlsClientOptions,
  ...peerOptions,
} as const

export const proxyCommand: Command = {
  name: 'proxy',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'proxy',
      "break the line between two strangers; Toxiproxy's API on --control",
      (command) =>
        command
          .options(options)
          .example('$0 proxy --listen :9000 --upstream 127.0.0.1:8583 --faults bad-line.yaml', 'faults by schedule')
          .example('$0 proxy --listen :9000 --upstream 127.0.0.1:8583 --control :8474', 'faults by hand or by a test')
          .example('$0 proxy --listen :9000 --upstream :8583 --metrics 9466', 'answer times for Prometheus')
          .example(
            '$0 proxy --listen :9000 --upstream :8583 --workers auto',
            'more than one core: one port, one control API',
          )
          .example('$0 proxy', 'empty, on port 8474, as toxiproxy-server starts'),
      (args) =>
        choose(async (io) =>
          proxy(io, {
            ...args,
            traffic: trafficFlagsOf(args),
            seed: wholeNumber('seed', args.seed, { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? freshSeed(),
            dialect: await dialectOf(args),
            codec: codecNamed(args.codec),
            metrics: metricsPlace(args),
            upstreamTls: tlsFilesOf(args),
            clientTls: clientTlsOf(args['listen-cert'], args['listen-key']),
            peers: peerLimitsOf(args),
            workers: workersNamed(args.workers),
          }),
        ),
    ),
}

interface ProxyRun {
  readonly listen: string | undefined
  readonly upstream: string | undefined
  readonly faults: string | undefined
  readonly control: string | undefined
  readonly 'token-file': string | undefined
  readonly 'allow-listen': readonly string[]
  readonly 'allow-upstream': readonly string[]
  readonly metrics: MetricsPlace | undefined
  readonly traffic: TrafficFlags
  readonly seed: number
  readonly dialect: Dialect
  readonly framing: string | undefined
  readonly codec: CodecName
  readonly keys: string | undefined
  readonly upstreamTls: TlsFiles | undefined
  readonly clientTls: TlsFiles | undefined
  readonly peers: ReturnType<typeof peerLimitsOf>
  readonly workers: number | 'auto' | undefined
}

/** A proxy in this process or in several. */
interface Passing extends RunningProxy {
  /** Resolves, in words, when one of its processes has died. */
  readonly died?: Promise<string>
  readonly pids?: readonly number[]
  metered?(): readonly Metered[]
}

async function faultsOf(io: Io, { faults: file, listen }: ProxyRun): Promise<ReturnType<typeof readFaultsSection>> {
  if (file === undefined) return []
  if (listen === undefined) throw new UsageError('--faults: only together with --listen and --upstream')
  const faults = readFaultsSection(await readInputText(io, file), inputName(file))
  if (faults.length === 0)
    io.stderr.write(`warning: ${inputName(file)} has no faults: nothing is broken until the control API says so\n`)
  return faults
}

async function proxy(io: Io, run: ProxyRun): Promise<ExitCode> {
  const { listen, upstream, seed, dialect, upstreamTls, clientTls } = run
  const faults = await faultsOf(io, run)
  const say = (line: string) => void io.stderr.write(`${line}\n`)
  const traffic = trafficChoice(io, dialect, run.traffic)
  const count = processCount(run.workers)
  if (count > 1) refuseTraffic(run.traffic)
  let passing: Passing | undefined
  const meter = run.metrics && createRoleMeter('proxy', () => passing?.metered?.() ?? [])
  using interrupts = listenForInterrupts(io, 'closing the connections')
  const start: ProxyStart = {
    ...{ seed, dialect, framing: run.framing, codec: run.codec, faults },
    listen: listen === undefined ? undefined : parseAddress(listen, '--listen:'),
    upstream: upstream === undefined ? undefined : parseAddress(upstream, '--upstream:'),
    ...traffic,
    onAnswered: meter?.onAnswered,
    control: controlOf(run),
    keys: run.keys === undefined ? undefined : keysToldOf(io, run.keys),
    upstreamTls: upstreamTls && readTls(upstreamTls),
    clientTls: clientTls && readTls(clientTls),
    peers: run.peers,
    onTrouble: say,
    ...(traffic.onTraffic !== undefined && { onTrace: say }),
  }
  await using running: Passing = await startPassing(start, { count, metered: meter !== undefined })
  passing = running
  const { pids } = running
  if (pids !== undefined) say(`processes ${pids.join(', ')}`)
  if (running.address !== undefined)
    say(`listening on ${formatAddress(running.address)}, upstream ${upstream}, dialect ${dialect.name}, seed ${seed}`)
  if (running.control !== undefined) say(`control API on http://${formatAddress(running.control)}`)
  await using metrics = run.metrics && (await meter?.listen(run.metrics, () => figuresOf(running)))
  if (metrics !== undefined) say(`metrics on http://${formatAddress(metrics.address)}/metrics`)
  const died = await Promise.race([interrupted(interrupts.signal), ...(running.died ? [running.died] : [])])
  if (died !== undefined) say(`NOT WHOLE: ${died}; its connections are lost`)
  await running.refresh()
  const figures = { ...running.figures(), faults: running.faults() }
  await running.close()
  io.stdout.write(`${JSON.stringify(maskTexts(figures))}\n`)
  if (died !== undefined) return exitCode.notMet
  return interrupts.by === undefined ? exitCode.done : codeOfSignal(interrupts.by)
}

async function startPassing(start: ProxyStart, how: { count: number; metered: boolean }): Promise<Passing> {
  if (how.count === 1) {
    const { startProxy } = await import('../../run/proxy/start-proxy.js')
    return await startProxy(start)
  }
  const { startProxyProcesses } = await import('../../run/processes/proxy-processes.js')
  // Answers are counted in the processes that see them.
  return await startProxyProcesses({ ...start, onAnswered: undefined }, how)
}

/** The figures that a scrape gets beside the answers. */
function figuresOf(running: RunningProxy) {
  const { connections, turnedAway } = running.figures() ?? {}
  return {
    ...(connections !== undefined && { connections }),
    ...(turnedAway !== undefined && { turnedAway }),
    appliedFaults: running.faults(),
  }
}

/** With --control; and without --listen at its usual port. */
function controlOf(run: ProxyRun) {
  if (run.control === undefined && run.listen !== undefined) return undefined
  const tokenFile = run['token-file']
  return {
    ...parseAddress(run.control ?? ':8474', '--control:'),
    token: tokenFile === undefined ? undefined : readToken(tokenFile),
    allowListen: run['allow-listen'],
    allowUpstream: run['allow-upstream'],
  }
}

function clientTlsOf(cert: string | undefined, key: string | undefined): TlsFiles | undefined {
  if (cert === undefined && key === undefined) return undefined
  if (cert !== undefined && key !== undefined) return { cert, key }
  throw new UsageError('--listen-cert and --listen-key belong together: give both')
}

function interrupted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
