// Signed amounts, kind x+n: one character C (credit) or D (debit), and then digits in their own encoding.

import type { Encoding } from './encoding.js'

/** `sign` holds one character; packed digits follow a whole byte for it. A unit is the sign or a digit. */
export function signed(sign: Encoding, digits: Encoding): Encoding {
  const signBytes = sign.halves >> 1
  return {
    halves: digits.halves,
    extra: digits.halves === 1 ? 1 : 0,
    span: 1,
    measure: (value) => value.length,
    write: (target, at, value) =>
      value.length > 0 &&
      sign.write(target, at, value.substring(0, 1)) &&
      digits.write(target, at + signBytes, value.substring(1)),
    read(source, at, end, units) {
      if (units < 1) return undefined
      const first = sign.read(source, at, at + signBytes, 1)
      const rest = digits.read(source, at + signBytes, end, units - 1)
      return first === undefined || rest === undefined ? undefined : first + rest
    },
    ...(digits.spare === undefined
      ? {}
      : {
          spare: (bytes: Uint8Array, at: number, end: number, units: number) =>
            digits.spare?.(bytes, at + signBytes, end, units - 1),
        }),
  }
}
