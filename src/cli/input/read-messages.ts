// Messages out of what a person has at hand: hex from a log, bytes from a capture, with or without what stands around them.
// Rule: nothing is guessed but the wrapping; of all ways to unwrap the bytes, the first that reads them whole is right.

import { UsageError } from '../../base/errors.js'
import type { Codec } from '../../codec/codec.js'
import type { Message } from '../../codec/message.js'
import { UnpackError } from '../../codec/unpack-error.js'
import { refuseMistypedHex } from '../../doctor/pasted/hex-lines.js'
import { type Pasted, printableText, waysToRead } from '../../doctor/pasted/pasted.js'
import { isMtiOf } from '../../doctor/plausibility.js'
import { messageStarts } from '../../doctor/trimmed.js'
import { createDeframer } from '../../framing/deframer.js'
import { createEnvelope, type EnvelopeDefinition } from '../../framing/envelope.js'
import { type Framing, maxFrameBytes } from '../../framing/framing.js'
import { framings } from '../../framing/framings.js'
import { createPrefix } from '../../framing/prefix.js'
import { isJposLog, jposMessages } from './jpos-log.js'

export interface ReadMessage {
  /** Everything that could be read, up to the error if there is one. */
  readonly message: Message
  readonly error?: Error
  /** The error of each field that is shown as its bytes. */
  readonly unread?: readonly Error[]
  /** MTI to last field. */
  readonly body: Uint8Array
  /** The bytes in front of the MTI: TPDU and header, and the length where it is the message's own. */
  readonly front: Uint8Array
  /** Bytes in front of the MTI that were taken as length prefix, TPDU and header: what offsets in the error start after. */
  readonly wrappingBytes: number
  /** Bytes that the length in front announces beyond those that are there: the message lost its end. */
  readonly missingBytes?: number
  /** The message type is one that the standard and the dialect have. */
  readonly isTyped: boolean
  /** Bytes of a header that the dialect does not declare, behind which the message was found. */
  readonly unknownHeader?: number
  /** The framing whose length stood around the message, where it is not the one that was expected. */
  readonly otherFraming?: string
  /** `line 3`, `message 2`: its place in the input, where the input holds several. */
  readonly place: string | undefined
}

export interface Unwrapping {
  readonly codec: Codec
  readonly framing: Framing
}

/** A candidate: bytes that may be a message, and what was taken off in front of them. */
interface Candidate {
  readonly body: Uint8Array
  readonly tpdu?: string
  readonly header?: string
  readonly wrappingBytes: number
}

/** Every message of `input`, in whatever shape it was pasted. Throws UsageError for text that is none. */
export function readMessages(input: Uint8Array, unwrapping: Unwrapping): readonly ReadMessage[] {
  if (input.length === 0) throw new UsageError('no message: the input is empty')
  const log = Buffer.from(input).toString('utf8')
  if (isJposLog(log) && unwrapping.codec.dialect.form !== 'xml') return readLog(log, unwrapping.codec)
  const ways = waysToRead(input).filter(({ pieces }) => pieces.length > 0)
  if (ways.length === 0) throw new UsageError('no message: no TCP data is in it')
  for (const searching of searches(unwrapping)) {
    for (const way of ways) {
      const whole = readWhole(way, searching)
      if (whole !== undefined) return whole
    }
  }
  const asDeclared = ways.map((way) => readWay(way, { ...unwrapping, searchesStart: false }))
  const best = asDeclared.reduce((one, other) => (isFurther(other, one) ? other : one))
  const text = printableText(input)
  const isBegun = best.every(({ isTyped, error }) => isTyped && isOfField(error))
  if (text !== undefined && ways[0]?.isOfCharacters === true && !isBegun) refuseMistypedHex(text)
  return best
}

/**
 * As declared; with a length of another shape in front, which explains more than a header of any bytes does; behind such a header;
 * and behind one with such a length.
 */
function* searches({ codec, framing }: Unwrapping): Generator<Searching> {
  yield { codec, framing, searchesStart: false }
  // A short length finds empty messages in a longer one's zeros, so the longest comes first.
  const others = framings
    .filter(({ name, length }) => length.kind !== 'none' && name !== framing.name)
    .sort((one, other) => createPrefix(other).bytes - createPrefix(one).bytes)
  for (const other of others) yield { codec, framing: other, searchesStart: false, isOther: true }
  yield { codec, framing, searchesStart: true }
  for (const other of others) yield { codec, framing: other, searchesStart: true, isOther: true }
}

/** The message type and the bitmap were read: the bytes are no hex digits by chance. */
const isOfField = (error: Error | undefined) =>
  error === undefined || (error instanceof UnpackError && /^\d/.test(error.path[0] ?? ''))

function readLog(log: string, codec: Codec): readonly ReadMessage[] {
  const read = jposMessages(log, codec)
  if (read.length === 0) throw new UsageError('no message: an <isomsg> begins, and none ends')
  return read.map(({ line, ...each }) => ({
    ...each,
    front: new Uint8Array(),
    wrappingBytes: 0,
    isTyped: isMtiOf(each.message.mti, codec.dialect),
    place: read.length < 2 ? undefined : `line ${line}`,
  }))
}

const isWhole = ({ error }: ReadMessage) => error === undefined

interface ReadPiece {
  readonly line: number | undefined
  readonly read: readonly ReadMessage[]
}

/** Undefined as soon as a piece is not read to its end. */
function readWhole({ pieces }: Pasted, searching: Searching): readonly ReadMessage[] | undefined {
  const read: ReadPiece[] = []
  for (const { bytes, line } of pieces) {
    const piece = { line, read: readBytes(bytes, searching) }
    if (!piece.read.every(isWhole)) return undefined
    read.push(piece)
  }
  const whole = placed(read)
  return searching.isOther === true ? whole.map((each) => ({ ...each, otherFraming: searching.framing.name })) : whole
}

const readWay = ({ pieces }: Pasted, searching: Searching): readonly ReadMessage[] =>
  placed(pieces.map(({ bytes, line }) => ({ line, read: readBytes(bytes, searching) })))

function placed(pieces: readonly ReadPiece[]): readonly ReadMessage[] {
  const count = pieces.reduce((sum, { read }) => sum + read.length, 0)
  if (count < 2) return pieces.flatMap(({ read }) => read)
  let number = 0
  const hasLines = pieces.length > 1 && pieces.every(({ line }) => line !== undefined)
  return pieces.flatMap(({ line, read }) =>
    read.map((each) => ({ ...each, place: hasLines ? `line ${line}` : `message ${++number}` })),
  )
}

/** More of it begins with a message type that the dialect has; of equals, more fields were read. */
function isFurther(read: readonly ReadMessage[], best: readonly ReadMessage[]): boolean {
  const typed = (all: readonly ReadMessage[]) => all.filter(({ isTyped }) => isTyped).length / all.length
  const fields = (all: readonly ReadMessage[]) =>
    all.reduce((sum, { message }) => sum + Object.keys(message.fields).length, 0)
  const ahead = typed(read) - typed(best)
  return ahead > 0 || (ahead === 0 && fields(read) > fields(best))
}

/** Bytes that a framing does not cut into frames from end to end. */
const unframed: ReadMessage = {
  ...{
    message: { mti: '', fields: {} },
    error: new Error('no frames'),
    body: new Uint8Array(),
    front: new Uint8Array(),
  },
  ...{ wrappingBytes: 0, isTyped: false, place: undefined },
}

interface Searching extends Unwrapping {
  /** A message that no known envelope fits is looked for behind a header of any size. */
  readonly searchesStart: boolean
  /** The framing is not the one that was expected: bytes that are no frames of it from end to end are not read. */
  readonly isOther?: true
}

function readBytes(bytes: Uint8Array, unwrapping: Searching): readonly ReadMessage[] {
  const frames = framesOf(bytes, unwrapping.framing)
  const framed = frames?.map((frame) =>
    bestOf(frame, unwrapping, bytes.length === frame.length ? 0 : prefixBytes(bytes, frames)),
  )
  if (framed?.every(isWhole) || unwrapping.isOther === true) return framed ?? [unframed]
  const whole = bestOf(bytes, unwrapping, 0)
  if (whole.error === undefined) return [whole]
  const others = framed === undefined ? [[whole], cutShort(bytes, unwrapping)] : [framed, [whole]]
  return others.filter((read) => read.length > 0).reduce((best, read) => (isFurther(read, best) ? read : best))
}

/** Read as a frame whose end is missing: the message after a length that announces more than there is. Empty if it does not. */
function cutShort(bytes: Uint8Array, unwrapping: Searching): readonly ReadMessage[] {
  if (unwrapping.framing.length.kind === 'none') return []
  const prefix = createPrefix(unwrapping.framing)
  const present = bytes.length - prefix.bytes
  if (present <= 0) return []
  const announced = prefix.read(bytes, 0)
  if (announced <= present || announced > maxFrameBytes) return []
  const read = bestOf(bytes.subarray(prefix.bytes), unwrapping, prefix.bytes)
  return [{ ...read, missingBytes: announced - present }]
}

/** Bytes in front of each frame, the same for all. */
const prefixBytes = (bytes: Uint8Array, frames: readonly Uint8Array[]) =>
  (bytes.length - frames.reduce((sum, frame) => sum + frame.length, 0)) / frames.length

/** The frames when the bytes are whole frames from end to end. */
function framesOf(bytes: Uint8Array, framing: Framing): readonly Uint8Array[] | undefined {
  const deframer = createDeframer(framing, { maxFrameBytes })
  try {
    deframer.push(framing.length.kind === 'end' ? withoutLrc(bytes) : bytes)
    const frames: Uint8Array[] = []
    for (let frame = deframer.next(); frame !== undefined; frame = deframer.next()) frames.push(frame)
    deframer.end()
    return frames.length === 0 ? undefined : frames
  } catch {
    // Not this framing: the bytes may still be a message without a length in front.
    return undefined
  }
}

/** A serial line has one byte behind the ETX, over all from behind the STX (ISO 1155). */
function withoutLrc(bytes: Uint8Array): Uint8Array {
  const sum = bytes.subarray(1, -1).reduce((parity, byte) => parity ^ byte, 0)
  return bytes.length > 2 && bytes.at(-1) === sum ? bytes.subarray(0, -1) : bytes
}

function bestOf(frame: Uint8Array, { codec, searchesStart }: Searching, prefix: number): ReadMessage {
  const { dialect } = codec
  const known = candidates(frame, dialect.envelope).map((each) => readCandidate(each, codec, prefix))
  const whole = known.find(isWhole)
  if (whole !== undefined) return whole
  const found = searchesStart
    ? messageStarts(frame, dialect).map((at) => ({
        ...readCandidate({ body: frame.subarray(at), wrappingBytes: at }, codec, prefix),
        unknownHeader: at,
      }))
    : []
  return found.find(isWhole) ?? known.reduce((best, each) => (isFurther([each], [best]) ? each : best))
}

function readCandidate({ body, wrappingBytes, ...envelope }: Candidate, codec: Codec, prefix: number): ReadMessage {
  const { message, error, unread = [] } = codec.inspect(body)
  return {
    message: { ...envelope, ...message },
    ...(error === undefined ? {} : { error, unread }),
    body,
    front: new Uint8Array(body.buffer, body.byteOffset - wrappingBytes, wrappingBytes),
    wrappingBytes: prefix + wrappingBytes,
    isTyped: isMtiOf(message.mti, codec.dialect),
    place: undefined,
  }
}

/** With the dialect's envelope, with a part of it, and without. */
function candidates(frame: Uint8Array, { tpdu, header, trailer }: EnvelopeDefinition): readonly Candidate[] {
  const end = trailer === undefined ? {} : { trailer }
  const definitions: readonly EnvelopeDefinition[] = [
    ...(tpdu !== undefined && header !== undefined ? [{ tpdu, header, ...end }] : []),
    ...(tpdu !== undefined ? [{ tpdu, ...end }] : []),
    ...(header !== undefined ? [{ header, ...end }] : []),
    ...(trailer !== undefined ? [end] : []),
    {},
  ]
  return definitions.flatMap((definition) => {
    const envelope = createEnvelope(definition)
    const opened = envelope.open(frame)
    if (opened === undefined) return []
    return {
      body: opened.body,
      ...(opened.tpdu === undefined ? {} : { tpdu: hexOf(opened.tpdu) }),
      ...(opened.header === undefined ? {} : { header: hexOf(opened.header) }),
      wrappingBytes: envelope.frontBytes,
    }
  })
}

const hexOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex').toUpperCase()
