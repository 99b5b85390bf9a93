// Who has a shared ledger open. A holder keeps a lock of its session, so that every machine can tell whether it lives.

import { StartError } from '../../../base/errors.js'
import { thisProcess } from '../../../base/process/process-identity.js'
import type { CardDigest } from '../../../crypto/card/card-digest.js'
import type { PostgresPlace } from './postgres-place.js'
import { holderLock, postgresTables } from './postgres-schema.js'
import { cardCheckText, schemaVersion } from './schema.js'
import { atOnce, execute, first, insert, type Steps } from './store.js'

export interface PostgresOpening {
  readonly place: PostgresPlace
  readonly dialect: string
  readonly run: string
  readonly cardDigest: CardDigest
  /** Epoch ms. */
  readonly now: number
}

interface LedgerRow {
  readonly version: number
  readonly dialect: string
  readonly card_check: Uint8Array
}

interface OtherHolder {
  readonly run: string
  readonly pid: number
  readonly host: string
}

/** Makes the tables where there are none, and takes the lock; the holder's number. Throws StartError. */
export function takeHold(opening: PostgresOpening, own: number | undefined): Steps<number> {
  return atOnce(holdInside(opening, own))
}

function* holdInside(opening: PostgresOpening, own: number | undefined): Steps<number> {
  const { schema } = opening.place
  yield* prepareTables(opening)
  // A lock of a transaction can be had where the session of the holder has ended.
  yield* execute(
    `DELETE FROM holder WHERE id <> ?1 AND pg_try_advisory_xact_lock(${holderLock(schema, 'id')})`,
    own ?? 0,
  )
  const other = yield* first<OtherHolder>(
    'SELECT run, pid, host FROM holder WHERE run <> ?1 ORDER BY id LIMIT 1',
    opening.run,
  )
  if (other !== undefined) throw inUse(opening.place, other)
  const known = own === undefined ? undefined : yield* first('SELECT id FROM holder WHERE id = ?1', own)
  const id = known === undefined ? yield* addHolder(opening.run) : (own as number)
  yield* execute(`SELECT pg_advisory_lock(${holderLock(schema, 'CAST(?1 AS TEXT)')})`, String(id))
  return id
}

function* addHolder(run: string): Steps<number> {
  const { pid, start, host } = thisProcess()
  const id = yield* insert('INSERT INTO holder (run, pid, start, host) VALUES (?1, ?2, ?3, ?4)', run, pid, start, host)
  return id as number
}

function* prepareTables({ place, dialect, cardDigest, now }: PostgresOpening): Steps<void> {
  const { schema, shown } = place
  const check = cardDigest(cardCheckText)
  const made = yield* first(
    'SELECT 1 AS there FROM pg_tables WHERE schemaname = ?1 AND tablename = ?2',
    schema,
    'ledger',
  )
  if (made === undefined) {
    yield { sql: `CREATE SCHEMA IF NOT EXISTS ${schema};\n${postgresTables}`, wants: 'nothing', values: [] }
    yield* execute('INSERT INTO ledger VALUES (1, ?1, ?2, ?3, ?4)', schemaVersion, dialect, now, check)
    return
  }
  const row = (yield* first<LedgerRow>('SELECT version, dialect, card_check FROM ledger')) as LedgerRow
  const other = `name another one with ?schema=NAME`
  if (row.version !== schemaVersion)
    throw new StartError(`ledger ${shown} has version ${row.version}, this program needs ${schemaVersion}: ${other}`)
  if (row.dialect !== dialect)
    throw new StartError(`ledger ${shown} is kept in dialect ${row.dialect}, not ${dialect}: ${other}`)
  if (Buffer.compare(row.card_check, check) !== 0)
    throw new StartError(
      `ledger ${shown} was kept with another card key: copy the file of --ledger-key from the first machine, or ${other}`,
    )
}

function inUse({ shown }: PostgresPlace, { pid, host, run }: OtherHolder): StartError {
  return new StartError(
    `ledger ${shown} is in use by process ${pid} on ${host} (run ${run}): stop it, name another one with ?schema=NAME, or join it with --ledger-run ${run}`,
  )
}

/** Whether no holder before this one lives. */
export function* isFirstOf(schema: string, holder: number): Steps<boolean> {
  const row = yield* first<{ readonly alive: number }>(
    `SELECT count(*) AS alive FROM holder WHERE id < ?1 AND NOT pg_try_advisory_xact_lock(${holderLock(schema, 'id')})`,
    holder,
  )
  return row?.alive === 0
}
