// Which wire a capture speaks: named by flags, or guessed as the doctor does.

import { UsageError } from '../../base/errors.js'
import { counted } from '../../base/text/counted.js'
import type { Codec } from '../../codec/codec.js'
import { compile } from '../../codec/compile.js'
import type { Dialect } from '../../codec/dialect.js'
import { builtInDialects } from '../../codec/dialects/index.js'
import { carriedAs } from '../../codec/xml/as-xml.js'
import { evidenceOf } from '../../doctor/evidence.js'
import { guessWire } from '../../doctor/guess.js'
import { type CaptureFiles, readCapture } from '../../doctor/pcap.js'
import { reassemble } from '../../doctor/reassembly.js'
import { tcpSegmentOf } from '../../doctor/tcp-segment.js'
import { framingNamed } from '../../framing/framings.js'
import { createWire, type Wire } from '../../transport/wire/wire.js'

export interface CaptureWire {
  readonly codec: Codec
  readonly wire: Wire
  readonly dialect: Dialect
  readonly framing: string
  /** The TCP port of the host. */
  readonly port: number
}

export interface WireChoice {
  readonly dialect?: Dialect | undefined
  readonly framing?: string | undefined
  readonly port?: number | undefined
}

/** Throws UsageError where no TCP data is there, or nothing can be read. */
export function captureWire(input: CaptureFiles, name: string, choice: WireChoice): CaptureWire {
  const found = evidenceOf(input, name, choice.port)
  const [busiest] = found
  if (busiest === undefined) throw new UsageError(nothingIn(input, name, choice.port))
  // Who names both knows them: nothing is left to guess.
  if (choice.dialect !== undefined && choice.framing !== undefined && busiest.port !== undefined)
    return wireOf(choice.dialect, choice.framing, { port: busiest.port })
  const dialects = choice.dialect === undefined ? builtInDialects : [choice.dialect]
  const guesses = found.map((evidence) => ({ evidence, guess: fittingGuess(guessWire(evidence, dialects), choice) }))
  const best = guesses.find(({ guess }) => guess !== undefined)
  if (best?.guess === undefined || best.evidence.port === undefined) throw new UsageError(unreadable(name, choice))
  const { dialect, framing, envelope } = best.guess
  return wireOf(dialect, framing, { port: best.evidence.port, envelope })
}

function wireOf(
  given: Dialect,
  framing: string,
  { port, envelope }: { readonly port: number; readonly envelope?: Dialect['envelope'] },
): CaptureWire {
  const named = framingNamed(framing)
  const dialect = carriedAs(given, named.length.kind)
  const codec = compile(dialect)
  const wire = createWire({ codec, framing: named, envelope: envelope ?? dialect.envelope })
  return { codec, wire, dialect, framing, port }
}

function fittingGuess(guesses: ReturnType<typeof guessWire>, { framing }: WireChoice) {
  const fitting = guesses.filter(({ fits }) => fits)
  if (framing === undefined) return fitting[0]
  const named = fitting.find((guess) => guess.framing === framing || guess.sameFramings.includes(framing))
  return named && { ...named, framing }
}

function nothingIn(input: CaptureFiles, name: string, port: number | undefined): string {
  const where = port === undefined ? '' : ` to port ${port}`
  return `${name}: no TCP data${where}: ${attemptsIn(input, port) ?? 'it is empty, or holds only packets without data'}`
}

/** Connections that nobody took: who has nothing else to show has shown that the host, or the way to it, was down. */
function attemptsIn(input: CaptureFiles, port: number | undefined): string | undefined {
  const segments = readCapture(input).packets.flatMap((packet) => tcpSegmentOf(packet) ?? [])
  const lives = reassemble(segments)
    .connections.filter(({ server }) => port === undefined || server.port === port)
    .map(({ life }) => life)
    .filter(({ synAt, acceptedAt }) => synAt !== undefined && acceptedAt === undefined)
  if (lives.length === 0) return undefined
  const refused = lives.filter(({ reset }) => reset?.by === 'server').length
  const unanswered = lives.length - refused
  const parts = [
    ...(refused > 0 ? [`${refused} refused: the host was down (host-down)`] : []),
    ...(unanswered > 0 ? [`${unanswered} never answered: the host or the way to it was down`] : []),
  ]
  return `${counted(lives.length, 'attempt')} to connect: ${parts.join(', ')}`
}

/** The error for a capture of which nothing can be read. */
export function unreadable(name: string, { dialect, framing, port }: WireChoice): string {
  const with_ = dialect === undefined ? 'any built-in dialect' : `dialect ${dialect.name}`
  const framed = framing === undefined ? '' : ` and framing ${framing}`
  const ported = port === undefined ? '' : ` --port ${port}`
  return `${name}: cannot be read with ${with_}${framed}: \`isochron doctor ${name}${ported}\` says what is nearest`
}
