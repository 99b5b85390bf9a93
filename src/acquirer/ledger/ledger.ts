// The ledger: every request that moves money, in a file that survives its process. Several processes may share the file.
//
// Rule: post() returns when its operations are as safe as the durability says; no answer may leave before.

import { amountText } from '../../codec/amount.js'
import type { Dialect } from '../../codec/dialect.js'
import { type CardDigest, createCardDigest } from '../../crypto/card/card-digest.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Decision } from '../posting.js'
import { readRows } from './book-rows.js'
import type { BookRules } from './book-rules.js'
import {
  type DatabaseSync,
  type Durability,
  isFirstHolder,
  openDatabase,
  prepareTransactions,
  type Transactions,
  withBusyTimeout,
} from './database.js'
import { type Entries, prepareEntries } from './entries.js'
import { type LedgerMark, ledgerBegin, type MarkedJournal, markRun } from './marks.js'
import type { Operation } from './operation.js'
import { type BatchBooks, prepareBatches } from './post-batch.js'
import { type MoneyOperation, postMoney } from './post-money.js'
import { postReversal } from './post-reversal.js'
import type { Reserve } from './rrn.js'
import { prepareSerials } from './serials.js'

export interface LedgerOptions {
  /** Left out: in memory. */
  readonly file?: string | undefined
  readonly durability: Durability
  readonly dialect: Dialect
  /** Processes that give the same name share the ledger. */
  readonly run: string
  /** Of the keyed hash of card numbers: 32 bytes that are kept beside the ledger, not in it. */
  readonly cardKey: Uint8Array
  /** Epoch ms. */
  readonly now: number
}

/** What every card has at the beginning, in minor units: 10,000.00 in most currencies. */
export const openingBalance = 1_000_000

export interface Ledger extends Disposable {
  readonly cardDigest: CardDigest
  /** For the settlement, which keeps its books in the same file. */
  readonly database: DatabaseSync
  /** Runs work on the database in one transaction. */
  readonly atOnce: Transactions
  /** Numbers of this day that nobody else is given: see Reserve in rrn.ts. */
  readonly reserve: Reserve
  /** Of the processes that share the ledger, one looks after the payouts. */
  isPayer(): boolean
  /** Posts a group in one transaction, in order. Throws when nothing of it was posted; isBusy says whether to try again. */
  post(operations: readonly Operation[]): readonly Decision[]
  /** The transactions as the books have them; what only its reversal was seen of is left out. */
  rows(since?: LedgerMark): Iterable<BookRow>
  /** Where a run begins; see markRun. */
  mark(journal: MarkedJournal | undefined): LedgerMark
  /** Idempotent. */
  close(): void
}

/** Throws StartError for a file that cannot be used. The dialect must have ledger rules. */
export function openLedger(options: LedgerOptions): Ledger {
  const { dialect, cardKey } = options
  const cardDigest = createCardDigest(cardKey)
  const { ledger } = dialect.rules
  if (ledger === undefined) throw new Error(`dialect ${dialect.name} has no rules for a ledger`)
  const { database, holder, close } = openDatabase({ ...options, dialect: dialect.name, cardDigest })
  const rules: BookRules = { codes: dialect.rules.codes, ledger, partial: dialect.rules.partial ?? [] }
  const atOnce = prepareTransactions(database)
  const entries = prepareEntries(database)
  const batches = prepareBatches(database, entries, rules)
  const books = { entries, batches, rules }

  return {
    cardDigest,
    database,
    atOnce,
    reserve: prepareSerials(database),
    isPayer: () => isFirstHolder(database, holder),
    post(operations) {
      try {
        return atOnce(() => operations.map((operation) => postOne(books, operation)))
      } catch (error) {
        entries.forget()
        throw error
      }
    },
    rows: (since) => readRows(database, since?.entry),
    mark: (journal) => {
      let mark = ledgerBegin
      withBusyTimeout(database, () => {
        mark = atOnce(() => markRun(database, journal))
      })
      return mark
    },
    close,
    [Symbol.dispose]: close,
  }
}

interface Books {
  readonly entries: Entries
  readonly batches: BatchBooks
  readonly rules: BookRules
}

function postOne({ entries, batches, rules }: Books, operation: Operation): Decision {
  switch (operation.effect) {
    case 'reverse':
      return postReversal(entries, rules, operation)
    case 'inquire':
      return inquire(entries, operation)
    case 'openBatch':
    case 'settle':
    case 'upload':
      return batches[operation.effect](operation)
    default:
      return postMoney(entries, rules, operation as MoneyOperation)
  }
}

/** Twelve digits; an account is never shown overdrawn, because answers say credit. */
function inquire(entries: Entries, { decision, card }: Operation): Decision {
  const spent = card === undefined ? 0 : entries.spent(entries.card(card))
  const balance = amountText(Math.max(0, openingBalance - spent))
  return { ...decision, balance }
}
