// Guesses framing, envelope and dialect: every combination is tried, and scored by how well it explains the evidence.

import type { Codec } from '../codec/codec.js'
import { compile } from '../codec/compile.js'
import type { Dialect, MessageEnvelope } from '../codec/dialect.js'
import { isAnswer } from '../codec/head/mti.js'
import { asXml } from '../codec/xml/as-xml.js'
import { framingNamed, framings } from '../framing/framings.js'
import { createPrefix } from '../framing/prefix.js'
import { compileIfPossible } from './change.js'
import { bareShape, bodyIn, envelopeOf, foundShapes, frameMeasure, isOwn, type Shape, shapesOf } from './envelopes.js'
import type { WireEvidence } from './evidence.js'
import { cutEvidence, type FrameCut } from './frames.js'
import { type FrontWords, frontWords } from './front.js'
import { type MessageReading, readFrame } from './reading.js'

/** A codec on frames that were cut and opened in one way. */
export interface Candidate {
  readonly cut: FrameCut
  readonly shape: Shape
  readonly codec: Codec
}

export interface WireGuess {
  readonly framing: string
  /** Framings that cut the same frames. */
  readonly sameFramings: readonly string[]
  readonly dialect: Dialect
  readonly envelope: MessageEnvelope
  /** The name of the envelope, in words. */
  readonly envelopeName: string
  /** The dialect as it stands reads the envelope. */
  readonly isOwnEnvelope: boolean
  /** The oddities of the lengths in front, in words. */
  readonly lengthNotes: readonly string[]
  readonly messages: number
  /** Messages that were read to their end and came back to the same bytes. */
  readonly read: number
  /** Answers that carry a trace number which a request has, of all answers; undefined without both. */
  readonly paired?: { readonly answers: number; readonly matched: number }
  /** 0 to 1. */
  readonly score: number
  readonly fits: boolean
  readonly candidate: Candidate
}

/** The least shares of a fit: nearly all messages read, nearly all bytes explained, most values sensible. */
const fit = { read: 0.9, coverage: 0.6, plausible: 0.6 }
/** Messages that decide whether a candidate is worth more. */
const firstLook = 4

/** Every combination that explains anything, the best first. `dialects` in order of preference. */
export function guessWire(evidence: WireEvidence, dialects: readonly Dialect[]): readonly WireGuess[] {
  const cuts = cutsOf(evidence)
  const guesses = dialects.flatMap((dialect) => {
    const codec = compile(dialect)
    return cuts.flatMap(({ cut, sameFramings }) =>
      shapesFor(cut, dialect)
        .flatMap((shape) => guessesBy(evidence, { cut, shape, codec }))
        .map((guess) => preferOwnFraming({ ...guess, sameFramings })),
    )
  })
  return [...guesses, ...guessXml(evidence, dialects)].sort(byScore).filter(isFirstOfItsMessages)
}

function guessesBy(evidence: WireEvidence, candidate: Candidate): readonly WireGuess[] {
  const guess = judge(candidate)
  const isWhole = guess !== undefined && guess.read === guess.messages
  // Packets that hold no message behind a header of any size hold none that are glued together either.
  const isHopeless = guess === undefined && candidate.shape.isFound === true
  const measured = isWhole || isHopeless ? undefined : measuredCandidate(evidence, candidate)
  return [guess, measured && judge(measured)].filter((each) => each !== undefined)
}

/** Without a length in front, a message may end where its last field ends: several stand in one packet, or one in several. */
function measuredCandidate(evidence: WireEvidence, { cut, shape, codec }: Candidate): Candidate | undefined {
  if (cut.framing.length.kind !== 'none' || codec.measure === undefined) return undefined
  const measured = cutEvidence(evidence, cut.framing, frameMeasure(codec.measure, shape))
  // One message before bytes that are none may be chance.
  const isChance = measured !== undefined && measured.frames.length < 2 && measured.coverage < 1
  return measured === undefined || isChance ? undefined : { cut: measured, shape, codec }
}

/** The framing of XML tells by itself where a message ends, and nothing stands in front: only the dialect is guessed. */
function guessXml(evidence: WireEvidence, dialects: readonly Dialect[]): readonly WireGuess[] {
  const candidates = xmlCandidates(evidence, dialects)
  return candidates.flatMap((candidate) => judge(candidate) ?? [])
}

/** One for each dialect that XML can carry, those first that have nothing in front on any wire. */
export function xmlCandidates(evidence: WireEvidence, dialects: readonly Dialect[]): readonly Candidate[] {
  const cut = cutEvidence(evidence, framingNamed('xml'))
  if (cut === undefined) return []
  const isBare = ({ envelope }: Dialect) => Object.keys(envelope).length === 0
  const ordered = [...dialects.filter(isBare), ...dialects.filter((dialect) => !isBare(dialect))]
  return ordered.flatMap((dialect) => {
    const codec = compileIfPossible(asXml(dialect))
    return codec === undefined ? [] : [{ cut, shape: bareShape, codec }]
  })
}

/** The shapes of the dialect and those in common use first; then headers of any other size that messages stand behind. */
export function shapesFor(cut: FrameCut, dialect: Dialect): readonly Shape[] {
  const known = shapesOf(dialect)
  const front = ({ tpduBytes, headerBytes }: Shape) => tpduBytes + headerBytes
  const isKnown = (shape: Shape) =>
    known.some(
      (other) => front(other) === front(shape) && cut.frames.some((frame) => bodyIn(frame, other) !== undefined),
    )
  return [...known, ...foundShapes(cut.frames, dialect).filter((shape) => !isKnown(shape))]
}

/** The same bytes read by the same dialect, cut in a way that explains less, say nothing new. */
function isFirstOfItsMessages(guess: WireGuess, index: number, all: readonly WireGuess[]): boolean {
  const key = keyOf(guess)
  return all.findIndex((other) => other.dialect === guess.dialect && keyOf(other) === key) === index
}

const keyOf = ({ candidate: { cut, shape } }: WireGuess) =>
  cut.frames
    .slice(0, firstLook)
    .map((frame) => bodyIn(frame, shape))
    .map((body) => (body === undefined ? '' : `${body.byteOffset} ${body.length}`))
    .join(', ')

/** Framings that explain equally many bytes by the same frames are one cut: that of the first, as the list has it. */
export function cutsOf(evidence: WireEvidence): readonly { cut: FrameCut; sameFramings: readonly string[] }[] {
  // XML: `xmlCandidates`.
  const able = framings.filter(({ length }) => length.kind !== 'element')
  const cuts = able.flatMap((framing) => cutEvidence(evidence, framing) ?? [])
  const groups = new Map<string, FrameCut[]>()
  for (const cut of cuts) {
    const key = `${cut.coverage} ${cut.signature}`
    groups.set(key, [...(groups.get(key) ?? []), cut])
  }
  return [...groups.values()].map(([cut, ...same]) => ({
    cut: cut as FrameCut,
    sameFramings: same.map(({ framing }) => framing.name),
  }))
}

function preferOwnFraming(guess: WireGuess): WireGuess {
  const own = guess.dialect.framing
  if (!guess.sameFramings.includes(own)) return guess
  return { ...guess, framing: own, sameFramings: [guess.framing, ...guess.sameFramings.filter((name) => name !== own)] }
}

/** Undefined for a candidate that explains nothing. */
function judge(candidate: Candidate): WireGuess | undefined {
  if (readingsOf(candidate, firstLook).every(({ score }) => score === 0)) return undefined
  const readings = readingsOf(candidate)
  const { cut, shape, codec } = candidate
  const messages = cut.frames.length
  const whole = readings.filter(({ isWhole }) => isWhole)
  // The beginning of a message somewhere in other bytes is chance, unless a message begins there.
  if (shape.isFound === true && whole.length === 0) return undefined
  const score = scoreOf(readings, candidate)
  if (score === 0) return undefined
  const plausible = whole.reduce((sum, reading) => sum + reading.plausible, 0) / Math.max(1, whole.length)
  const paired = pairing(whole)
  const frame = cut.frames.find((one) => bodyIn(one, shape) !== undefined) as Uint8Array
  const front = frontIn(frame, candidate)
  return {
    framing: cut.framing.name,
    sameFramings: [],
    dialect: codec.dialect,
    envelope: envelopeOf(frame, shape),
    envelopeName: front?.name ?? shape.name,
    isOwnEnvelope: isOwn(codec.dialect, shape),
    lengthNotes: front?.notes ?? [],
    messages,
    read: whole.length,
    ...(paired === undefined ? {} : { paired }),
    score,
    fits: whole.length >= fit.read * messages && cut.coverage >= fit.coverage && plausible >= fit.plausible,
    candidate,
  }
}

/** Words for what stands in front; undefined for a shape that has a name. */
export function frontIn(frame: Uint8Array, { cut, shape }: Pick<Candidate, 'cut' | 'shape'>): FrontWords | undefined {
  if (shape.isFound !== true) return undefined
  const at = shape.tpduBytes + shape.headerBytes
  const { bytes: prefixBytes } = createPrefix(cut.framing)
  return frontWords({ bytes: frame.subarray(0, at), bodyBytes: frame.length - at, prefixBytes })
}

/** Readings of the frames that have the candidate's shape, of at most `most` frames. */
export function readingsOf({ cut, shape, codec }: Candidate, most = cut.frames.length): readonly MessageReading[] {
  return cut.frames.slice(0, most).flatMap((frame) => {
    const body = bodyIn(frame, shape)
    return body === undefined ? [] : [readFrame(body, codec)]
  })
}

/**
 * A header that nobody declares explains its bytes less well than one that is known; and a message that is not even read
 * to its end may be no message, but bytes that look like the beginning of one.
 */
const foundShare = { whole: 0.95, part: 0.5 }

/** 0 to 1. A frame without the shape scores nothing. */
export function scoreOf(readings: readonly MessageReading[], { cut, shape }: Pick<Candidate, 'cut' | 'shape'>): number {
  const share = ({ isWhole }: MessageReading) =>
    shape.isFound !== true ? 1 : isWhole ? foundShare.whole : foundShare.part
  const sum = readings.reduce((total, reading) => total + share(reading) * reading.score, 0)
  return (cut.coverage * sum) / Math.max(1, cut.frames.length)
}

const trace = '11'

function pairing(readings: readonly MessageReading[]): WireGuess['paired'] {
  const traces = (wanted: boolean) =>
    readings.flatMap(({ message: { mti, fields } }) =>
      isAnswer(mti) === wanted && typeof fields[trace] === 'string' ? [fields[trace] as string] : [],
    )
  const requests = new Set(traces(false))
  const answers = traces(true)
  if (requests.size === 0 || answers.length === 0) return undefined
  return { answers: answers.length, matched: answers.filter((answer) => requests.has(answer)).length }
}

/** Equal scores: what the dialect itself declares first. */
function byScore(a: WireGuess, b: WireGuess): number {
  const own = (guess: WireGuess) => 2 * Number(guess.isOwnEnvelope) + Number(guess.framing === guess.dialect.framing)
  return b.score - a.score || own(b) - own(a)
}
