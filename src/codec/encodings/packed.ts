// Binary coded decimal: two digits in each byte, high half first. Track data has D for =; an odd count leaves a spare half.

import { latin1Text } from '../../base/text/latin1.js'
import type { OddDigit } from '../dialect.js'
import type { Encoding } from './encoding.js'

/** The meaning of half bytes 10 to 15: nothing, track separators, or hex digits. */
export type PackedAlphabet = 'digits' | 'track' | 'hex'

const charactersOf: Record<PackedAlphabet, string> = {
  digits: '0123456789',
  // A track that is encrypted where it stands can hold any half byte; D is = as in ISO 7813.
  track: '0123456789ABC=EF',
  hex: '0123456789ABCDEF',
}

export function packed(name: PackedAlphabet, odd: OddDigit): Encoding {
  const characters = charactersOf[name]
  const fill = odd.fill === 'F' ? 15 : 0
  const alignsRight = odd.align === 'right'
  const values = new Int8Array(256).fill(-1)
  for (let value = 0; value < characters.length; value++) values[characters.charCodeAt(value)] = value
  if (name === 'track') values['D'.charCodeAt(0)] = 13
  const codes = Uint8Array.from(characters, (character) => character.charCodeAt(0))

  return {
    halves: 1,
    extra: 0,
    span: 1,
    measure: (value) => value.length,
    write(target, at, value) {
      let index = 0
      let to = at
      if (alignsRight && value.length % 2 === 1) {
        const digit = values[value.charCodeAt(index++)] as number
        if (!(digit >= 0)) return false
        target[to++] = (fill << 4) | digit
      }
      for (; index < value.length; index += 2) {
        const high = values[value.charCodeAt(index)] as number
        const low = index + 1 < value.length ? (values[value.charCodeAt(index + 1)] as number) : fill
        if (!(high >= 0 && low >= 0)) return false
        target[to++] = (high << 4) | low
      }
      return true
    },
    read(source, at, end, units) {
      const from = alignsRight ? 2 * end - units : 2 * at
      if (name !== 'digits') return readHalves(source.bytes, from, units, codes)
      return areDigits(source.bytes, from, from + units) ? source.hex(from, from + units) : undefined
    },
    spare(bytes, _at, end, units) {
      if (units % 2 === 0) return undefined
      return alignsRight ? (bytes[end - ((units + 1) >> 1)] as number) >> 4 : (bytes[end - 1] as number) & 15
    },
  }
}

/** Short values are put together here. */
const shortText = Buffer.alloc(64)

/** `codes`: the character for each half byte. Positions count half bytes. */
function readHalves(bytes: Uint8Array, from: number, units: number, codes: Readonly<Uint8Array>): string {
  const text = units <= shortText.length ? shortText : Buffer.allocUnsafe(units)
  for (let index = 0; index < units; index++) {
    const byte = bytes[(from + index) >> 1] as number
    text[index] = codes[(from + index) % 2 === 0 ? byte >> 4 : byte & 15] as number
  }
  return latin1Text(text, 0, units)
}

/** 1 where both halves of a byte are decimal digits. */
const isPair = Uint8Array.from({ length: 256 }, (_, byte) => (byte >> 4 < 10 && (byte & 15) < 10 ? 1 : 0))

/** Positions count half bytes. */
function areDigits(bytes: Uint8Array, from: number, to: number): boolean {
  if (from % 2 === 1 && ((bytes[from >> 1] as number) & 15) > 9) return false
  if (to % 2 === 1 && (bytes[to >> 1] as number) >> 4 > 9) return false
  for (let index = (from + 1) >> 1; index < to >> 1; index++) {
    if (isPair[bytes[index] as number] === 0) return false
  }
  return true
}
