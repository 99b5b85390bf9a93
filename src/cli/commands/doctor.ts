// `isochron doctor`: which framing, envelope and dialect a capture has, or what is nearest and why it does not fit.

import { existsSync } from 'node:fs'
import { type ExitCode, exitCode, UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import type { Dialect } from '../../codec/dialect.js'
import { builtInDialects, plainDialects } from '../../codec/dialects/index.js'
import { evidenceOf, evidenceOfBytes, type WireEvidence } from '../../doctor/evidence.js'
import { guessWire } from '../../doctor/guess.js'
import { isCapture } from '../../doctor/pcap.js'
import { otherProtocol } from '../../framing/misfit.js'
import { parseAddress } from '../../run/addresses.js'
import { insecureLine } from '../../run/keys/protection-lines.js'
import { readTls, type TlsFiles } from '../../run/keys/tls-files.js'
import { openProbeTraffic } from '../../run/traffic/probe-traffic.js'
import { mostProbes, type Probe, probeHost, speaksTls } from '../../run/watch/probe-host.js'
import { realWorld } from '../../run/world.js'
import type { Command } from '../command.js'
import { type Finding, findingLines, findingOf, type Naming } from '../doctor-findings.js'
import { dialectOf, durationMs, flag, text, wholeNumber } from '../flags/options.js'
import { tlsClientOptions, tlsFilesOf } from '../flags/protection-options.js'
import { probeTrafficChoice, type TrafficFlags, trafficFlagsOf, trafficOptions } from '../flags/traffic-flags.js'
import { awaitTargets, waitOption } from '../flags/wait-flag.js'
import { readCaptures } from '../input/read-captures.js'
import { inputName, maxInputBytes } from '../input/read-input.js'
import { codeOfSignal, listenForInterrupts } from '../interrupts.js'
import { type Io, isStdin } from '../io.js'

const options = {
  dialect: text('dialect', 'a dialect to try first: a name or a file; left out: the built-in ones'),
  port: text('port', 'only connections to this port, of a capture of packets'),
  probe: flag(`ask a live host: an echo message on each of at most ${mostProbes} connections, nothing else`),
  ...tlsClientOptions,
  ...trafficOptions,
  timeout: text('timeout', 'with --probe: how long to wait for each connection and answer; 3s when left out'),
  ...waitOption,
} as const

export const doctorCommand: Command = {
  name: 'doctor',
  flags: Object.keys(options),
  add: (program, choose) =>
    program.command(
      'doctor [source..]',
      'guess framing and dialect of a capture or a host, or say what is nearest',
      (command) =>
        command
          .positional('source', {
            type: 'string',
            array: true,
            describe:
              'file with hex, raw bytes or packets (pcap, pcapng; with its older parts FILE.1 …), several files of one capture, - or nothing for stdin, or HOST:PORT',
          })
          .options(options)
          .example('$0 doctor terminal.pcap --port 8583', 'both directions of every connection to that port')
          .example('$0 doctor line.pcap', 'with the older parts of a full recording: line.pcap.3, .2, .1')
          .example('$0 doctor message.hex', 'one message a line, or a hex dump')
          .example('$0 doctor 127.0.0.1:8583 --probe', 'sends echo messages until one is answered')
          .example('$0 doctor 127.0.0.1:8583 --probe --trace=full', 'each field of what goes and comes, masked')
          .example('$0 doctor 127.0.0.1:8583 --probe --wait 30s', 'a host that is still starting')
          .example('$0 doctor host:8583 --probe --tls --ca ca.pem', 'the same over TLS'),
      (args) =>
        choose((io) =>
          doctor(io, {
            sources: args.source ?? [],
            dialect: args.dialect,
            port: wholeNumber('port', args.port, { min: 1, max: 65_535 }),
            probe: args.probe,
            timeoutMs: durationMs('timeout', args.timeout ?? '3s'),
            tls: tlsFilesOf(args),
            wait: args.wait,
            traffic: trafficFlagsOf(args),
          }),
        ),
    ),
}

interface Doctor {
  readonly sources: readonly string[]
  readonly dialect: string | undefined
  readonly port: number | undefined
  readonly probe: boolean
  readonly timeoutMs: number
  readonly tls: TlsFiles | undefined
  readonly wait: string | undefined
  readonly traffic: TrafficFlags
}

async function doctor(io: Io, options: Doctor): Promise<ExitCode> {
  const { sources, probe, port, dialect } = options
  const [source] = sources
  const first = dialect === undefined ? [] : [await dialectOf({ dialect })]
  const dialects = [...first, ...builtInDialects.filter(({ name }) => name !== first[0]?.name)]
  const plain = first.length === 0 ? plainDialects : first
  // A dialect from a file goes by the file's name.
  const nameOf = (each: Dialect) => (each === first[0] && dialect !== undefined ? dialect : each.name)
  if (isAddress(source)) {
    if (sources.length > 1) throw new UsageError(`${source}: one host at a time, and no file beside it`)
    if (!probe) throw new UsageError(notAsked(source))
    const asked = first.length === 0 ? builtInDialects : first
    return probeAndReport(io, options, asked, { dialects, plain, nameOf, source: undefined })
  }
  if (options.tls !== undefined) throw new UsageError('--tls: only together with --probe')
  if (options.wait !== undefined) throw new UsageError('--wait: only together with --probe')
  const [looked] = Object.entries(options.traffic).find(([, value]) => value !== undefined && value !== false) ?? []
  if (looked !== undefined && !probe) throw new UsageError(`--${looked}: only together with --probe`)
  if (probe) throw new UsageError(`--probe: expected HOST:PORT of a host, got ${inputName(source)}`)
  const { files, name, notes } = await readCaptures(io, sources, maxInputBytes)
  if (sources.length > 1 && !isCapture(files))
    throw new UsageError(`${name}: several files must all be captures of packets`)
  for (const note of notes) io.stderr.write(`${note}\n`)
  const evidence = evidenceOf(files, name, port)
  if (evidence.length === 0) throw new UsageError(nothingIn(source, port))
  return report(io, evidence, { dialects, plain, nameOf, source: isStdin(source) ? '-' : sources.join(' ') })
}

/** A file wins over an address of the same name. */
function isAddress(source: string | undefined): source is string {
  return source !== undefined && !existsSync(source) && /^(\[[0-9a-fA-F:.]+\]|[^/\\\s:]*):\d{1,5}$/.test(source)
}

const notAsked = (address: string) =>
  `${address} is a live host, and asking it sends echo messages (0800, 0820, 1804), one on each of at most ${mostProbes} ` +
  `new connections: add --probe if its owner agrees`

function nothingIn(source: string | undefined, port: number | undefined): string {
  const name = inputName(source)
  return port === undefined
    ? `${name}: nothing to look at: it is empty, or a capture without TCP data`
    : `${name}: no TCP data to port ${port}: leave --port out to see every port`
}

interface Context extends Naming {
  readonly dialects: readonly Dialect[]
  /** Those that a dialect file of the user's own may begin with: the one that was named, else the standard's. */
  readonly plain: readonly Dialect[]
}

/** Whatever fits; without any, what comes nearest. */
function report(io: Io, evidence: readonly WireEvidence[], context: Context): ExitCode {
  const { dialects } = context
  const looked = evidence.map((each) => ({ evidence: each, guesses: guessWire(each, dialects) }))
  const fitting = looked.filter(isFitting)
  const shown = fitting.length > 0 ? bestOfText(fitting) : bestOfText(looked.filter(isWorthNearest)).slice(0, 1)
  const findings = shown.map((each): Finding => findingOf(each.evidence, each.guesses, context))
  io.stdout.write(`${findings.map((finding) => findingLines(finding, context).join('\n')).join('\n\n')}\n`)
  return fitting.length > 0 ? exitCode.done : exitCode.notMet
}

interface Looked {
  readonly evidence: WireEvidence
  readonly guesses: ReturnType<typeof guessWire>
}

/** Characters that may be hex are a message where it begins with them: behind a header of any size anything may be found. */
function isFitting({ evidence, guesses: [best] }: Looked, _: number, all: readonly Looked[]): boolean {
  if (best?.fits !== true) return false
  const mayBeCoded = evidence.isOfCharacters && all.some((each) => !each.evidence.isOfCharacters)
  return !(mayBeCoded && best.candidate.shape.isFound === true)
}

/** Hex, a dump or a list of bytes that no dialect fits is still that: its characters are no message that nearly fits. */
const isWorthNearest = ({ evidence }: Looked, _: number, all: readonly Looked[]) =>
  !evidence.isOfCharacters || all.every((each) => each.evidence.isOfCharacters)

/** Conversations of packets are all shown; of several readings of one text the best one is. */
function bestOfText(all: readonly Looked[]): readonly Looked[] {
  const packets = all.filter(({ evidence }) => evidence.port !== undefined)
  if (packets.length > 0) return packets
  return [...all].sort((a, b) => (b.guesses[0]?.score ?? 0) - (a.guesses[0]?.score ?? 0)).slice(0, 1)
}

async function probeAndReport(
  io: Io,
  { sources: [source = ''], timeoutMs, tls: files, wait, traffic }: Doctor,
  asked: readonly Dialect[],
  context: Context,
): Promise<ExitCode> {
  const target = parseAddress(source)
  const interrupted = await awaitTargets(io, [source], wait)
  if (interrupted !== undefined) return interrupted
  using interrupts = listenForInterrupts(io, 'closing the connection')
  const tls = files && readTls(files)
  if (tls?.insecure) io.stderr.write(`${insecureLine}\n`)
  const { clock, network } = realWorld(tls === undefined ? {} : { tls })
  const say = (line: string) => io.stderr.write(`${line}\n`)
  await using looking = await openProbeTraffic(probeTrafficChoice(io, traffic), { clock, onTrouble: say })
  const probes = await probeHost({
    ...{ target, dialects: asked, timeoutMs, network, signal: interrupts.signal },
    around: looking.around,
    onProbe: (probe) => say(probeLine(probe)),
  })
  if (interrupts.by !== undefined) return codeOfSignal(interrupts.by)
  const last = probes.at(-1)
  if (last === undefined) throw new UsageError('no dialect here has an echo message to ask with')
  if (last.received.length === 0) {
    io.stdout.write(`${source}: no answer to ${counted(probes.length, 'echo message')}\n`)
    if (tls === undefined && (await speaksTls({ target, timeoutMs, signal: interrupts.signal }))) {
      io.stdout.write(`It speaks TLS. next: isochron doctor ${source} --probe --tls --ca FILE\n`)
      return exitCode.notMet
    }
    io.stdout.write('The host may know only its own terminals, or speak another dialect: capture one exchange\n')
    io.stdout.write('of a terminal that it knows (tcpdump -w FILE port PORT), and run isochron doctor FILE.\n')
    return exitCode.notMet
  }
  const stranger = otherProtocol(last.received)
  if (stranger !== undefined) {
    io.stdout.write(`${source}: ${stranger}\n`)
    return exitCode.notMet
  }
  if (last.outcome === 'understood') {
    const { dialect, framing } = last
    io.stdout.write(`${source} speaks dialect ${dialect.name} with framing ${framing}\n`)
    io.stdout.write(
      `next: isochron terminal --target ${source} --dialect ${context.nameOf(dialect)} --framing ${framing}${tls === undefined ? '' : ' --tls'}\n`,
    )
    return exitCode.done
  }
  return report(io, [evidenceOfBytes(`the answer of ${source}`, [last.received])], context)
}

const outcomeWords = {
  understood: 'answered',
  answered: 'answered with something else',
  silent: 'no answer',
  closed: 'closed the connection',
}

function probeLine({ dialect, framing, outcome, ms }: Probe): string {
  const after = ms === undefined ? '' : ` after ${ms.toFixed(1)} ms`
  return `echo of ${dialect.name} with framing ${framing}: ${outcomeWords[outcome]}${after}`
}
