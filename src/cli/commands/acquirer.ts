// `isochron acquirer`: a simulated host that listens until it is interrupted.

import { realClock } from '../../base/clock.js'
import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { freshSeed } from '../../base/random.js'
import type { Dialect } from '../../codec/dialect.js'
import type { Metered } from '../../measure/meter.js'
import { formatAddress, parseAddress } from '../../run/addresses.js'
import { createLedgerFile, type LedgerAccess, type LedgerChoice } from '../../run/hosts/ledger-file.js'
import type { AcquirerStart, RunningAcquirer } from '../../run/hosts/start-acquirer.js'
import { requireUsed } from '../../run/keys/key-uses.js'
import { keysLine } from '../../run/keys/protection-lines.js'
import { keysToData, readRunKeys } from '../../run/keys/run-keys.js'
import { readTls, type TlsFiles } from '../../run/keys/tls-files.js'
import { createRoleMeter, type MetricsPlace } from '../../run/metrics/role-metrics.js'
import { processCount } from '../../run/processes/process-count.js'
import { readToken } from '../../run/proxy/control-token.js'
import { createSpeaker } from '../../run/speaker.js'
import { openTraffic } from '../../run/traffic/open-traffic.js'
import { readAcquirerSection, readFaultsSection } from '../../scenario/reader.js'
import type { Command } from '../command.js'
import { ledgerAccessOf, ledgerOptions } from '../flags/ledger-options.js'
import { metricsOptions, metricsPlace } from '../flags/metrics-flags.js'
import { type CodecName, codecNamed, dialectOf, messageOptions, text, wholeNumber } from '../flags/options.js'
import { workersNamed } from '../flags/part-flags.js'
import { messagePeerOptions, peerLimitsOf } from '../flags/peer-options.js'
import { keyOptions, tlsServerFilesOf, tlsServerOptions } from '../flags/protection-options.js'
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

const options = {
  listen: {
    ...text('listen', 'HOST:PORT to listen on; :8583 is 127.0.0.1:8583, port 0 is any free one'),
    demandOption: true,
  },
  config: text('config', 'scenario file of which only acquirer: and faults: are read'),
  seed: text('seed', 'equal seeds give equal service times'),
  control: text('control', 'HOST:PORT of the control API: faults by hand or by a test'),
  'token-file': text('token-file', 'file with the token of the control API and of --metrics; mandatory off loopback'),
  ...metricsOptions,
  ...ledgerOptions,
  workers: text(
    'workers',
    'processes that answer on one port and post to one ledger: a number, or auto for one on each core but one',
  ),
  durability: text('durability', 'durability of a posting: memory (it survives nothing), process (kill -9) or power'),
  ...trafficOptions,
  ...messageOptions,
  ...keyOptions,
  ...tlsServerOptions,
  ...messagePeerOptions,
} as const

export const acquirerCommand: Command = {
  name: 'acquirer',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'acquirer',
      'play the acquirer host until interrupted',
      (command) =>
        command
          .options(options)
          .example('$0 acquirer --listen 127.0.0.1:8583', 'answers every request at once')
          .example('$0 acquirer --listen :8583 --tls --cert server.pem --key server.key', 'over TLS')
          .example('$0 acquirer --listen :8583 --config slow-host.yaml', "as slow as the file's acquirer: says")
          .example(
            '$0 acquirer --listen :8583 --ledger books.sqlite',
            'postings outlive the process; look with sqlite3',
          )
          .example('$0 acquirer --listen :8583 --workers auto', 'more than one core: one port, one ledger, one count')
          .example('$0 acquirer --listen :8583 --trace', 'every message as it comes and goes, masked')
          .example('$0 acquirer --listen :8583 --pcap host.pcap --unmasked', 'the same as packets, for Wireshark')
          .example(
            '$0 acquirer --listen :8583 --ledger postgres://pos@db/books --ledger-key books.key --ledger-run lab',
            'one ledger for acquirers on several machines',
          )
          .example('$0 acquirer --listen :8583 --idle-timeout 10m --max-per-address 50', 'limits for peers')
          .example('$0 acquirer --listen :8583 --metrics 9465', 'figures for Prometheus, beside those of the terminals')
          .example('$0 acquirer --listen :8583 --control :8474', "faults by hand, over Toxiproxy's API"),
      (args) =>
        choose(async (io) =>
          acquirer(io, {
            listen: args.listen as string,
            config: args.config,
            seed: wholeNumber('seed', args.seed, { min: 0, max: Number.MAX_SAFE_INTEGER }) ?? freshSeed(),
            dialect: await dialectOf(args),
            framing: args.framing,
            codec: codecNamed(args.codec),
            keys: args.keys,
            tls: tlsServerFilesOf(args),
            control: args.control,
            tokenFile: args['token-file'],
            metrics: metricsPlace(args),
            ledgerFile: args.ledger,
            ledgerAccess: ledgerAccessOf(args),
            durability: durabilityNamed(args.durability),
            peers: peerLimitsOf(args),
            traffic: trafficFlagsOf(args),
            workers: workersNamed(args.workers),
          }),
        ),
    ),
}

type Durability = LedgerChoice['durability']

interface AcquirerRun {
  readonly listen: string
  readonly config: string | undefined
  readonly seed: number
  readonly dialect: Dialect
  readonly framing: string | undefined
  readonly codec: CodecName
  readonly keys: string | undefined
  readonly tls: TlsFiles | undefined
  readonly control: string | undefined
  readonly tokenFile: string | undefined
  readonly metrics: MetricsPlace | undefined
  readonly ledgerFile: string | undefined
  readonly ledgerAccess: LedgerAccess
  readonly durability: Durability | undefined
  readonly peers: ReturnType<typeof peerLimitsOf>
  readonly traffic: TrafficFlags
  readonly workers: number | 'auto' | undefined
}

/** An acquirer in this process or in several. */
interface Serving extends Pick<RunningAcquirer, 'address' | 'counts' | 'startFaults' | 'close'>, AsyncDisposable {
  /** Resolves, in words, when one of its processes has died. */
  readonly died?: Promise<string>
  readonly pids?: readonly number[]
  metered?(): readonly Metered[]
}

/** The figures that a scrape gets beside the answers. */
function figuresOf(running: Serving) {
  const { busy, queued, turnedAway } = running.counts()
  return { inFlight: busy + queued, turnedAway: { ...turnedAway } }
}

async function acquirer(io: Io, { listen, config, keys: keyFile, tls, ...options }: AcquirerRun): Promise<ExitCode> {
  const text = config === undefined ? '{}' : await readInputText(io, config)
  const keys = readRunKeys(keyFile)
  requireUsed(keys, options.dialect)
  using interrupts = listenForInterrupts(io, 'answering what was taken in')
  let serving: Serving | undefined
  const section = readAcquirerSection(text, inputName(config))
  const durability = options.durability ?? section.durability
  using ledger = createLedgerFile({ ...options.ledgerAccess, file: options.ledgerFile, durability })
  const onTrouble = (line: string) => void io.stderr.write(`${line}\n`)
  const choice = trafficChoice(io, options.dialect, options.traffic)
  const count = processCount(options.workers)
  if (count > 1) refuseWithProcesses(options)
  const meter = options.metrics && createRoleMeter('acquirer', () => serving?.metered?.() ?? [])
  await using traffic = await openTraffic(
    { ...choice, onAnswered: meter?.onAnswered },
    {
      wire: createSpeaker(options).wire,
      clock: realClock,
      onTrouble,
    },
  )
  const start = {
    ...options,
    listen: parseAddress(listen, '--listen:'),
    acquirer: { ...section, durability, peers: { ...section.peers, ...options.peers } },
    ledger: ledger.place,
    faults: readFaultsSection(text, inputName(config)).filter(({ on }) => on === 'acquirer'),
    keys: keysToData(keys.set),
    tls: tls && readTls(tls),
    around: traffic.around,
    onTrouble,
    ...(choice.onTraffic !== undefined && { onTrace: onTrouble }),
  }
  const controlAt = controlOf(options)
  const { startControlledAcquirer } = await import('../../run/hosts/controlled-acquirer.js')
  const controlled = controlAt && (await startControlledAcquirer(start, controlAt))
  await using running: Serving = controlled ?? (await startServing(start, { count, metered: meter !== undefined }))
  serving = running
  running.startFaults(realClock.wall())
  io.stderr.write(`${keysLine(keys)}\n`)
  for (const warning of keys.warnings) io.stderr.write(`warning: ${warning}\n`)
  io.stderr.write(
    `listening on ${formatAddress(running.address)}, dialect ${options.dialect.name}, seed ${options.seed}${pidsText(running)}\n`,
  )
  if (controlled !== undefined) io.stderr.write(`control API on http://${formatAddress(controlled.control)}\n`)
  await using metrics = options.metrics && (await meter?.listen(options.metrics, () => figuresOf(running)))
  if (metrics !== undefined) io.stderr.write(`metrics on http://${formatAddress(metrics.address)}/metrics\n`)
  const died = await Promise.race([aborted(interrupts.signal), ...(running.died === undefined ? [] : [running.died])])
  if (died !== undefined) io.stderr.write(`NOT WHOLE: ${died}; its connections are lost, what it posted stays\n`)
  await running.close()
  io.stdout.write(`${JSON.stringify(running.counts())}\n`)
  if (died !== undefined) return exitCode.notMet
  return interrupts.by === undefined ? exitCode.done : codeOfSignal(interrupts.by)
}

async function startServing(start: AcquirerStart, how: { count: number; metered: boolean }): Promise<Serving> {
  if (how.count === 1) {
    const { startAcquirer } = await import('../../run/hosts/start-acquirer.js')
    return await startAcquirer(start)
  }
  const { startAcquirerProcesses } = await import('../../run/processes/acquirer-processes.js')
  return await startAcquirerProcesses(start, how)
}

const pidsText = ({ pids }: Serving) => (pids === undefined ? '' : `, processes ${pids.join(', ')}`)

function refuseWithProcesses({ traffic, control }: Pick<AcquirerRun, 'traffic' | 'control'>): void {
  refuseTraffic(traffic)
  if (control !== undefined)
    throw new UsageError(
      '--workers: --control has power over one process; leave it or --workers out, or give it to `isochron proxy` in front of it, for faults of the line',
    )
}

/** Throws UsageError. */
function durabilityNamed(name: string | undefined): Durability | undefined {
  if (name === undefined || name === 'memory' || name === 'process' || name === 'power') return name
  throw new UsageError(`--durability: expected memory, process or power, got '${name}'`)
}

function controlOf({ control, tokenFile }: Pick<AcquirerRun, 'control' | 'tokenFile'>) {
  if (control === undefined) return undefined
  return { ...parseAddress(control, '--control:'), token: tokenFile === undefined ? undefined : readToken(tokenFile) }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
}
