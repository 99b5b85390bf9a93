// When nothing fits: the nearest misfit in words. Tries single changes of the dialects, then further ones on top.

import { counted } from '../base/text/counted.js'
import type { Dialect } from '../codec/dialect.js'
import type { UnpackError } from '../codec/unpack-error.js'
import { framingNamed } from '../framing/framings.js'
import { looksLike } from '../framing/misfit.js'
import { type Change, compileIfPossible } from './change.js'
import { dialectChanges } from './dialect-changes.js'
import { bodyIn, foundShapes, isOwn, type Shape } from './envelopes.js'
import type { WireEvidence } from './evidence.js'
import { fieldChanges } from './field-changes.js'
import type { FrameCut } from './frames.js'
import {
  type Candidate,
  cutsOf,
  frontIn,
  readingsOf,
  scoreOf,
  shapesFor,
  type WireGuess,
  xmlCandidates,
} from './guess.js'
import type { MessageReading } from './reading.js'
import { trimmedTo } from './trimmed.js'

export interface Misfit {
  readonly framing: string
  /** The bytes between the length and the message, in words; undefined for those that the dialect declares. */
  readonly inFront?: string
  /** The oddities of the lengths in front, in words. */
  readonly lengthNotes: readonly string[]
  /** `field 35 as BCD with a length that counts digits leaves 3 bytes: your host counts bytes`, one for each change. */
  readonly sentences: readonly string[]
  /** `fields.35.prefix: { counts: bytes }`: what a dialect file has to say. */
  readonly properties: readonly string[]
  /** The nearest dialect with the changes, under its own name. */
  readonly dialect: Dialect
  /** The count of `messages` that the changed dialect reads. */
  readonly read: number
  readonly messages: number
  readonly fits: boolean
}

/** Frames that changes are tried on, and combinations that are followed: each costs milliseconds. */
const triedFrames = 6
const startsFollowed = 5
const fieldsChanged = 12
/** Changes on top of each other: a host that differs in more is another dialect. */
const mostChanges = 5
/** Share of the messages that must be read for a change to be the answer. */
const fitShare = 0.9
/** A dialect without changes that explains less than this is no misfit but another thing altogether. */
const worthNaming = 0.1
/** Share of the messages that changes must make readable to be worth telling. */
const worthTelling = 0.5
/** Framings that are tried, those that explain most bytes first. */
const framingsTried = 4

interface Attempt {
  /** Whole; the candidate's codec knows the fields of the messages only. */
  readonly dialect: Dialect
  readonly candidate: Candidate
  readonly changes: readonly Step[]
  readonly readings: readonly MessageReading[]
  readonly score: number
}

/** The first message that was not read, `nothing` where no message had a readable beginning, undefined where all were read. */
type Before = MessageReading | 'nothing' | undefined

/** A change, and what reading looked like without it. */
interface Step {
  readonly change: Change
  readonly before: Before
}

/** The nearest misfit of evidence that nothing fits; undefined where not even an MTI can be found. */
export function nearestMisfit(evidence: WireEvidence, dialects: readonly Dialect[]): Misfit | undefined {
  const xml = nearestXml(evidence, dialects)
  if (xml !== undefined) return misfitOf(xml)
  const { plain, changed } = starts(evidence, dialects)
  let best = ranked([...plain, ...changed, ...[...plain, ...changed].flatMap(withFieldChange)])
  for (let changes = 1; changes < mostChanges; changes++) {
    const [first] = best
    if (first === undefined || isGoodFit(first)) break
    const next = ranked([...best, ...best.flatMap(withDialectChange), ...best.flatMap(withFieldChange)])
    if (next[0] === first) break
    best = next
  }
  const nearest = best.find(explains) ?? plain.find(({ score }) => score >= worthNaming)
  return nearest === undefined ? undefined : misfitOf(nearest)
}

/** Messages as XML, which have no encodings that could be changed: the dialect that reads most of them. */
function nearestXml(evidence: WireEvidence, dialects: readonly Dialect[]): Attempt | undefined {
  const attempts = xmlCandidates(evidence, dialects).map((candidate) => {
    const readings = readingsOf(candidate)
    return { dialect: candidate.codec.dialect, candidate, changes: [], readings, score: scoreOf(readings, candidate) }
  })
  return ranked(attempts.filter(({ score }) => score > 0))[0]
}

/**
 * Changes that give the odd values of a wire that fits their usual form: `field 22 …: your host writes it with the spare
 * half byte in front`. One for each field.
 */
export function oddValueHints({ candidate }: WireGuess): readonly string[] {
  const { cut, shape, codec } = candidate
  const [parent] = attempt(codec.dialect, firstFrames(cut), shape, [])
  if (parent === undefined) return []
  const fields = new Set(parent.readings.flatMap(({ odd }) => odd))
  return [...fields].slice(0, fieldsChanged).flatMap((field) => {
    const isBetter = (each: Attempt) => isFit(each) && each.readings.every(({ odd }) => !odd.includes(field))
    const tried = fieldChanges(codec.dialect, field).flatMap((change) => tryChange(parent, change))
    const change = ranked(tried.filter(isBetter))[0]?.changes[0]?.change
    return change === undefined ? [] : [`${change.reading}: your host ${change.host} (${change.property})`]
  })
}

/** The look of the first bytes, where no framing and no dialect says more. */
export function firstBytesLook({ samples }: WireEvidence): string | undefined {
  const [first] = samples
  if (first === undefined) return undefined
  // A framing that fits nothing is taken, so that only the look of the bytes is told.
  return looksLike(framingNamed('binary4'), first.bytes).replace(/^: /, '') || undefined
}

/** Every dialect, as it is and with each change of its defaults, on the framings and envelopes that cut anything. */
function starts(evidence: WireEvidence, dialects: readonly Dialect[]) {
  const cuts = [...cutsOf(evidence)].sort((a, b) => b.cut.coverage - a.cut.coverage).slice(0, framingsTried)
  const plain: Attempt[] = []
  const changed: Attempt[] = []
  for (const dialect of dialects) {
    const changes = dialectChanges(dialect).map((change) => ({ change, dialect: change.apply(dialect) }))
    for (const { cut, shape } of cuts.flatMap(({ cut }) => shapesFor(cut, dialect).map((shape) => ({ cut, shape })))) {
      const first = firstFrames(cut)
      const parents = attempt(dialect, first, shape, [])
      plain.push(...parents)
      const before = parents[0] === undefined ? 'nothing' : worst(parents[0].readings)
      for (const { change, dialect } of changes) changed.push(...attempt(dialect, first, shape, [{ change, before }]))
    }
    // A message in another encoding is found behind a header of any size by its own encoding alone.
    for (const { cut } of cuts)
      for (const { change, dialect: other } of changes.filter(isOfStart))
        for (const shape of foundShapes(cut.frames, other))
          changed.push(...attempt(other, firstFrames(cut), shape, [{ change, before: 'nothing' }]))
  }
  return { plain: ranked(plain), changed: ranked([...changed, ...changed.flatMap(withCompanion)]) }
}

/** Changes that come together in networks: Visa BASE I has binary lengths and EBCDIC text. One alone explains too little. */
const companions = { first: 'encodings.length: binary', second: 'encodings.text: ebcdic037' }

function withCompanion(parent: Attempt): readonly Attempt[] {
  if (parent.changes[0]?.change.property.startsWith(companions.first) !== true) return []
  const changes = dialectChanges(parent.dialect).filter(({ property }) => property === companions.second)
  return changes.flatMap((change) => tryChange(parent, change))
}

/** A change of what a message begins with. */
const isOfStart = ({ change }: { readonly change: Change }) => /encodings\.(mti|bitmap)/.test(change.property)

const firstFrames = (cut: FrameCut): FrameCut => ({ ...cut, frames: cut.frames.slice(0, triedFrames) })

/** Nothing where the dialect cannot be or explains nothing. */
function attempt(dialect: Dialect, cut: FrameCut, shape: Shape, changes: readonly Step[]): readonly Attempt[] {
  const bodies = cut.frames.flatMap((frame) => bodyIn(frame, shape) ?? [])
  const trimmed = trimmedTo(bodies, dialect)
  const codec = trimmed === undefined ? undefined : compileIfPossible(trimmed)
  if (codec === undefined) return []
  const candidate = { cut, shape, codec }
  const readings = readingsOf(candidate)
  const score = scoreOf(readings, candidate)
  return score === 0 ? [] : [{ dialect, candidate, changes, readings, score }]
}

/** A change more has to explain this much more; and so has an envelope that the dialect does not declare. */
const costOfChange = 0.01
const costOfShape = 0.005

/** Those that fit first, then by score less what the changes cost; of equal ones the first. */
function ranked(attempts: readonly Attempt[]): readonly Attempt[] {
  const worth = ({ score, changes, dialect, candidate: { shape } }: Attempt) =>
    score - costOfChange * changes.length - (isOwn(dialect, shape) ? 0 : costOfShape)
  return [...attempts]
    .sort((a, b) => Number(isGoodFit(b)) - Number(isGoodFit(a)) || worth(b) - worth(a))
    .slice(0, startsFollowed)
}

function isFit({ candidate, readings }: Attempt): boolean {
  const read = readings.filter(({ isWhole }) => isWhole).length
  return read > 0 && read >= fitShare * candidate.cut.frames.length
}

function explains({ candidate, readings }: Attempt): boolean {
  return readings.filter(({ isWhole }) => isWhole).length >= worthTelling * candidate.cut.frames.length
}

/** Nearly all values make sense and stand in their usual form. */
const goodShare = 0.85

function isGoodFit(found: Attempt): boolean {
  const { readings } = found
  const mean = (value: (reading: MessageReading) => number) =>
    readings.reduce((sum, reading) => sum + value(reading), 0) / Math.max(1, readings.length)
  const plain = ({ odd, message }: MessageReading) => 1 - odd.length / Math.max(1, Object.keys(message.fields).length)
  return isFit(found) && mean(({ plausible }) => plausible) >= goodShare && mean(plain) >= goodShare
}

/** Each change of a default, on top of what was changed before. */
function withDialectChange(parent: Attempt): readonly Attempt[] {
  return dialectChanges(parent.dialect).flatMap((change) => tryChange(parent, change))
}

/** Each change of a field that was reached before reading stopped, or that reading stopped at. */
function withFieldChange(parent: Attempt): readonly Attempt[] {
  const before = worst(parent.readings)
  if (before === undefined) return []
  const reached = Object.keys(before.message.fields)
  const stopped = before.error?.path[0]
  const fields = [...new Set([...reached, ...(stopped === undefined ? [] : [stopped])])].slice(-fieldsChanged)
  return fields.flatMap((field) => fieldChanges(parent.dialect, field).flatMap((change) => tryChange(parent, change)))
}

function tryChange({ dialect, candidate, changes, readings }: Attempt, change: Change): readonly Attempt[] {
  const step = { change, before: worst(readings) }
  return attempt(change.apply(dialect), candidate.cut, candidate.shape, [...changes, step])
}

/** The first message that is not read to its end. */
const worst = (readings: readonly MessageReading[]) => readings.find(({ isWhole }) => !isWhole)

function misfitOf(found: Attempt): Misfit {
  const { dialect, candidate, changes, readings } = found
  const failing = worst(readings)
  const { shape } = candidate
  const [frame] = candidate.cut.frames
  const front = frame === undefined ? undefined : frontIn(frame, candidate)
  const open = failing === undefined ? [] : [`${stopWords(failing)} (read as ${dialect.name})`]
  return {
    framing: candidate.cut.framing.name,
    ...(isOwn(dialect, shape) || shape.name === 'nothing' ? {} : { inFront: front?.name ?? shape.name }),
    lengthNotes: front?.notes ?? [],
    sentences: [...changes.map(sentence), ...open],
    properties: changes.map(({ change }) => change.property),
    dialect,
    read: readings.filter(({ isWhole }) => isWhole).length,
    messages: candidate.cut.frames.length,
    fits: isGoodFit(found),
  }
}

function sentence({ change, before }: Step): string {
  return `${change.reading} ${symptom(before)}: your host ${change.host}`
}

/** The symptom of reading without the change. */
function symptom(before: Before): string {
  if (before === 'nothing') return 'gives no message type and bitmap'
  if (before === undefined) return 'gives values in another form than the usual one'
  const { error, isMti, bytes } = before
  if (!isMti) return 'gives a message type that does not exist'
  if (error === undefined) return 'gives other bytes when it is written again'
  if (error.code === 'TRAILING' && error.path.length === 0) return `leaves ${counted(bytes - error.offset, 'byte')}`
  if (error.code === 'TRUNCATED') return `runs past the end of the message (${place(error)})`
  return `lets reading stop at ${place(error)} (expected ${error.expected})`
}

function stopWords(reading: MessageReading): string {
  const { error } = reading
  if (error === undefined) return 'the message makes no sense as it was read'
  return error.message
}

const place = ({ path, offset }: UnpackError) => `${pathWords(path)}byte ${offset}`
const pathWords = ([first, ...rest]: readonly string[]) => {
  if (first === undefined) return ''
  return /^\d/.test(first) ? `field ${[first, ...rest].join('.')}, ` : `the ${first === 'mti' ? 'MTI' : first}, `
}
