// The flags that say where the acquirer's ledger is, and how to get at it.

import type { LedgerAccess } from '../../run/hosts/ledger-file.js'
import { text } from './options.js'

export const ledgerOptions = {
  ledger: text(
    'ledger',
    "the acquirer's ledger: a file, read by sqlite3, or postgres://USER@HOST/DATABASE, shared by several machines; left out: a temporary file",
  ),
  'ledger-run': text('ledger-run', 'acquirers that give the same name share one ledger; others are kept out'),
  'ledger-key': text(
    'ledger-key',
    'file of the key of card hashes for a ledger in a database: made when missing, the same on every machine',
  ),
  'ledger-password': text(
    'ledger-password',
    'file of the password to the database, mode 0600; left out: PGPASSWORD or ~/.pgpass',
  ),
} as const

interface LedgerFlags {
  readonly 'ledger-run'?: string | undefined
  readonly 'ledger-key'?: string | undefined
  readonly 'ledger-password'?: string | undefined
}

export const ledgerAccessOf = (flags: LedgerFlags): LedgerAccess => ({
  run: flags['ledger-run'],
  keyFile: flags['ledger-key'],
  passwordFile: flags['ledger-password'],
})
