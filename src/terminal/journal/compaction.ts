// A journal is compacted while it goes on: its state of one moment is written to a file of its own, some records at a time, and
// then all that was written meanwhile. Only then does that file take the place of the other.
//
// Rule: the records of a state and what follows it, read one after another, tell the same as the journal itself.

import type { BookKeeper } from '../../measure/money/book-keeper.js'
import type { BookRow } from '../../measure/money/books.js'
import { FrameWriter } from './journal-frames.js'
import type { CaseRecord, JournalRecord } from './journal-records.js'
import type { JournalStorage, Renewal } from './journal-storage.js'
import { createSettledMarks, type JournalledSettlements, rowsWithMarks } from './settled-rows.js'

/** Records of one slice: a millisecond or two. */
const recordsAtOnce = 500

export interface JournalState {
  readonly header: JournalRecord
  readonly numbers: ReadonlyMap<string, { readonly batch: string; readonly stan: number }>
  readonly rows: Pick<BookKeeper, 'size' | 'rows'>
  readonly marks: JournalledSettlements
  readonly owed: { entries(): Iterable<readonly [id: number, record: CaseRecord]> }
}

/** The records of this state as it is now, whatever becomes of it while they are asked for. */
export function snapshotOf({ header, numbers, rows, marks, owed }: JournalState): Iterable<JournalRecord> {
  const settled = createSettledMarks(marks)
  const cases = [...owed.entries()]
  const { size } = rows
  return (function* () {
    yield header
    // A later number stands for an earlier one: those used up meanwhile may be among them.
    for (const [terminal, { batch, stan }] of numbers) yield { kind: 'numbers', terminal, batch, stan } as const
    yield* rowsWithMarks(firstOf(rows.rows(), size), settled)
    for (const [id, record] of cases) yield { kind: 'open', id, case: record } as const
  })()
}

function* firstOf(rows: Iterable<BookRow>, size: number): Iterable<BookRow> {
  let left = size
  if (left === 0) return
  for (const row of rows) {
    yield row
    if (--left === 0) return
  }
}

/** Whatever throws leaves the journal as it is; `drop` follows. */
export class Compaction {
  readonly #renewal: Renewal
  readonly #records: Iterator<JournalRecord>
  /** A file says in its own records what they have in common. */
  readonly #writer = new FrameWriter()
  /** The records that were written since the moment of the state. */
  readonly #since: JournalRecord[] = []
  /** How many of them are in the new file. */
  #followed = 0
  #bytes = 0

  constructor(storage: JournalStorage, records: Iterable<JournalRecord>) {
    this.#renewal = storage.renew()
    this.#records = records[Symbol.iterator]()
  }

  /** The journal has written this record too. */
  also(record: JournalRecord): void {
    this.#since.push(record)
  }

  /** Writes a slice. False: the new file has all that the journal has. */
  step(): boolean {
    let record: JournalRecord | undefined
    for (let count = 0; count < recordsAtOnce; count++) {
      record = this.#next()
      if (record === undefined) break
      this.#writer.add(record)
    }
    this.#append()
    return record !== undefined
  }

  #next(): JournalRecord | undefined {
    const next = this.#records.next()
    if (next.done !== true) return next.value
    const record = this.#since[this.#followed]
    if (record !== undefined) this.#followed++
    return record
  }

  sync(done: (error: Error | null) => void): void {
    this.#renewal.sync(done)
  }

  /** Takes the journal's place, with all that it has. Returns what goes on writing, and how many bytes there are. */
  finish(): { readonly writer: FrameWriter; readonly bytes: number } {
    while (this.step());
    this.#renewal.take()
    return { writer: this.#writer, bytes: this.#bytes }
  }

  drop(): void {
    this.#renewal.drop()
  }

  #append(): void {
    if (this.#writer.isEmpty) return
    const bytes = this.#writer.take()
    this.#renewal.append(bytes)
    this.#bytes += bytes.length
  }
}
