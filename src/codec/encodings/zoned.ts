// Zoned decimal: EBCDIC digits of which the last one's zone half is D for a negative number. Values carry a minus in front.

import type { Encoding } from './encoding.js'

const sign = '-'

/** `digits`: an EBCDIC encoding of digits. A unit is a digit; the sign takes no room. */
export function zoned(digits: Encoding): Encoding {
  const plain = (value: string) => (value.startsWith(sign) ? value.substring(1) : value)
  return {
    ...digits,
    span: 0,
    measure: (value) => digits.measure(plain(value)),
    write(target, at, value) {
      const number = plain(value)
      if (!digits.write(target, at, number)) return false
      if (number !== value && number.length > 0) {
        const last = at + number.length - 1
        target[last] = (target[last] as number) & 0xdf
      }
      return true
    },
    read(source, at, end, units) {
      const last = source.bytes[end - 1]
      if (end <= at || last === undefined || last >> 4 !== 0xd) return digits.read(source, at, end, units)
      if ((last & 15) > 9) return undefined
      const ahead = units === 1 ? '' : digits.read(source, at, end - 1, units - 1)
      return ahead === undefined ? undefined : sign + ahead + String(last & 15)
    },
  }
}

/** Zeros go between the sign and the digits. */
export function padZoned(value: string, missing: number): string {
  const zeros = '0'.repeat(missing)
  return value.startsWith(sign) ? sign + zeros + value.substring(1) : zeros + value
}
