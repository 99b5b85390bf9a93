// The bitmap promises a field that is not there, or hides one that is.

import { z } from 'zod'
import { defineMessageFault, type PassingMessage } from '../fault.js'
import { deliverChanged } from './changed.js'

export const corruptBitmap = defineMessageFault({
  type: 'corrupt_bitmap',
  level: 'message',
  about: 'one bit of the first bitmap is flipped: that of `field`, or any',
  attributes: z.strictObject({ field: z.int().min(2).max(64).optional() }),
  direction: 'answer',
  start:
    ({ field }, { random }) =>
    (message) =>
      deliverChanged(message, flipped(message, field ?? 2 + random.below(63))),
})

function flipped({ raw, bodyAt, bodyEnd, dialect }: PassingMessage, field: number): Uint8Array | undefined {
  const isBinary = dialect.bitmapEncoding === 'binary'
  const bit = field - 1
  const at = bodyAt + dialect.mtiBytes + (isBinary ? bit >> 3 : bit >> 2)
  if (at >= bodyEnd) return undefined
  const changed = Uint8Array.from(raw)
  const byte = raw[at] as number
  changed[at] = isBinary ? byte ^ (0x80 >> (bit & 7)) : flippedDigit(byte, 8 >> (bit & 3), dialect.bitmapEncoding)
  return changed
}

const ascii = '0123456789ABCDEF'

/** A hexadecimal digit with a bit flipped, in ASCII or EBCDIC; a byte that is none loses its lowest bit instead. */
function flippedDigit(byte: number, mask: number, encoding: string): number {
  const isEbcdic = encoding === 'ebcdic-hex'
  const codes = Array.from(ascii, (digit, value) =>
    isEbcdic ? (value < 10 ? 0xf0 + value : 0xc1 + value - 10) : digit.charCodeAt(0),
  )
  const value = codes.indexOf(byte)
  return value < 0 ? byte ^ 1 : (codes[value ^ mask] as number)
}
