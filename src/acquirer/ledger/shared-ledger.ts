// A ledger that acquirers on several machines share: the same books, in a PostgreSQL.

import type { Clock } from '../../base/clock.js'
import type { Zone } from '../../base/zone.js'
import type { Dialect } from '../../codec/dialect.js'
import { createCardDigest } from '../../crypto/card/card-digest.js'
import { type Ledger, ledgerOver } from './ledger.js'
import { dayOfSerials, type Reserve } from './serials/rrn.js'
import { reserveSerials } from './serials/serials.js'
import { filledStock, stockedSerials } from './serials/stock.js'
import type { PostgresPlace } from './store/postgres-place.js'
import { openPostgresStore } from './store/postgres-store.js'
import type { Store } from './store/store.js'

export interface SharedLedgerOptions {
  readonly place: PostgresPlace
  readonly dialect: Dialect
  /** Processes that give the same name share the ledger. */
  readonly run: string
  /** The key for the hash of card numbers: the same on every machine, and not in the database. */
  readonly cardKey: Uint8Array
  readonly clock: Clock
  /** The zone of the days in reference numbers. */
  readonly zone: Zone
  readonly onTrouble?: ((line: string) => void) | undefined
}

/** Rejects with StartError for a database that cannot be reached, is in use, or was kept with another key or dialect. */
export async function openSharedLedger(options: SharedLedgerOptions): Promise<Ledger> {
  const { dialect, clock, zone } = options
  const cardDigest = createCardDigest(options.cardKey)
  const store = await openPostgresStore({ ...options, dialect: dialect.name, cardDigest, now: clock.wall() })
  const reserve = await stockFrom(store, dayOfSerials(zone)(clock.wall()))
  return ledgerOver(store, dialect, cardDigest, reserve)
}

const stockFrom = (store: Store, today: string): Promise<Reserve> =>
  filledStock(today, (day, then) => store.run(reserveSerials(day, stockedSerials), then, () => then(undefined)))
