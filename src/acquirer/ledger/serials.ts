// Serial numbers of reference numbers that were reserved, by day: hosts that share the ledger give none twice.

import { type DatabaseSync, withBusyTimeout } from './database.js'

/** The first of `count` numbers; undefined where the ledger cannot be written. `isUrgent`: another writer is waited for. */
export function prepareSerials(
  database: DatabaseSync,
): (day: string, count: number, isUrgent: boolean) => number | undefined {
  const take = database.prepare(`
    INSERT INTO serial (day, reserved) VALUES (?1, ?2)
    ON CONFLICT (day) DO UPDATE SET reserved = reserved + ?2 RETURNING reserved`)
  return (day, count, isUrgent) => {
    let first: number | undefined
    const reserve = () => {
      first = (take.get(day, count) as { reserved: number }).reserved - count
    }
    try {
      if (isUrgent) withBusyTimeout(database, reserve)
      else reserve()
    } catch {
      return undefined
    }
    return first
  }
}
