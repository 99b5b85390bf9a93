// The books of journals against a ledger as text: the verdict, both sides, and the transactions that they disagree about.

import { maskText } from '../base/mask.js'
import type { BookDifference, BookSide, Books } from '../measure/money/books.js'
import { formatCount } from './layout/figures.js'
import { alignedColumns, alignedTable } from './layout/table.js'
import { booksVerdict, differenceWords } from './rows/money-rows.js'

/** Lines without an end of line. Amounts are in minor units. */
export function printBooks(books: Books): readonly string[] {
  const { terminal, acquirer, differences, counts } = books
  const found = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return [
    `books: ${maskText(booksVerdict(books))}`,
    '',
    ...alignedTable(
      ['', 'transactions', 'charged', 'reversed', 'declined', 'unknown', 'charged amount'],
      [sideRow('terminals', terminal), ...(acquirer === null ? [] : [sideRow('acquirer', acquirer)])],
    ),
    ...(differences.length === 0 ? [] : ['', ...alignedColumns([head, ...differences.map(differenceRow)])]),
    ...(found > differences.length ? [`and ${formatCount(found - differences.length)} more`] : []),
  ]
}

function sideRow(name: string, { transactions, states, chargedMinor }: BookSide): readonly string[] {
  const { charged, reversed, declined, unknown } = states
  return [name, ...[transactions, charged, reversed, declined, unknown, chargedMinor].map(formatCount)]
}

const head = ['terminal', 'batch', 'STAN', 'type', 'terminal says', 'acquirer says', 'difference']

function differenceRow({ terminal, batch, stan, type, ...said }: BookDifference): readonly string[] {
  const words = [terminal, batch, stan, type, entryText(said.terminalSays), entryText(said.acquirerSays)]
  return [...words.map(maskText), differenceWords[said.kind]]
}

const entryText = (entry: BookDifference['terminalSays']) =>
  entry === null ? 'nothing' : `${entry.state} ${entry.amountMinor}`
