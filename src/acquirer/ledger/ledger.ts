// The ledger: every request that moves money, in a file that survives its process. Several processes may share the file.
//
// Rule: post() returns when its operations are as safe as the durability says; no answer may leave before.

import { amountText } from '../../codec/amount.js'
import type { Dialect } from '../../codec/dialect.js'
import { type CardDigest, createCardDigest } from '../../crypto/card/card-digest.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Decision } from '../posting.js'
import { asBookRows, bookRowsSql } from './book-rows.js'
import type { BookRules } from './book-rules.js'
import { type LedgerMark, type MarkedJournal, markRun } from './marks.js'
import type { Operation } from './operation.js'
import { type BatchBooks, prepareBatches } from './post-batch.js'
import { isPlain, type MoneyOperation, type PlainPosting, postMoney, preparePlain } from './post-money.js'
import { postReversal } from './post-reversal.js'
import { type Entries, prepareEntries } from './rows/entries.js'
import type { Reserve } from './serials/rrn.js'
import { reserveSerials } from './serials/serials.js'
import { type DatabaseSync, type Durability, openSqliteStore } from './store/sqlite-store.js'
import { atOnce, runSteps, type Steps, type Store } from './store/store.js'

export interface LedgerOptions {
  /** Left out: in memory. */
  readonly file?: string | undefined
  readonly durability: Durability
  readonly dialect: Dialect
  /** Processes that give the same name share the ledger. */
  readonly run: string
  /** The key for the hash of card numbers: 32 bytes that are kept beside the ledger, not in it. */
  readonly cardKey: Uint8Array
  /** Epoch ms. */
  readonly now: number
}

/** The balance of every card at the beginning, in minor units: 10,000.00 in most currencies. */
export const openingBalance = 1_000_000

export interface Ledger {
  readonly cardDigest: CardDigest
  /** For the settlement, which keeps its books beside the postings. */
  readonly store: Store
  /** Numbers of this day that nobody else is given: see Reserve in rrn.ts. */
  readonly reserve: Reserve
  /** Posts a group in one transaction, in order. When it fails nothing of it was posted, unless the store is in doubt. */
  post(
    operations: readonly Operation[],
    done: (decisions: readonly Decision[]) => void,
    failed: (error: Error) => void,
  ): void
  /** The transactions as the books have them; what only its reversal was seen of is left out. */
  rows(since?: LedgerMark): Promise<Iterable<BookRow>>
  /** Where a run begins; see markRun. */
  mark(journal: MarkedJournal | undefined): Promise<LedgerMark>
  /** Idempotent. */
  close(): void | Promise<void>
}

/** A ledger in a file or in memory. */
export interface FileLedger extends Ledger, Disposable {
  readonly database: DatabaseSync
  close(): void
}

/** Throws StartError for a file that cannot be used. The dialect must have ledger rules. */
export function openLedger(options: LedgerOptions): FileLedger {
  const cardDigest = createCardDigest(options.cardKey)
  const store = openSqliteStore({ ...options, dialect: options.dialect.name, cardDigest })
  const { close, database } = store
  const ledger = ledgerOver(store, options.dialect, cardDigest, reserveNow(store))
  return { ...ledger, database, close, [Symbol.dispose]: close }
}

export function ledgerOver(store: Store, dialect: Dialect, cardDigest: CardDigest, reserve: Reserve): Ledger {
  const { ledger } = dialect.rules
  if (ledger === undefined) throw new Error(`dialect ${dialect.name} has no rules for a ledger`)
  const rules: BookRules = { codes: dialect.rules.codes, ledger, partial: dialect.rules.partial ?? [] }
  const entries = prepareEntries(store.takesRowsAtOnce)
  const books = { entries, batches: prepareBatches(entries, rules), postPlain: preparePlain(entries, rules), rules }
  return {
    ...{ cardDigest, store, reserve },
    post: (operations, done, failed) =>
      store.run(atOnce(postAll(books, operations)), done, (error) => {
        entries.forget()
        failed(error)
      }),
    rows: async (since) => asBookRows(await store.readAll(bookRowsSql, [since?.entry ?? 0])),
    mark: (journal) => runSteps(store, atOnce(markRun(journal)), true),
    close: () => store.close(),
  }
}

/** In a store that runs steps at once. */
function reserveNow(store: Store): Reserve {
  return (day, count, isUrgent) => {
    let reserved: number | undefined
    const keep = (serial: number) => {
      reserved = serial
    }
    store.run(reserveSerials(day, count), keep, () => {}, isUrgent)
    return reserved
  }
}

interface Books {
  readonly entries: Entries
  readonly batches: BatchBooks
  readonly postPlain: PlainPosting
  readonly rules: BookRules
}

/** Neighbours that name no other transaction are posted together. */
function* postAll(books: Books, operations: readonly Operation[]): Steps<readonly Decision[]> {
  yield* books.entries.know(operations)
  if (endOfPlain(operations, 0) === operations.length)
    return yield* books.postPlain(operations as readonly MoneyOperation[])
  const decisions: Decision[] = []
  for (let from = 0; from < operations.length; ) {
    const to = endOfPlain(operations, from)
    if (to > from) {
      const plain = operations.slice(from, to) as readonly MoneyOperation[]
      decisions.push(...(yield* books.postPlain(plain)))
    } else decisions.push(yield* postOne(books, operations[from] as Operation))
    from = Math.max(to, from + 1)
  }
  return decisions
}

function endOfPlain(operations: readonly Operation[], from: number): number {
  let to = from
  while (to < operations.length && isPlain(operations[to] as Operation)) to++
  return to
}

function postOne({ entries, batches, rules }: Books, operation: Operation): Steps<Decision> {
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
function* inquire(entries: Entries, { decision, card }: Operation): Steps<Decision> {
  const spent = card === undefined ? 0 : yield* entries.spent(yield* entries.card(card))
  const balance = amountText(Math.max(0, openingBalance - spent))
  return { ...decision, balance }
}
