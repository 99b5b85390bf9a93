// The findings of the doctor, as lines: the table of guesses, the command to use next, or the nearest misfit. No values.

import { counted } from '../base/text/counted.js'
import type { Dialect } from '../codec/dialect.js'
import type { WireEvidence } from '../doctor/evidence.js'
import type { WireGuess } from '../doctor/guess.js'
import { firstBytesLook, type Misfit, nearestMisfit, oddValueHints } from '../doctor/misfit.js'
import { type PlainTerms, plainTermsOf } from '../doctor/plain-terms.js'
import { alignedColumns } from '../report/layout/table.js'

export interface Finding {
  readonly evidence: WireEvidence
  readonly guesses: readonly WireGuess[]
  /** Hints on a wire that fits: fields whose values are in another form than the dialect's. */
  readonly hints: readonly string[]
  /** The same as changes of the dialect that the user named, or of the standard's own. */
  readonly terms?: PlainTerms
  /** The nearest misfit of a wire that does not fit. */
  readonly misfit?: Misfit
  readonly look?: string
}

/** Guesses that are shown, and the share of the best one's score that makes one worth showing. */
const shownGuesses = 5
const worthShowing = 0.6

/** `plain`: dialects that a file of the user's own may begin with. */
export function findingOf(
  evidence: WireEvidence,
  guesses: readonly WireGuess[],
  { dialects, plain }: { readonly dialects: readonly Dialect[]; readonly plain: readonly Dialect[] },
): Finding {
  const [best] = guesses
  if (best?.fits === true) {
    const isTold = guesses.some(({ dialect, fits }) => fits && plain.includes(dialect))
    const terms = isTold ? undefined : plainTermsOf(best, plain)
    return { evidence, guesses, hints: oddValueHints(best), ...(terms === undefined ? {} : { terms }) }
  }
  const misfit = nearestMisfit(evidence, dialects)
  const look = firstBytesLook(evidence)
  return {
    evidence,
    guesses,
    hints: [],
    ...(misfit === undefined ? {} : { misfit }),
    ...(look === undefined ? {} : { look }),
  }
}

/** How the next command names things. */
export interface Naming {
  /** The file that was looked at; undefined where there is none. */
  readonly source: string | undefined
  /** The name of a dialect as --dialect takes it. */
  nameOf(dialect: Dialect): string
}

export function findingLines(finding: Finding, naming: Naming): readonly string[] {
  const { evidence, guesses, hints } = finding
  const [best] = guesses
  const head = [
    `${evidence.name}: ${counted(evidence.bytes, 'byte')}`,
    ...evidence.notes.map((note) => `note: ${note}`),
  ]
  const table = tableOf(guesses)
  if (best?.fits !== true) return [...head, ...table, '', ...misfitLines(finding)]
  return [
    ...head,
    ...table,
    '',
    ...best.lengthNotes.map((note) => `note: ${note}`),
    ...envelopeLines(best),
    ...hints.map((hint) => `note: ${hint}`),
    ...termLines(finding, naming),
    ...nextLines(best, evidence, naming),
  ]
}

function tableOf(guesses: readonly WireGuess[]): readonly string[] {
  const [best] = guesses
  if (best === undefined) return []
  const shown = guesses.filter(({ score }) => score >= worthShowing * best.score).slice(0, shownGuesses)
  const rows = shown.map((guess) => [
    `${Math.round(100 * guess.score)} %`,
    guess.dialect.name,
    [guess.framing, ...guess.sameFramings].join(' = '),
    guess.envelopeName,
    `${guess.read} of ${guess.messages}`,
    guess.fits ? 'fits' : '',
  ])
  return alignedColumns([['score', 'dialect', 'framing', 'in front', 'messages read', ''], ...rows])
}

/** For a host that is like the dialect that fits and not quite it. */
function termLines({ terms }: Finding, { nameOf }: Naming): readonly string[] {
  if (terms === undefined) return []
  const name = nameOf(terms.plain)
  return [`note: ${name} reads the same; ${dialectFile(name)}`, ...terms.properties.map((property) => `  ${property}`)]
}

/** The lines for a dialect file where the envelope is not the dialect's own; and what the messages say of each other. */
function envelopeLines(guess: WireGuess): readonly string[] {
  const { isOwnEnvelope, paired } = guess
  return [
    ...(isOwnEnvelope ? [] : [envelopeNote(guess)]),
    ...(paired === undefined
      ? []
      : [`${paired.matched} of ${counted(paired.answers, 'answer')} carry the trace number of a request`]),
  ]
}

function envelopeNote({ envelope, envelopeName, dialect: { name } }: WireGuess): string {
  if (Object.keys(envelope).length === 0)
    return `note: here nothing stands in front, dialect ${name} has an envelope on the wire (decode reads both)`
  const flags = envelopeFlags(envelope)
  const how = flags === undefined ? `${dialectFile(name)} envelope: ${yaml(envelope)}` : `${flags} says so`
  const place =
    envelope.trailer !== undefined && Object.keys(envelope).length === 1 ? 'behind each message' : 'in front'
  return `note: ${envelopeName} ${place}, which dialect ${name} does not have: ${how}`
}

/** As flags; undefined for an envelope that flags cannot say. */
function envelopeFlags(envelope: WireGuess['envelope']): string | undefined {
  const { tpdu, header, ...others } = envelope
  if (Object.values(others).some((value) => value !== undefined)) return undefined
  const parts = [...(tpdu ? [`--tpdu ${tpdu}`] : []), ...(header ? [`--header ${header}`] : [])]
  return parts.length === 0 ? undefined : parts.join(' ')
}

const yaml = (envelope: WireGuess['envelope']) =>
  `{ ${Object.entries(envelope)
    .map(([part, hex]) => `${part}: '${hex}'`)
    .join(', ')} }`

const dialectFile = (name: string) => `a dialect file that begins with base: ${name} says so with`

function nextLines(guess: WireGuess, { port }: WireEvidence, { source, nameOf }: Naming): readonly string[] {
  const { dialect, framing, isOwnEnvelope, envelope } = guess
  const isReadable = isOwnEnvelope || Object.keys(envelope).length === 0
  const front = isReadable ? '' : envelopeFlags(envelope)
  const name = front === undefined ? 'FILE' : nameOf(dialect)
  const flags = `--dialect ${name} --framing ${framing}${front ? ` ${front}` : ''}`
  // Packets are not what decode reads.
  const isForDecode = source !== undefined && port === undefined
  const command = isForDecode ? `decode ${flags} ${source}` : `terminal --target HOST:${port ?? 'PORT'} ${flags}`
  return [`next: isochron ${command}`]
}

function misfitLines({ misfit, look }: Finding): readonly string[] {
  if (misfit === undefined) {
    return [`nothing fits${look === undefined ? ': no message type and bitmap of any dialect was found' : `: ${look}`}`]
  }
  const { dialect, framing, inFront, sentences, properties, fits, read, messages } = misfit
  const front = inFront === undefined ? '' : ` and ${inFront} in front`
  const result = fits
    ? `with that, ${read} of ${counted(messages, 'message')} can be read`
    : `even so, ${read} of ${counted(messages, 'message')} can be read`
  return [
    `nothing fits as it is; nearest is dialect ${dialect.name} with framing ${framing}${front}:`,
    ...misfit.lengthNotes.map((note) => `  ${note}`),
    ...sentences.map((sentence) => `  ${sentence}`),
    ...(properties.length === 0
      ? []
      : [`${result}; ${dialectFile(dialect.name)}`, ...properties.map((property) => `  ${property}`)]),
    ...(fits || look === undefined ? [] : [`the first bytes: ${look}`]),
  ]
}
