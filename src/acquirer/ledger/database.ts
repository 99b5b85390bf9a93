// The ledger's file: opened, or created with its tables, and locked against processes of other runs.

import { type DatabaseSyncInstance, DatabaseSync as SqliteDatabase } from '@photostructure/sqlite'
import { StartError } from '../../base/errors.js'
import { type ProcessIdentity, type ProcessState, stateOf, thisProcess } from '../../base/process-identity.js'
import type { CardDigest } from '../../crypto/card/card-digest.js'
import { schema, schemaVersion, upgrades } from './schema.js'

export type DatabaseSync = DatabaseSyncInstance

/**
 * What a posting survives before its answer leaves. `memory`: nothing, there is no file. `process`: kill -9 of this
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

export interface OpenDatabase {
  readonly database: DatabaseSync
  /** The row of this opener in `holder`. */
  readonly holder: number
  /** Gives the lock back and closes. Idempotent. */
  close(): void
}

/**
 * A file in memory, of this opener alone. Not ':memory:': there every commit looks at every page ever written, which a
 * day of millions of postings feels.
 */
const inMemory = 'file:ledger?vfs=memdb'

/** How long opening waits for another process that writes, in ms. */
const openingMs = 5000
/**
 * Pages of 4 KiB in the write-ahead log before they are moved into the file, which stops the answers for milliseconds:
 * 128 MiB are some seconds at 10,000 postings a second, so that fewer than one answer in a hundred meets it.
 */
const checkpointPages = 32_768
/** KiB of pages that are kept in memory: those that postings touch, some hundred terminals at a time. */
const cacheKib = 65_536

/** Hashed with the card key, to tell a wrong key before it has made a second card of every card. */
const cardCheckText = 'isochron ledger'

/** Throws StartError for a file that cannot be used: no ledger, of another dialect or key, or in use. */
export function openDatabase(options: DatabaseOptions): OpenDatabase {
  const name = options.durability === 'memory' ? inMemory : (options.file ?? inMemory)
  let database: DatabaseSync | undefined
  try {
    const opened = new SqliteDatabase(name, { timeout: openingMs, enableForeignKeyConstraints: false })
    database = opened
    opened.exec(`PRAGMA journal_mode = ${name === inMemory ? 'MEMORY' : 'WAL'}`)
    opened.exec(`PRAGMA synchronous = ${options.durability === 'power' ? 'FULL' : 'OFF'}`)
    opened.exec(`PRAGMA cache_size = -${cacheKib}`)
    opened.exec(`PRAGMA wal_autocheckpoint = ${checkpointPages}`)
    const holder = prepareTransactions(opened)(() => {
      prepareTables(opened, name, options)
      return takeLock(opened, name, options.run)
    })
    opened.exec('PRAGMA busy_timeout = 0')
    return { database: opened, holder, close: () => release(opened, holder) }
  } catch (error) {
    database?.close()
    if (error instanceof StartError) throw error
    throw new StartError(`cannot open the ledger ${name}: ${(error as Error).message}`, { cause: error })
  }
}

export type Transactions = <Value>(work: () => Value) => Value

/** Runs work in one transaction. Throws what it throws, and then nothing of it has happened. */
export function prepareTransactions(database: DatabaseSync): Transactions {
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  return (work) => {
    begin.run()
    try {
      const value = work()
      commit.run()
      return value
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
  }
}

/**
 * While a ledger is opened or closed, another process that writes is waited for. In between nobody waits inside SQLite: a
 * busy ledger is tried again later, so that this process goes on.
 */
export function withBusyTimeout(database: DatabaseSync, work: () => void): void {
  database.exec(`PRAGMA busy_timeout = ${openingMs}`)
  try {
    work()
  } finally {
    database.exec('PRAGMA busy_timeout = 0')
  }
}

/** Another process is writing: to be tried again. */
export function isBusy(error: unknown): boolean {
  const { sqliteCode } = error as { sqliteCode?: unknown }
  if (typeof sqliteCode !== 'number') return false
  // The kind is in the lowest byte; above it SQLite says more, such as that a log is being recovered (261).
  const kind = sqliteCode & 0xff
  return kind === 5 || kind === 6
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

/** Whether this opener is the first of those that have the ledger open and live: the one who looks after the payouts. */
export function isFirstHolder(database: DatabaseSync, holder: number): boolean {
  const rows = database.prepare('SELECT * FROM holder WHERE id < ?').all(holder) as unknown as HolderRow[]
  return rows.every((row) => stateOf(row) === 'gone')
}

function release(database: DatabaseSync, holder: number): void {
  if (!database.isOpen) return
  try {
    withBusyTimeout(database, () => database.prepare('DELETE FROM holder WHERE id = ?').run(holder))
    // Whoever copies the file alone shall have everything.
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}
