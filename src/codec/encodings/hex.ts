// Each byte of another encoding written as two upper-case hex digits, in ASCII or EBCDIC.

import { Source } from '../source.js'
import { alphabetOf } from './alphabet.js'
import { characters } from './characters.js'
import type { Encoding } from './encoding.js'
import { hexValue, octets } from './octets.js'

/** Upper-case hex digits are the same bytes in all three EBCDIC pages: 0-9 are F0-F9, A-F are C1-C6. */
const digitCodes = {
  hex: Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0)),
  'ebcdic-hex': Uint8Array.from('0123456789ABCDEF', (_, value) => (value < 10 ? 0xf0 + value : 0xc1 + value - 10)),
}

export interface HexDigits {
  /** The wire's byte for each digit's value. */
  readonly byteOf: Readonly<Uint8Array>
  /** The value of each byte of the wire, -1 where it is no upper-case digit. */
  readonly valueFrom: Readonly<Int8Array>
}

export function hexDigits(name: 'hex' | 'ebcdic-hex'): HexDigits {
  const byteOf = digitCodes[name]
  const valueFrom = new Int8Array(256).fill(-1)
  for (const [value, byte] of byteOf.entries()) valueFrom[byte] = value
  return { byteOf, valueFrom }
}

/** The bytes that hex digits in [at, end) stand for; undefined when one is none. */
export function readHexDigits(digits: HexDigits, bytes: Uint8Array, at: number, end: number): Buffer | undefined {
  const decoded = Buffer.allocUnsafe((end - at) >> 1)
  for (let index = 0; index < decoded.length; index++) {
    const high = digits.valueFrom[bytes[at + 2 * index] as number] as number
    const low = digits.valueFrom[bytes[at + 2 * index + 1] as number] as number
    if (high < 0 || low < 0) return undefined
    decoded[index] = (high << 4) | low
  }
  return decoded
}

/** Bytes of binary as hex digits: the value's own text, one character for each digit. */
export function hexOctets(name: 'hex' | 'ebcdic-hex'): Encoding {
  const text = characters(name === 'hex' ? 'ascii' : 'ebcdic037', alphabetOf('b'))
  return { ...text, halves: 4, span: 2, measure: octets.measure }
}

/** Text of one byte for each character as hex digits of those bytes. */
export function hexText(name: 'hex' | 'ebcdic-hex', inner: Encoding): Encoding {
  const digits = hexDigits(name)
  return {
    halves: 4,
    extra: 0,
    span: 1,
    measure: (value) => inner.measure(value),
    write(target, at, value) {
      const units = inner.measure(value)
      const bytes = Buffer.allocUnsafe(Math.max(0, units))
      if (units < 0 || !inner.write(bytes, 0, value)) return false
      for (let index = 0; index < units; index++) {
        const byte = bytes[index] as number
        target[at + 2 * index] = digits.byteOf[byte >> 4] as number
        target[at + 2 * index + 1] = digits.byteOf[byte & 15] as number
      }
      return true
    },
    read({ bytes }, at, end, units) {
      const decoded = readHexDigits(digits, bytes, at, end)
      return decoded === undefined ? undefined : inner.read(new Source(decoded), 0, decoded.length, units)
    },
  }
}

/** True when a string's characters are all upper-case hex digits, two for each byte. */
export function isHex(text: string): boolean {
  if (text.length % 2 !== 0) return false
  for (let index = 0; index < text.length; index++) {
    if (!((hexValue[text.charCodeAt(index)] as number) >= 0)) return false
  }
  return true
}
