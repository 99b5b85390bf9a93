// Messages out of what a person has at hand: hex from a log, bytes from a capture, with or without what stands around them.
// Rule: nothing is guessed but the wrapping; of all ways to unwrap the bytes, the first that reads them whole is right.

import { UsageError } from '../base/errors.js'
import type { Codec } from '../codec/codec.js'
import type { Message } from '../codec/message.js'
import { createDeframer } from '../framing/deframer.js'
import { createEnvelope, type EnvelopeDefinition } from '../framing/envelope.js'
import { type Framing, maxFrameBytes } from '../framing/framing.js'
import { createPrefix } from '../framing/prefix.js'

export interface ReadMessage {
  /** Everything that could be read, up to the error if there is one. */
  readonly message: Message
  readonly error?: Error
  /** MTI to last field. */
  readonly body: Uint8Array
  /** Bytes in front of the MTI that were taken as length prefix, TPDU and header: what offsets in the error start after. */
  readonly wrappingBytes: number
  /** Bytes that the length in front announces beyond those that are there: the message lost its end. */
  readonly missingBytes?: number
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

/** Every message of `input`: hex text, one message a line, or raw bytes. Throws UsageError for text that is neither. */
export function readMessages(input: Uint8Array, unwrapping: Unwrapping): readonly ReadMessage[] {
  const hex = hexLines(input)
  if (hex === undefined) {
    const raw = readBytes(input, unwrapping)
    if (raw.some(({ error }) => error !== undefined)) refuseMistypedHex(input)
    return numbered(raw)
  }
  const read = hex.flatMap(({ line, bytes }) =>
    readBytes(bytes, unwrapping).map((each) => (hex.length === 1 ? each : { ...each, place: `line ${line}` })),
  )
  if (read.length > 0 && read.every(({ error }) => error === undefined)) return read
  // A message of ASCII digits alone looks like hex, too.
  const raw = readBytes(input, unwrapping)
  return raw.every(({ error }) => error === undefined) ? numbered(raw) : read
}

function numbered(read: readonly ReadMessage[]): readonly ReadMessage[] {
  return read.length < 2 ? read : read.map((each, index) => ({ ...each, place: `message ${index + 1}` }))
}

interface HexLine {
  /** From 1. */
  readonly line: number
  readonly bytes: Uint8Array
}

/** The lines of a hex text as bytes; undefined when the input is no text of hex digits. Throws UsageError for half a byte. */
function hexLines(input: Uint8Array): readonly HexLine[] | undefined {
  if (input.some((byte) => !isHexText(byte))) return undefined
  const lines = Buffer.from(input).toString('latin1').split(/\r?\n/)
  return lines.flatMap((line, index) => {
    const digits = line.replace(/0x/gi, '').replace(/[\s:,-]/g, '')
    if (digits === '') return []
    const bad = /[^0-9a-f]/i.exec(digits)
    if (bad !== null) throw new UsageError(`not a hex digit: '${bad[0]}'`, { where: `line ${index + 1}:` })
    if (digits.length % 2 !== 0)
      throw new UsageError(`${digits.length} hex digits: expected an even number, two for each byte`, {
        where: `line ${index + 1}:`,
      })
    return [{ line: index + 1, bytes: Buffer.from(digits, 'hex') }]
  })
}

/** Share of hex digits in a text, from which it was meant as hex and mistyped. */
const meantAsHex = 0.6

/** Throws UsageError that names the first wrong character of a text that is nearly all hex digits. */
function refuseMistypedHex(input: Uint8Array): void {
  const text = Buffer.from(input).toString('latin1')
  if (/[^\s!-~]/.test(text)) return
  const characters = text.replace(/\s/g, '')
  const digits = characters.replace(/[^0-9a-f]/gi, '')
  if (digits.length < meantAsHex * characters.length) return
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const column = line.replace(/0x/gi, '  ').search(/[^0-9a-f\s:,-]/i)
    if (column < 0) continue
    const where = `line ${index + 1}, column ${column + 1}:`
    throw new UsageError(`not a hex digit: '${line[column]}'`, { where })
  }
}

function isHexText(byte: number): boolean {
  return /[0-9a-fx\s:,-]/i.test(String.fromCharCode(byte))
}

function readBytes(bytes: Uint8Array, unwrapping: Unwrapping): readonly ReadMessage[] {
  if (bytes.length === 0) throw new UsageError('no message: the input is empty')
  const frames = framesOf(bytes, unwrapping.framing)
  const framed = frames?.map((frame) =>
    bestOf(frame, unwrapping, bytes.length === frame.length ? 0 : prefixBytes(bytes, frames)),
  )
  if (framed?.every(({ error }) => error === undefined)) return framed
  const whole = bestOf(bytes, unwrapping, 0)
  if (whole.error === undefined) return [whole]
  return framed === undefined ? furthest([whole], cutShort(bytes, unwrapping)) : furthest(framed, [whole])
}

/** Read as a frame whose end is missing: the message after a length that announces more than there is. Empty if it does not. */
function cutShort(bytes: Uint8Array, unwrapping: Unwrapping): readonly ReadMessage[] {
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
    deframer.push(bytes)
    const frames: Uint8Array[] = []
    for (let frame = deframer.next(); frame !== undefined; frame = deframer.next()) frames.push(frame)
    deframer.end()
    return frames.length === 0 ? undefined : frames
  } catch {
    // Not this framing: the bytes may still be a message without a length in front.
    return undefined
  }
}

function bestOf(frame: Uint8Array, { codec }: Unwrapping, prefix: number): ReadMessage {
  const read = candidates(frame, codec.dialect.envelope).map(({ body, wrappingBytes, ...envelope }): ReadMessage => {
    const { message, error } = codec.inspect(body)
    return {
      message: { ...envelope, ...message },
      ...(error === undefined ? {} : { error }),
      body,
      wrappingBytes: prefix + wrappingBytes,
      place: undefined,
    }
  })
  const whole = read.find(({ error }) => error === undefined)
  return whole ?? (furthest(...read.map((each) => [each])) as readonly [ReadMessage])[0]
}

/** The reading that got the most fields out; the first of equals. */
function furthest(...readings: readonly (readonly ReadMessage[])[]): readonly ReadMessage[] {
  const fields = (reading: readonly ReadMessage[]) =>
    reading.reduce((sum, { message }) => sum + Object.keys(message.fields).length, 0)
  return readings.reduce((best, each) => (fields(each) > fields(best) ? each : best))
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
