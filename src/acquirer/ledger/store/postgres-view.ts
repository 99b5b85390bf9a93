// A ledger in PostgreSQL that is looked at and not opened: an acquirer may go on beside it.

import { StartError } from '../../../base/errors.js'
import { freshSeed } from '../../../base/random.js'
import { firstOf, headOf, headSql, type LedgerView } from './ledger-view.js'
import type { PostgresPlace } from './postgres-place.js'
import { openSession, type PostgresSession, readPages } from './postgres-session.js'

/** Rejects with StartError for a database that cannot be reached, or that holds no ledger of this version. */
export async function viewSharedLedger(place: PostgresPlace): Promise<LedgerView> {
  const { shown } = place
  let session: PostgresSession | undefined
  try {
    const opened = await openSession(place, `isochron books ${freshSeed().toString(36)}`, () => {})
    session = opened
    const { dialect } = headOf(shown, firstOf(await readPages(opened, headSql, [])))
    return {
      ...{ shown, dialect },
      readAll: (sql, ...values) => readPages(opened, sql, values),
      close: () => opened.close(),
    }
  } catch (cause) {
    await session?.close()
    if (cause instanceof StartError) throw cause
    throw new StartError(`cannot read the ledger ${shown}: ${(cause as Error).message}`, { cause })
  }
}
