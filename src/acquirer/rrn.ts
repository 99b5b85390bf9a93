// Retrieval reference numbers (DE37, an 12): last digit of the year, day of the year, then a serial number.

import { createZone, type Zone } from '../base/zone.js'

const decimalSerials = 10 ** 8
/** `A0000000` in base 36: serials beyond eight digits begin with a letter, so that none is given twice. */
const firstLettered = 10 * 36 ** 7

/** Between the first numbers of two hosts that share a ledger: more than one gives out in a day of most. */
const hostSpan = 10 ** 7

/** Numbers that are unique among each other, up to 2 * 10^12 of them. `place`: of the hosts that share a ledger, which one. */
export function createRrnSource(zone: Zone, place = 0): (wallMs: number) => string {
  // A zone remembers its last text only: with one of our own, other formats do not displace it.
  const days = createZone(zone.name)
  let serial = place * hostSpan
  return (wallMs) => days.format('YYJJJ', wallMs).slice(1) + serialText(serial++)
}

/** Eight characters, different for every number. */
export function serialText(serial: number): string {
  if (serial < decimalSerials) return String(serial).padStart(8, '0')
  return (firstLettered + serial - decimalSerials).toString(36).toUpperCase()
}
