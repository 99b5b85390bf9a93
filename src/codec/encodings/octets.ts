// Bytes of binary, shown as upper-case hex: raw on the wire.

import type { Encoding } from './encoding.js'

/** The value of an upper-case hex digit by its code, else -1. */
export const hexValue: Readonly<Int8Array> = Int8Array.from({ length: 256 }, (_, code) =>
  '0123456789ABCDEF'.indexOf(String.fromCharCode(code)),
)

/** The byte of two upper-case hex digits of `text` at `index`; negative when they are none. */
export function byteAt(text: string, index: number): number {
  const high = hexValue[text.charCodeAt(index)] as number
  const low = hexValue[text.charCodeAt(index + 1)] as number
  return high >= 0 && low >= 0 ? (high << 4) | low : -1
}

export const octets: Encoding = {
  halves: 2,
  extra: 0,
  span: 2,
  measure: (value) => (value.length % 2 === 0 ? value.length / 2 : -1),
  write(target, at, value) {
    for (let index = 0; index < value.length; index += 2) {
      const byte = byteAt(value, index)
      if (byte < 0) return false
      target[at + index / 2] = byte
    }
    return true
  },
  read: (source, at, end) => source.hexUpper(at, end),
}
