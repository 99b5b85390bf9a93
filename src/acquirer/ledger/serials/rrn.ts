// Retrieval reference numbers (DE37, an 12): last digit of the year, day of the year, then a serial number of the day.
//
// Rule: no number of a day is given twice, by whichever host that shares the ledger, and after whatever restart: serial
// numbers are reserved in the ledger before they are given, some thousand at a time.

import { threeDigits } from '../../../base/text/digits.js'
import type { Zone } from '../../../base/zone.js'

const decimalSerials = 10 ** 8
/** `A0000000` in base 36: serials beyond eight digits begin with a letter, so that none is given twice. */
const firstLettered = 10 * 36 ** 7

/** Serial numbers reserved at a time: few writes, and few numbers lost by a restart. */
export const reservedSerials = 10_000

/**
 * The first of `count` numbers of this day, which are the caller's alone. Undefined: they cannot be had now; `isUrgent`
 * waits for another process that writes.
 */
export type Reserve = (day: string, count: number, isUrgent: boolean) => number | undefined

interface Range {
  /** YJJJ */
  readonly day: string
  readonly first: number
  readonly end: number
}

export interface RrnSourceOptions {
  readonly zone: Zone
  /** Epoch ms. */
  readonly now: number
  /** Left out: the numbers are unique among each other. */
  readonly reserve?: Reserve | undefined
}

/** YJJJ of an instant, with which its reference numbers begin. */
export function dayOfSerials(zone: Zone): (wallMs: number) => string {
  const days = zone.formatter('YYJJJ')
  let dayAndYear = ''
  let day = ''
  return (wallMs) => {
    const now = days(wallMs)
    if (now !== dayAndYear) {
      dayAndYear = now
      day = now.slice(1)
    }
    return day
  }
}

export function createRrnSource({
  zone,
  now,
  reserve = reserveInMemory(),
}: RrnSourceOptions): (wallMs: number) => string {
  const dayOf = dayOfSerials(zone)
  const take = (day: string, isUrgent: boolean): Range | undefined => {
    const first = reserve(day, reservedSerials, isUrgent)
    return first === undefined ? undefined : { day, first, end: first + reservedSerials }
  }
  let own = take(dayOf(now), true) ?? { day: dayOf(now), first: 0, end: reservedSerials }
  let next = own.first
  let ahead: Range | undefined
  const textOf = createNumberText()
  const goOnWith = (range: Range) => {
    own = range
    next = range.first
    ahead = undefined
  }

  return (wallMs) => {
    const day = dayOf(wallMs)
    // While none of the new day can be had, those of the day before are as good.
    const isShort = day !== own.day || next - own.first >= reservedSerials / 2
    if (isShort && ahead?.day !== day) ahead = take(day, false)
    if (ahead !== undefined && (ahead.day !== own.day || next === own.end)) goOnWith(ahead)
    // A ledger that cannot be written posts nothing: what these numbers name is in no books.
    if (next === own.end) goOnWith(take(day, true) ?? { ...own, first: own.end, end: own.end + reservedSerials })
    return textOf(own.day, next++)
  }
}

function reserveInMemory(): Reserve {
  const reserved = new Map<string, number>()
  return (day, count) => {
    const first = reserved.get(day) ?? 0
    reserved.set(day, first + count)
    return first
  }
}

/** Day and serial as one text. A thousand numbers share all but their last three digits, which is all that is made anew. */
function createNumberText(): (day: string, serial: number) => string {
  let begin = ''
  let beginOf = Number.NaN
  let beginDay = ''
  return (day, serial) => {
    if (serial >= decimalSerials) return day + serialText(serial)
    const thousand = Math.floor(serial / 1000)
    if (thousand !== beginOf || day !== beginDay) {
      begin = day + serialText(serial).slice(0, -3)
      beginOf = thousand
      beginDay = day
    }
    return begin + threeDigits(serial % 1000)
  }
}

/** Eight characters, different for every number. */
export function serialText(serial: number): string {
  if (serial < decimalSerials) return String(serial).padStart(8, '0')
  return (firstLettered + serial - decimalSerials).toString(36).toUpperCase()
}
