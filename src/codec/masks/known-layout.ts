// Values whose layout a dialect declares: parts of known width, such as the MTI, trace number and time of an original
// transaction. Their digits are no card number by chance, so they are shown, unless they are not what was declared.

import { cardWindows } from '../../base/text/card-number.js'
import type { LayoutPart } from '../dialect.js'

interface Part {
  readonly width: number
  /** The form that the part must have; digits and text of any kind otherwise. */
  readonly form: RegExp
  /** True for a time: text that fits it is no stretch of a card number. */
  readonly isTime: boolean
}

const month = '(?:0[1-9]|1[0-2])'
const date = `${month}(?:0[1-9]|[12]\\d|3[01])`
const time = '(?:[01]\\d|2[0-3])[0-5]\\d[0-5]\\d'
const telling: Readonly<Record<string, RegExp>> = {
  mti: /^[0-289][1-8][0-589][0-5]$/,
  MMDD: new RegExp(`^(?:${date}|0000)$`),
  MMDDhhmmss: new RegExp(`^(?:${date}${time}|0{10})$`),
  YYMMDDhhmmss: new RegExp(`^(?:\\d\\d${date}${time}|0{12})$`),
  sign: /^[CD]$/,
  // Larger amounts and batch numbers are none that anybody has: a card number would begin so.
  amount: /^00\d{10}$/,
  batch: /^0\d{5}$/,
}
const widths: Readonly<Record<string, number>> = {
  ...{ mti: 4, MMDD: 4, MMDDhhmmss: 10, YYMMDDhhmmss: 12, sign: 1, amount: 12, batch: 6 },
}

const partOf = (name: LayoutPart): Part => {
  const form = telling[name]
  if (form !== undefined) return { width: widths[name] as number, form, isTime: name.endsWith('hhmmss') }
  const [kind, width] = name.split(' ')
  return { width: Number(width), form: kind === 'n' ? /^\d+$/ : /^[\x20-\x7e]+$/, isTime: false }
}

/** A stretch of the value. */
interface Placed extends Part {
  readonly at: number
  readonly end: number
}

/**
 * True where the value is what its layout says, from the first part on, as often as the parts are repeated, and holds no
 * card number that reaches over the borders of its parts.
 */
export function fitsLayout(value: string, layout: readonly LayoutPart[]): boolean {
  const parts = placedParts(value, layout.map(partOf))
  return parts !== undefined && !cardWindows(onlyDigits(value)).some((found) => isCard(value, parts, found))
}

/** Everything but a digit becomes a character that no number holds, so that places stay the same. */
const onlyDigits = (value: string) => value.replace(/\D/g, 'x')

/** Undefined where a part is not what it should be. The last part may be cut: trailing parts are optional. */
function placedParts(value: string, layout: readonly Part[]): readonly Placed[] | undefined {
  const placed: Placed[] = []
  for (let at = 0, index = 0; at < value.length; index++) {
    const part = layout[index % layout.length] as Part
    const end = Math.min(value.length, at + part.width)
    if (!part.form.test(value.slice(at, end))) return undefined
    placed.push({ ...part, at, end })
    at = end
  }
  return placed
}

/** Digits of a time that a stretch has in common with it, to be taken for a time and no card number. */
const tellingDigits = 4
/** Digits of the narrowest part that is filled up with zeros. */
const narrowestFilled = 6

function isCard(value: string, parts: readonly Placed[], [start, end]: readonly [number, number]): boolean {
  if (start === 0 && end === value.length) return true
  return !parts.some(({ at, end: partEnd, isTime, width }) => {
    if (isTime) return Math.min(end, partEnd) - Math.max(start, at) >= tellingDigits
    // A number filled up with zeros begins within the stretch: it is two numbers.
    return width >= narrowestFilled && at > start && at < end && value.startsWith('00', at)
  })
}
