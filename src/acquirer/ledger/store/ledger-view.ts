// A ledger that is looked at and not opened: nothing is locked, nothing is written, and an acquirer may go on beside it.

import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { StartError } from '../../../base/errors.js'
import { schemaVersion } from './schema.js'
import { openingMs, sqliteRows, wordsOf } from './sqlite-store.js'
import type { SqlRow, SqlValue } from './store.js'

export interface LedgerView {
  /** For people: a file's name, or the URL of a database. */
  readonly shown: string
  readonly dialect: string
  /** The rows of a query; parameters are `?1`, `?2` … */
  readAll(sql: string, ...values: SqlValue[]): Promise<Iterable<SqlRow>>
  /** Idempotent. */
  close(): Promise<void>
}

/** Throws StartError for a file that is not there, or that is no ledger of this version. */
export function viewLedgerFile(file: string): LedgerView {
  let database: DatabaseSyncInstance | undefined
  try {
    const opened = new DatabaseSync(file, { readOnly: true, timeout: openingMs })
    database = opened
    const { dialect } = headOf(file, firstOf(sqliteRows(opened, headSql, [])))
    return {
      ...{ shown: file, dialect },
      readAll: async (sql, ...values) => sqliteRows(opened, sql, values),
      close: async () => {
        if (opened.isOpen) opened.close()
      },
    }
  } catch (cause) {
    database?.close()
    if (cause instanceof StartError) throw cause
    throw new StartError(`cannot read the ledger ${file}: ${wordsOf(cause)}`, { cause })
  }
}

export const headSql = 'SELECT version, dialect FROM ledger'

/** Throws StartError for a ledger of another version. */
export function headOf(shown: string, row: SqlRow | undefined): { readonly dialect: string } {
  const { version, dialect } = (row ?? {}) as { readonly version?: number; readonly dialect?: string }
  if (version === schemaVersion && dialect !== undefined) return { dialect }
  throw new StartError(
    `ledger ${shown} has version ${version ?? 'none'}, and this program reads ${schemaVersion}: an acquirer that is started on it once brings an older one up to date`,
  )
}

export function firstOf(rows: Iterable<SqlRow>): SqlRow | undefined {
  for (const row of rows) return row
  return undefined
}
