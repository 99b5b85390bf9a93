// The books after a run whose parts left their journals on many machines: all of them against one ledger of our acquirers.

import { asBookRows, bookRowsSql } from '../../acquirer/ledger/book-rows.js'
import { journalEntrySql } from '../../acquirer/ledger/marks.js'
import type { LedgerView } from '../../acquirer/ledger/store/ledger-view.js'
import { UsageError } from '../../base/errors.js'
import { inSlices } from '../../base/slices.js'
import { agreeing, counted } from '../../base/text/counted.js'
import { type BookRow, type Books, booksOfTerminals, comparingBooks } from '../../measure/money/books.js'
import { createSpillFile } from '../disk/spill-file.js'
import { partsWithoutJournal } from '../terminals/journal-of-part.js'
import { type ReadJournal, readJournals } from './read-journal.js'

export interface BooksQuestion {
  readonly journals: readonly string[]
  readonly ledger: LedgerView
  /** Compares what was posted since then (epoch ms), or everything; left out: since the first of the journals began. */
  readonly since?: number | 'begin' | undefined
  /** Leaves out transactions of terminals that are in none of the journals. */
  readonly ownTerminals?: boolean | undefined
}

export interface JournalBooks {
  readonly books: Books
  readonly journals: readonly Pick<ReadJournal, 'file' | 'beganAt' | 'size' | 'owed' | 'isInUse'>[]
  /** Transactions of the ledger that are older than what is compared, and those of terminals that no journal knows. */
  readonly leftOut: { readonly older: number; readonly otherTerminals: number }
}

/** Throws UsageError for journals that do not belong to the ledger, StartError for files that cannot be read. */
export async function compareJournals(question: BooksQuestion): Promise<JournalBooks> {
  const spill = createSpillFile()
  try {
    const journals = readJournals(question.journals, spill)
    requireDialect(journals, question.ledger)
    const from = await firstEntry(journals, question)
    const older = await countUntil(question.ledger, from)
    const terminals = question.ownTerminals === true ? terminalsOf(journals) : undefined
    let otherTerminals = 0
    const ledgerRows = asBookRows(await question.ledger.readAll(bookRowsSql, from))
    function* compared(): Iterable<BookRow> {
      for (const row of ledgerRows) {
        if (terminals?.has(row.terminal) === false) otherTerminals++
        else yield row
      }
    }
    const own = { size: journals.reduce((sum, { size }) => sum + size, 0), rows: rowsOfAll(journals) }
    const lost = journals.filter(({ rowsLost }) => rowsLost)
    const books =
      lost.length > 0
        ? booksOfTerminals(own.rows, `${namesOf(lost)} had more transactions than a journal keeps`)
        : withMissing(await inSlices(comparingBooks(own, compared(), { spill })), question.journals)
    return { books, journals, leftOut: { older, otherTerminals } }
  } finally {
    spill.close()
  }
}

function* rowsOfAll(journals: readonly ReadJournal[]): Iterable<BookRow> {
  for (const journal of journals) yield* journal.rows()
}

function terminalsOf(journals: readonly ReadJournal[]): ReadonlySet<string> {
  const terminals = new Set<string>()
  for (const { terminal } of rowsOfAll(journals)) terminals.add(terminal)
  return terminals
}

const namesOf = (journals: readonly ReadJournal[]) => journals.map(({ file }) => file).join(', ')

function requireDialect(journals: readonly ReadJournal[], { dialect, shown }: LedgerView): void {
  const other = journals.find((journal) => journal.dialect !== dialect)
  if (other !== undefined)
    throw new UsageError(
      `${other.file} is of dialect ${other.dialect}, and ledger ${shown} of ${dialect}: name another`,
    )
}

/** The number of the last entry that is not compared. */
async function firstEntry(journals: readonly ReadJournal[], { ledger, since }: BooksQuestion): Promise<number> {
  if (since === 'begin') return 0
  const begins = since === undefined ? journals.map(({ beganAt }) => beganAt ?? 0) : [since]
  const entries: number[] = []
  for (const at of begins) entries.push(await oneNumber(ledger, journalEntrySql, at))
  return Math.min(...entries)
}

const countUntil = (ledger: LedgerView, entry: number) =>
  oneNumber(ledger, `SELECT count(*) AS entries FROM entry WHERE id <= ?1 AND state <> 'blocked'`, entry)

async function oneNumber(ledger: LedgerView, sql: string, value: number): Promise<number> {
  for (const row of await ledger.readAll(sql, value)) return Number(Object.values(row)[0])
  return 0
}

/** A transaction that the ledger alone knows may be in the journal of a part that was not named: that is no difference, and no agreement. */
function withMissing(books: Books, files: readonly string[]): Books {
  const missing = partsWithoutJournal(files)
  if (missing.length === 0) return books
  const isOfTheirs = ({ kind }: { readonly kind: string }) => kind === 'chargedButNotKnown'
  const { chargedButNotKnown, ...others } = books.counts
  const isWrong = Object.values(others).some((count) => count > 0)
  return {
    ...books,
    agree: isWrong ? false : null,
    counts: { ...books.counts, chargedButNotKnown: 0 },
    differences: books.differences.filter((difference) => !isOfTheirs(difference)),
    because: `no journal of part ${missing.join(', ')} was named; ${counted(chargedButNotKnown, 'transaction')} ${agreeing(chargedButNotKnown, 'is', 'are')} in the ledger alone`,
  }
}
