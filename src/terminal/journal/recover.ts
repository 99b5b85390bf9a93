// The bytes of a journal, as a later process reads them.

import { StartError } from '../../base/errors.js'
import { createBookKeeper } from '../../measure/money/book-keeper.js'
import type { BookRow, BookState } from '../../measure/money/books.js'
import type { Spill } from '../../measure/money/spill.js'
import { journalVersion, readRecords } from './journal-frames.js'
import type { CaseRecord, JournalRecord } from './journal-records.js'
import { createSettledMarks, type JournalledSettlements } from './settled-rows.js'

/** The records that were found in a journal when it was opened. */
export interface Recovered {
  /** Undefined in a new journal, and where the bytes are none. */
  readonly version: number | undefined
  readonly day: string | undefined
  readonly dialect: string | undefined
  /** Epoch ms: what happened since then is in the journal. */
  readonly beganAt: number | undefined
  readonly bytes: number
  readonly tornBytes: number
  /** The place where it is damaged although whole records follow. */
  readonly damagedAt: number | undefined
  /** The rows of ended transactions, in columns: a journal of a million of them stays as long as its process. */
  readonly rows: RecoveredRows
  /** Not all that ended is among them: more did than are kept. */
  readonly rowsLost: boolean
  /** Which of them settlements were of, and which totals nobody has answered. */
  readonly settled: JournalledSettlements
  /** Terminals of an earlier day whose totals nobody had answered. */
  readonly forgotten: number
  readonly owed: readonly (readonly [id: number, record: CaseRecord])[]
  /** The numbers of each terminal: the batch, and the last STAN of it that may have been used. */
  readonly numbers: ReadonlyMap<string, { readonly batch: string; readonly stan: number }>
}

export interface RecoveredRows extends Iterable<BookRow> {
  readonly length: number
}

/** Those that can be read; the last is the one that is written. */
const readable: readonly number[] = [1, journalVersion]
/** Throws StartError for bytes that are no journal, or that are damaged before their end. */
export function requireWholeJournal(name: string, { bytes, version: found, damagedAt }: Recovered): void {
  if (bytes === 0) return
  if (found === undefined)
    throw new StartError(`${name} is no journal of isochron, so it is left alone: name another with --journal`)
  if (!readable.includes(found))
    throw new StartError(
      `${name} is a journal of version ${found}, this program reads up to ${journalVersion}: name another`,
    )
  if (damagedAt !== undefined)
    throw new StartError(
      `${name} is damaged at byte ${damagedAt}, and what follows may be owed to a host: restore a copy of it, or name another with --journal`,
    )
}

/** Reads a journal's bytes: what is owed is what was opened and did not end. */
export const recover = (bytes: Uint8Array): Recovered => recoverPieces([bytes])

/** The same of a file that is read piece by piece. */
export function recoverPieces(pieces: Iterable<Uint8Array>, spill?: Spill): Recovered {
  const owed = new Map<number, CaseRecord>()
  const numbers = new Map<string, { batch: string; stan: number }>()
  const kept = createBookKeeper({ spill, limit: Number.POSITIVE_INFINITY, inMemory: Number.POSITIVE_INFINITY })
  const marks = createSettledMarks()
  const keep = (row: BookRow) => {
    kept.add(row)
    marks.ended(row.terminal)
  }
  let header: (JournalRecord & { readonly kind: 'journal' }) | undefined
  /** It is in the first record of every journal, however it was torn. */
  let version: number | undefined
  let isFirst = true
  const { bytes, tornBytes, damagedAt } = readRecords(pieces, (record) => {
    if (isFirst && record.kind === 'journal') version = record.version
    isFirst = false
    if (record.kind === 'journal') header = record
    else if (record.kind === 'row') keep(record.row)
    else if (record.kind === 'open') owed.set(record.id, record.case)
    else if (record.kind === 'settled') marks.settle(record.terminal, record.batch)
    else if (record.kind === 'settling') marks.settling(record.terminal, record.message)
    else if (record.kind === 'numbers') numbers.set(record.terminal, { batch: record.batch, stan: record.stan })
    else {
      const ended = owed.get(record.id)
      owed.delete(record.id)
      if (ended !== undefined && record.state !== null) keep(rowOf(ended, record.state, record.amountMinor))
    }
  })
  const rows: RecoveredRows = { length: kept.size, [Symbol.iterator]: () => kept.rows()[Symbol.iterator]() }
  const { day, dialect, beganAt, rowsLost = false } = header ?? {}
  const what = { rows, rowsLost, settled: marks, forgotten: 0, owed: [...owed], numbers }
  return { version, day, dialect, beganAt, bytes, tornBytes, damagedAt, ...what }
}

/** A case as the books have it. */
export function rowOf(record: CaseRecord, state: BookState, amountMinor = record.amountMinor): BookRow {
  const { terminal, merchant, batch, stan, type } = record
  return { terminal, merchant, batch, stan, kind: type, amountMinor, state }
}
