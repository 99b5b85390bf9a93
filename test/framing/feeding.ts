// The ways in which a stream may arrive, and hex as tests write it.

import { createDeframer } from '../../src/framing/deframer.js'
import { type Framing, maxFrameBytes } from '../../src/framing/framing.js'

export const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))
export const hex = (data: Uint8Array): string => Buffer.from(data).toString('hex').toUpperCase()

/** Frames as hex: copied at once, because they are views. */
export function framesOf(framing: Framing, chunks: readonly Uint8Array[], limit = maxFrameBytes): string[] {
  const deframer = createDeframer(framing, { maxFrameBytes: limit })
  const frames: string[] = []
  for (const chunk of chunks) {
    // A chunk of its own that is wiped afterwards, as a socket may do with its buffer.
    const passing = Uint8Array.from(chunk)
    deframer.push(passing)
    for (let frame = deframer.next(); frame !== undefined; frame = deframer.next()) frames.push(hex(frame))
    passing.fill(0xee)
  }
  return frames
}

export const byteByByte = (stream: Uint8Array): Uint8Array[] => Array.from(stream, (byte) => Uint8Array.of(byte))

/** Cut at these places, which are taken modulo the length. */
export function cutAt(stream: Uint8Array, places: readonly number[]): Uint8Array[] {
  const ends = [...new Set(places.map((place) => place % (stream.length + 1)))].sort((a, b) => a - b)
  return [...ends, stream.length].map((end, index) => stream.subarray(ends[index - 1] ?? 0, end))
}
