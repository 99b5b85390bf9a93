// Serial numbers of reference numbers that were reserved, by day: hosts that share the ledger give none twice.

import { first, type Steps } from '../store/store.js'

/** The first of `count` numbers of this day that were not reserved before. One statement, so that it needs no transaction. */
export function* reserveSerials(day: string, count: number): Steps<number> {
  const row = yield* first<{ readonly reserved: number }>(
    `INSERT INTO serial (day, reserved) VALUES (?1, ?2)
      ON CONFLICT (day) DO UPDATE SET reserved = serial.reserved + ?2 RETURNING reserved`,
    day,
    count,
  )
  return (row as { readonly reserved: number }).reserved - count
}
