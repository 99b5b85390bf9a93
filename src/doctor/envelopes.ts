// The bytes that may stand between a length prefix and an MTI: the dialect's own envelope, and those in common use.

import { counted } from '../base/text/counted.js'
import type { Dialect, MessageEnvelope } from '../codec/dialect.js'
import type { Measure } from '../framing/deframer.js'
import { messageStarts } from './trimmed.js'

/** How wide each part is, and the trailer's bytes. */
export interface Shape {
  readonly name: string
  readonly tpduBytes: number
  readonly headerBytes: number
  /** Hex. */
  readonly trailer: string
  /** Bytes that every such envelope has, tested at the header's first byte. */
  readonly headerStart?: Uint8Array
  /** Nobody declares it: a message was found behind so many bytes. */
  readonly isFound?: boolean
}

const tpduBytes = 5
/** Identifier of a TPDU: 60 for transactions, 68 for network management, and what hosts in use add between. */
const tpduIds = { from: 0x60, to: 0x6f }

/** Nothing stands around the message. */
export const bareShape: Shape = { name: 'nothing', tpduBytes: 0, headerBytes: 0, trailer: '' }
const common: readonly Shape[] = [
  bareShape,
  { name: 'a TPDU', tpduBytes, headerBytes: 0, trailer: '' },
  { name: 'a TPDU and a header of 6 bytes', tpduBytes, headerBytes: 6, trailer: '' },
  { ...bareShape, name: 'a header of 12 characters (ISO…)', headerBytes: 12, headerStart: Buffer.from('ISO') },
  { ...bareShape, name: 'a header of 22 bytes (BASE I)', headerBytes: 22, headerStart: Buffer.from([22]) },
  { ...bareShape, name: 'the trailer ETX', trailer: '03' },
]

/** Frames that are searched for a message behind a header of an unknown shape, and headers that are tried. */
const searchedFrames = 3
const mostFound = 16

/** Headers of a shape that no list has: every frame holds a message type and a bitmap behind as many bytes. */
export function foundShapes(frames: readonly Uint8Array[], dialect: Dialect): readonly Shape[] {
  const [first, ...others] = frames.slice(0, searchedFrames)
  if (first === undefined) return []
  const inAll = others.reduce<readonly number[]>(
    (offsets, frame) => {
      const here = messageStarts(frame, dialect)
      return offsets.filter((offset) => here.includes(offset))
    },
    messageStarts(first, dialect),
  )
  return inAll.slice(0, mostFound).map((offset) => headerOf(offset, isTpdu(first) && offset > tpduBytes))
}

/** Its name is what the frame says: `frontWords`. */
const headerOf = (offset: number, hasTpdu: boolean): Shape => ({
  name: `a header of ${counted(offset, 'byte')}`,
  tpduBytes: hasTpdu ? tpduBytes : 0,
  headerBytes: hasTpdu ? offset - tpduBytes : offset,
  trailer: '',
  isFound: true,
})

const isTpdu = ([id = 0]: Uint8Array) => id >= tpduIds.from && id <= tpduIds.to

const bytesIn = (hex: string | undefined) => (hex?.length ?? 0) / 2

/** The dialect's own first, then a part of it, then the others. */
export function shapesOf({ envelope }: Dialect): readonly Shape[] {
  const own = {
    name: 'the envelope of the dialect',
    tpduBytes: bytesIn(envelope.tpdu),
    headerBytes: bytesIn(envelope.header),
    trailer: envelope.trailer ?? '',
  }
  const header = { ...own, name: 'the header of the dialect', tpduBytes: 0 }
  const shapes = [own, header, ...common]
  const same = (a: Shape, b: Shape) =>
    a.tpduBytes === b.tpduBytes && a.headerBytes === b.headerBytes && a.trailer === b.trailer
  return shapes.filter((shape, index) => shapes.findIndex((other) => same(shape, other)) === index)
}

/** MTI to last field; undefined where the frame does not have this shape. */
export function bodyIn(frame: Uint8Array, shape: Shape): Uint8Array | undefined {
  const front = shape.tpduBytes + shape.headerBytes
  const end = frame.length - bytesIn(shape.trailer)
  if (end <= front) return undefined
  if (shape.tpduBytes === tpduBytes && !isTpdu(frame)) return undefined
  const begins = shape.headerStart?.every((byte, index) => frame[shape.tpduBytes + index] === byte) ?? true
  const ends = Buffer.from(frame.subarray(end)).toString('hex').toUpperCase() === shape.trailer.toUpperCase()
  return begins && ends ? frame.subarray(front, end) : undefined
}

/** The measure of a message with what stands around it. */
export function frameMeasure(measure: Measure, shape: Shape): Measure {
  const front = shape.tpduBytes + shape.headerBytes
  return (bytes) => {
    if (bytes.length <= front) return 0
    const body = measure(bytes.subarray(front))
    return body <= 0 ? body : front + body + bytesIn(shape.trailer)
  }
}

/** The envelope as a dialect declares it, with the bytes of this frame. */
export function envelopeOf(frame: Uint8Array, { tpduBytes, headerBytes, trailer }: Shape): MessageEnvelope {
  const hex = (from: number, to: number) => Buffer.from(frame.subarray(from, to)).toString('hex').toUpperCase()
  return {
    ...(tpduBytes === 0 ? {} : { tpdu: hex(0, tpduBytes) }),
    ...(headerBytes === 0 ? {} : { header: hex(tpduBytes, tpduBytes + headerBytes) }),
    ...(trailer === '' ? {} : { trailer }),
  }
}

/** Whether a dialect would be read with this shape without a further word. */
export function isOwn({ envelope }: Dialect, shape: Shape): boolean {
  return (
    bytesIn(envelope.tpdu) === shape.tpduBytes &&
    bytesIn(envelope.header) === shape.headerBytes &&
    (envelope.trailer ?? '') === shape.trailer
  )
}
