// The ledger in a file: opened, or created with its tables, and locked against processes of other runs. Steps run at once.

import { type DatabaseSyncInstance, DatabaseSync as SqliteDatabase } from '@photostructure/sqlite'
import { StartError } from '../../../base/errors.js'
import {
  type ProcessIdentity,
  type ProcessState,
  stateOf,
  thisProcess,
} from '../../../base/process/process-identity.js'
import type { CardDigest } from '../../../crypto/card/card-digest.js'
import { cardCheckText, places, schema, schemaVersion, upgrades } from './schema.js'
import { all, type SqlRow, type SqlValue, type Statement, type Steps, type Store } from './store.js'

export type DatabaseSync = DatabaseSyncInstance

/**
 * The failure that a posting survives before its answer leaves. `memory`: none, there is no file. `process`: kill -9 of this
 * process, since the operating system has the pages. `power`: loss of power too, by an fsync for each group.
 */
export type Durability = 'memory' | 'process' | 'power'

export interface DatabaseOptions {
  /** Left out for `memory`. */
  readonly file?: string | undefined
  readonly durability: Durability
  readonly dialect: string
  /** Processes that give the same name share the ledger; others are kept out while one of them lives. */
  readonly run: string
  readonly cardDigest: CardDigest
  /** Epoch ms. */
  readonly now: number
}

export interface SqliteStore extends Store {
  readonly database: DatabaseSync
  /** Gives the lock back and closes. Idempotent. */
  close(): void
}

/**
 * A file in memory, of this opener alone. Not ':memory:': there every commit looks at every page ever written, which a
 * day of millions of postings feels.
 */
const inMemory = 'file:ledger?vfs=memdb'

/** How long opening waits for another process that writes, in ms. */
export const openingMs = 5000
/**
 * A page of a new ledger, in bytes. Each page that a group touches is two calls of the system: with pages of SQLite's usual 4 KiB a group of
 * 64 sales made twenty of them, and a sale cost 8 % more.
 */
const pageBytes = 8192
/**
 * Pages in the write-ahead log before they are moved into the file, which stops the answers for milliseconds:
 * 128 MiB are some seconds at 10,000 postings a second, so that fewer than one answer in a hundred meets it.
 */
const checkpointPages = 16_384
/** KiB of pages that are kept in memory: those that postings touch, some hundred terminals at a time. */
const cacheKib = 8_192

/** How often a ledger that another process is writing to is tried, in ms. */
const busyRetryMs = 0.5

/** Throws StartError for a file that cannot be used: no ledger, of another dialect or key, or in use. */
export function openSqliteStore(options: DatabaseOptions): SqliteStore {
  const name = options.durability === 'memory' ? inMemory : (options.file ?? inMemory)
  let database: DatabaseSync | undefined
  try {
    const opened = new SqliteDatabase(name, { timeout: openingMs, enableForeignKeyConstraints: false })
    database = opened
    opened.exec(`PRAGMA page_size = ${pageBytes}`)
    opened.exec(`PRAGMA journal_mode = ${name === inMemory ? 'MEMORY' : 'WAL'}`)
    opened.exec(`PRAGMA synchronous = ${options.durability === 'power' ? 'FULL' : 'OFF'}`)
    opened.exec(`PRAGMA cache_size = -${cacheKib}`)
    opened.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`)
    const holder = inTransaction(opened, () => {
      prepareTables(opened, name, options)
      return takeLock(opened, name, options.run)
    })
    opened.exec(places)
    opened.exec('PRAGMA busy_timeout = 0')
    return storeOf(opened, holder, name)
  } catch (error) {
    database?.close()
    if (error instanceof StartError) throw error
    throw new StartError(`cannot open the ledger ${name}: ${wordsOf(error)}`, { cause: error })
  }
}

function storeOf(database: DatabaseSync, holder: number, name: string): SqliteStore {
  const drive = createDriver(database)
  return {
    database,
    takesRowsAtOnce: false,
    run(steps, done, failed, isPatient = false) {
      let value: Parameters<typeof done>[0]
      try {
        value = isPatient ? withBusyTimeout(database, () => drive(steps)) : drive(steps)
      } catch (error) {
        return failed(isBusy(error) ? (error as Error) : new Error(`${name}: ${wordsOf(error)}`, { cause: error }))
      }
      done(value)
    },
    readAll: async (sql, values) => sqliteRows(database, sql, values),
    isFirstHolder: () => isFirstHolder(holder),
    retryMs: (error) => (isBusy(error) ? busyRetryMs : undefined),
    isInDoubt: () => false,
    close: () => release(database, holder, name),
  }
}

/** Statements that are being read. The library crashes the process when one is collected before its last row. */
const beingRead = new Set<unknown>()

/** The rows of a query, read as they are asked for. */
export function* sqliteRows(database: DatabaseSync, sql: string, values: readonly SqlValue[]): Generator<SqlRow> {
  const statement = database.prepare(sql)
  beingRead.add(statement)
  try {
    yield* statement.iterate(...values) as Iterable<SqlRow>
  } finally {
    beingRead.delete(statement)
  }
}

const nothing: readonly SqlRow[] = []
const some = (row: SqlRow | undefined) => (row === undefined ? nothing : [row])

/** Statements are prepared once, and late indexes made when they are first needed. */
function createDriver(database: DatabaseSync): <Value>(steps: Steps<Value>) => Value {
  const prepared = new Map<string, ReturnType<DatabaseSync['prepare']>>()
  const made = new Set<string>()
  const prepare = ({ sql, index }: Pick<Statement, 'sql' | 'index'>) => {
    if (index !== undefined && !made.has(index)) {
      database.exec(index)
      made.add(index)
    }
    const statement = database.prepare(sql === 'BEGIN' ? 'BEGIN IMMEDIATE' : sql)
    prepared.set(sql, statement)
    return statement
  }
  const runOne = (statement: Statement): readonly SqlRow[] => {
    const { sql, wants } = statement
    if (sql === 'ROLLBACK' && !database.isTransaction) return nothing
    const ready = prepared.get(sql) ?? prepare(statement)
    const values = statement.values as SqlValue[]
    if (wants === 'rows') return ready.all(...values) as SqlRow[]
    if (wants === 'row') return some(ready.get(...values) as SqlRow | undefined)
    const { changes, lastInsertRowid } = ready.run(...values)
    if (wants === 'changes') return [{ changes: Number(changes), id: Number(lastInsertRowid) }]
    return wants === 'id' && changes > 0 ? [{ id: Number(lastInsertRowid) }] : nothing
  }
  return (steps) => {
    let next = steps.next()
    while (next.done !== true) {
      let rows: readonly SqlRow[]
      try {
        rows = runOne(next.value)
      } catch (error) {
        next = steps.throw(error)
        continue
      }
      next = steps.next(rows)
    }
    return next.value
  }
}

function inTransaction<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec('BEGIN IMMEDIATE')
  try {
    const value = work()
    database.exec('COMMIT')
    return value
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

/**
 * While a ledger is opened or closed, another process that writes is waited for. In between nobody waits inside SQLite: a
 * busy ledger is tried again later, so that this process goes on.
 */
function withBusyTimeout<Value>(database: DatabaseSync, work: () => Value): Value {
  database.exec(`PRAGMA busy_timeout = ${openingMs}`)
  try {
    return work()
  } finally {
    database.exec('PRAGMA busy_timeout = 0')
  }
}

/** Another process is writing: to be tried again. */
export function isBusy(error: unknown): boolean {
  const { sqliteCode, message } = error as { sqliteCode?: unknown; message?: unknown }
  // Reading all rows fails without a code.
  if (typeof sqliteCode !== 'number') return message === 'database is locked' || message === 'database table is locked'
  // The kind is in the lowest byte; above it SQLite says more, such as that a log is being recovered (261).
  const kind = sqliteCode & 0xff
  return kind === 5 || kind === 6
}

/** Primary result codes of SQLite that speak of the disk (sqlite.org/rescode.html), and what to do. */
const troubles: Readonly<Record<number, string>> = {
  8: 'the file or its folder can only be read: let this user write there',
  10: 'the disk is full or has failed, or a quota or a limit of the file size is used up (ulimit -f)',
  11: 'the file is damaged: restore a copy of it',
  13: 'the disk is full: make room there, and it goes on',
  14: 'the file cannot be opened: is the folder there, and may this user write to it?',
  26: 'it is no SQLite database',
}

/** The trouble of SQLite in words. */
export function wordsOf(error: unknown): string {
  const { sqliteCode, message } = error as { readonly sqliteCode?: unknown; readonly message: string }
  const words = typeof sqliteCode === 'number' ? troubles[sqliteCode & 0xff] : undefined
  return words === undefined ? message : `${words} (${message})`
}

interface LedgerRow {
  readonly version: number
  readonly dialect: string
  readonly card_check: Uint8Array
}

function prepareTables(database: DatabaseSync, name: string, { dialect, cardDigest, now }: DatabaseOptions): void {
  const check = cardDigest(cardCheckText)
  const tables = database.prepare('SELECT name FROM sqlite_schema WHERE type = ?').all('table') as { name: string }[]
  if (tables.length === 0) {
    database.exec(schema)
    database.prepare('INSERT INTO ledger VALUES (1, ?, ?, ?, ?)').run(schemaVersion, dialect, now, check)
    return
  }
  if (!tables.some((table) => table.name === 'holder'))
    throw new StartError(`${name} is a database of something else: name another file for the ledger`)
  const row = database.prepare('SELECT version, dialect, card_check FROM ledger').get() as LedgerRow
  if (row.version !== schemaVersion && !Object.hasOwn(upgrades, row.version))
    throw new StartError(
      `ledger ${name} has version ${row.version}, this program needs ${schemaVersion}: name a new file`,
    )
  if (row.dialect !== dialect)
    throw new StartError(`ledger ${name} is kept in dialect ${row.dialect}, not ${dialect}: name another file`)
  if (Buffer.compare(row.card_check, check) !== 0)
    throw new StartError(`ledger ${name} was kept with another card key: put its key file back, or name a new ledger`)
  bringUpToDate(database, row.version)
}

function bringUpToDate(database: DatabaseSync, version: number): void {
  for (let from = version; from < schemaVersion; from++) {
    database.exec(upgrades[from] as string)
    database.prepare('UPDATE ledger SET version = ?').run(from + 1)
  }
}

interface HolderRow extends ProcessIdentity {
  readonly id: number
  readonly run: string
}

/** Rows of processes that are gone, kill -9 included, are removed. */
function takeLock(database: DatabaseSync, name: string, run: string): number {
  for (const row of database.prepare('SELECT * FROM holder').all() as unknown as HolderRow[]) {
    const state = stateOf(row)
    if (state === 'gone') database.prepare('DELETE FROM holder WHERE id = ?').run(row.id)
    else if (row.run !== run) throw inUse(name, row, state)
  }
  const { pid, start, host } = thisProcess()
  const add = database.prepare('INSERT INTO holder (run, pid, start, host) VALUES (?, ?, ?, ?)')
  return Number(add.run(run, pid, start, host).lastInsertRowid)
}

function inUse(name: string, { pid, host, run }: HolderRow, state: ProcessState): StartError {
  const others = `stop it, name another file, or join it with --ledger-run ${run}`
  if (state !== 'elsewhere') return new StartError(`ledger ${name} is in use by process ${pid} (run ${run}): ${others}`)
  return new StartError(
    `ledger ${name} is in use by process ${pid} on ${host} (run ${run}), which cannot be looked for from here: ${others}; if it has ended, run sqlite3 ${name} 'DELETE FROM holder'`,
  )
}

function* isFirstHolder(holder: number): Steps<boolean> {
  const rows = yield* all<HolderRow>('SELECT * FROM holder WHERE id < ?1', holder)
  return rows.every((row) => stateOf(row) === 'gone')
}

/** Throws Error with the file's name when it cannot be tidied: it is closed then, and whoever opens it next tidies it. */
function release(database: DatabaseSync, holder: number, name: string): void {
  if (!database.isOpen) return
  try {
    withBusyTimeout(database, () => database.prepare('DELETE FROM holder WHERE id = ?').run(holder))
    // Whoever copies the file alone shall have everything.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } catch (error) {
    throw new Error(`${name}: ${wordsOf(error)}`, { cause: error })
  } finally {
    database.close()
  }
}
