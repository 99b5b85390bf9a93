// Every way to read what a person has at hand: raw bytes, a capture, hex in any shape, dumps, byte lists, base64, text.
//
// Rule: nothing is decided here. Whoever knows the dialect takes the first way that gives whole messages.

import { type CaptureFiles, isCapture, type Packet, readCapture } from '../pcap.js'
import { type Reassembled, reassemble, type TcpStream } from '../reassembly.js'
import { type TcpSegment, tcpSegmentOf } from '../tcp-segment.js'
import { escapedBytes, listedBytes } from './byte-list.js'
import { dumpsOf, type TextPiece } from './dump-text.js'
import { hexLines, loggedHex, wrappedHex } from './hex-lines.js'
import { packetsIn } from './packets.js'

export interface Pasted {
  /** How the input is read: `hex`, `a hex dump`, `raw bytes`. */
  readonly form: string
  readonly pieces: readonly PastedPiece[]
  /** The characters of a text as they stand. */
  readonly isOfCharacters?: boolean
  /** The connections of a capture or of copied packets. */
  readonly packets?: PastedPackets
}

export interface PastedPiece {
  readonly bytes: Uint8Array
  /** The line on which it begins, from 1; undefined where there are no lines. */
  readonly line?: number
}

export interface PastedPackets extends Reassembled {
  /** The capture file ends inside a packet. */
  readonly isTruncated: boolean
}

/** Every way to read the input, the surest first; none for an empty one. Several files are those of a capture. The same bytes are given once. */
export function waysToRead(input: CaptureFiles): readonly Pasted[] {
  if (input.length === 0) return []
  if (isCapture(input)) return [fromPackets('a capture', readCapture(input))]
  if (!(input instanceof Uint8Array)) return []
  const text = printableText(input)
  const raw: Pasted = { form: 'raw bytes', pieces: [{ bytes: input }] }
  if (text === undefined) return [...carriedIn(raw), raw]
  const coded = codedWays(text)
  return distinct([...coded.flatMap(carriedIn), ...coded, ...textWays(text), { ...raw, isOfCharacters: true }])
}

/** Text of printable characters; undefined for other bytes. Windows' shells write UTF-16 with a mark in front. */
export function printableText(input: Uint8Array): string | undefined {
  const isWide = input[0] === 0xff && input[1] === 0xfe && input.length % 2 === 0
  const text = isWide ? Buffer.from(input).toString('utf16le') : Buffer.from(input).toString('latin1')
  const plain = text.replace(/^(?:\uFEFF|\u00EF\u00BB\u00BF)/, '')
  return /^[\t\r\n\x20-\x7e]*$/.test(plain) ? plain : undefined
}

/** Bytes that are written as text in some code. */
function codedWays(text: string): readonly Pasted[] {
  const lines = text.split(/\r?\n/)
  const ways: readonly (readonly [string, readonly TextPiece[] | undefined])[] = [
    ['a hex dump', dumpsOf(lines)],
    ['a list of bytes', listedBytes(text)],
    ['an escaped string', escapedBytes(text)],
    ['hex', hexLines(lines)],
    ['hex over several lines', wrappedHex(lines)],
    ['base64', base64Of(text)],
    ['hex in a log', loggedHex(lines)],
  ]
  return ways.flatMap(([form, pieces]) => (pieces === undefined ? [] : [{ form, pieces }]))
}

/** A message of characters: an editor ends the file, or every message, with a newline that is no part of it. */
function textWays(text: string): readonly Pasted[] {
  const whole = text.replace(/(?:\r?\n)+$/, '')
  const lines = text.split(/\r?\n/)
  const pieces = lines.flatMap((line, index) => (line === '' ? [] : [{ bytes: Buffer.from(line), line: index + 1 }]))
  const one = (form: string, content: string) =>
    ({ form, pieces: [{ bytes: Buffer.from(content) }], isOfCharacters: true }) as const
  // Blanks may be the end of the last field, and may be what was copied beside the message.
  const asOne = [one('text', whole), one('text with blanks around it', whole.trim())]
  return pieces.length < 2 ? asOne : [...asOne, { form: 'text, a message a line', pieces, isOfCharacters: true }]
}

const shortestBase64 = 24

function base64Of(text: string): readonly TextPiece[] | undefined {
  const characters = text.replace(/\s/g, '')
  if (characters.length < shortestBase64 || characters.length % 4 !== 0) return undefined
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(characters) || /^[0-9a-f]+$/i.test(characters)) return undefined
  return [{ bytes: Buffer.from(characters, 'base64'), line: 1 }]
}

/** The payload of packets, where the bytes are packets. */
function carriedIn({ form, pieces }: Pasted): readonly Pasted[] {
  const packets = packetsIn(pieces)
  return packets === undefined ? [] : [fromPackets(`packets in ${form}`, { packets, isTruncated: false })]
}

function fromPackets(form: string, capture: { packets: readonly Packet[]; isTruncated: boolean }): Pasted {
  const found = reassemble(segmentsOf(capture.packets))
  const streams = found.connections.flatMap(({ requests, answers }): TcpStream[] => [requests, answers])
  const pieces = streams.flatMap(({ runs }) => runs.map(({ bytes }) => ({ bytes })))
  return { form, pieces, packets: { ...found, isTruncated: capture.isTruncated } }
}

function* segmentsOf(packets: readonly Packet[]): Generator<TcpSegment> {
  for (const packet of packets) {
    const segment = tcpSegmentOf(packet)
    if (segment !== undefined) yield segment
  }
}

function distinct(ways: readonly Pasted[]): readonly Pasted[] {
  const keys = ways.map(({ pieces }) => pieces.map(({ bytes }) => Buffer.from(bytes).toString('latin1')).join('\u0100'))
  return ways.filter((_, index) => keys.indexOf(keys[index] as string) === index)
}
