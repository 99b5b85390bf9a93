// The reversal journal: what the terminals owe a host is on disk before the request leaves, so that a process that is
// killed at any byte knows afterwards. Append-only; one write for all that one turn brings; compacted as it grows.

import type { Clock } from '../../base/clock.js'
import { type BusyMap, createBusyMap } from '../../base/collections/busy-map.js'
import { StartError } from '../../base/errors.js'
import { createBookKeeper } from '../../measure/money/book-keeper.js'
import type { BookRow, BookState } from '../../measure/money/books.js'
import type { Spill } from '../../measure/money/spill.js'
import { FrameWriter, journalVersion, readRecords } from './journal-frames.js'
import type { CaseRecord, JournalRecord, ToldMessage } from './journal-records.js'
import { createSettledMarks, type JournalledSettlements, rowsWithMarks, type SettledMarks } from './settled-rows.js'

/** The storage of the bytes. Two of them: a file (journal-file.ts), and memory for simulated terminals. */
export interface JournalStorage {
  /** All that was appended so far. */
  read(): Uint8Array
  /** In full or, after a crash, in part. Throws when the disk does. The bytes are the caller's again afterwards. */
  append(bytes: Uint8Array): void
  /** Puts these bytes in place of all others, all or nothing. */
  replace(bytes: Uint8Array): void
  close(): void
}

/** The records that were found in a journal when it was opened. */
export interface Recovered {
  /** Undefined in a new journal, and where the bytes are none. */
  readonly version: number | undefined
  readonly day: string | undefined
  readonly dialect: string | undefined
  /** Epoch ms: what happened since then is in the journal. */
  readonly beganAt: number | undefined
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

export interface Journal {
  readonly recovered: Recovered
  /** Epoch ms: what happened since then is in the journal. */
  readonly beganAt: number
  /** Calls `done` when the record is on disk: at the end of the turn. An error means that it is not, and must not be sent. */
  open(record: CaseRecord, done: (error: Error | undefined) => void): number
  /** Why the case is reversed. */
  because(id: number, reason: string): void
  /** The cases that are owed now, in the order in which they were opened. */
  stillOwed(): readonly (readonly [id: number, record: CaseRecord])[]
  /** Nothing is owed for it any more. `amountMinor`: what was charged, where that is less than was asked for. */
  end(id: number, state: BookState | null, amountMinor?: number): void
  numbers(terminal: string, batch: string, stan: number): void
  /** The rows that were settled, and the totals that wait for an answer. */
  readonly settlements: JournalledSettlements
  /**
   * Totals of all that has ended of this terminal leave in this message. Calls `done` as `open` does. Null: the host has refused
   * it, and closed nothing.
   */
  settling(terminal: string, message: ToldMessage | null, done?: (error: Error | undefined) => void): void
  /** The ended transactions of this terminal were settled: of this batch, or (null) all that its totals were of. */
  settled(terminal: string, batch: string | null): void
  /** Writes what is not written yet. Idempotent. */
  close(): void
}

/** Those that can be read; the last is the one that is written. */
const readable: readonly number[] = [1, journalVersion]
/** Bytes after which a journal is compacted, if it has doubled since: some hundred thousand transactions. */
const compactAfterBytes = 67_108_864
/** Transactions that ended and are kept for the books of a later process. */
export const maxKeptRows = 1_000_000

/**
 * Reads what is there, and begins a compacted journal. What is of an earlier `day` and no longer owed is left out. Throws
 * StartError, and leaves every byte as it was, for bytes that are no journal, or one that is damaged before its end.
 */
export function createJournal(options: {
  storage: JournalStorage
  /** For messages. */
  name?: string
  clock: Clock
  dialect: string
  /** YYYYMMDD */
  day: string
  /** Keeps what ended too, for the books of a later process. Left out: only what is owed. */
  keepsRows?: boolean
  /** How many of these at most. */
  maxRows?: number
  /** Hears in a line that it cannot be written, and that it can again. */
  onTrouble?: (line: string) => void
  /** Room for them beyond memory; left out: they stay in memory. */
  spill?: Spill
  /** Told once, before so many are kept. */
  onNearlyFull?: (size: number, limit: number) => void
  /** Throws where what was found must be left as it is. */
  accept?: (recovered: Recovered) => void
}): Journal {
  return new StoredJournal(options)
}

class StoredJournal implements Journal {
  readonly recovered: Recovered
  readonly #storage: JournalStorage
  readonly #clock: Clock
  readonly #trouble: (line: string) => void
  readonly #name: string
  readonly #header: JournalRecord & { readonly kind: 'journal' }
  readonly #rows: ReturnType<typeof createBookKeeper>
  readonly #keepsRows: boolean
  readonly #marks: SettledMarks
  readonly #owed: BusyMap<number, CaseRecord>
  readonly #numbers: Map<string, { batch: string; stan: number }>
  #nextId: number
  #writer = new FrameWriter()
  #waiting: ((error: Error | undefined) => void)[] = []
  /** For a write at the end of this event. */
  #asked = false
  #closed = false
  #bytes = 0
  #compactAt = compactAfterBytes
  /** The last write failed and may have left part of a record, behind which nothing would be found again. */
  #broken = false

  constructor(options: Parameters<typeof createJournal>[0]) {
    const { storage, clock, dialect, day, keepsRows = false, name = 'the journal', maxRows = maxKeptRows } = options
    this.#storage = storage
    this.#clock = clock
    this.#trouble = options.onTrouble ?? (() => {})
    this.#name = name
    const bytes = storage.read()
    const found = recover(bytes, options.spill)
    checkWhole(name, bytes, found)
    const goesOn = found.day === day || found.owed.length > 0
    const nothing = { rows: [], rowsLost: false, settled: createSettledMarks(), beganAt: undefined }
    this.recovered = goesOn ? found : { ...found, ...nothing, forgotten: found.settled.unanswered.size }
    options.accept?.(this.recovered)
    this.#keepsRows = keepsRows
    const { spill, onNearlyFull } = options
    this.#rows = createBookKeeper({ limit: keepsRows ? maxRows : 0, spill, onNearlyFull })
    this.#marks = createSettledMarks(this.recovered.settled)
    for (const row of this.recovered.rows) this.#keep(row)
    this.#owed = createBusyMap(this.recovered.owed)
    this.#numbers = new Map(this.recovered.numbers)
    this.#nextId = Math.max(0, ...this.#owed.keys()) + 1
    // While something is owed or counted, its day and dialect stay: they tell that the journal is stale, or of another host.
    const kept = this.#owed.size > 0 || this.recovered.rows.length > 0 ? this.recovered : undefined
    // A ledger knows it by this number.
    const beganAt = this.recovered.beganAt ?? Math.floor(clock.wall())
    this.#header = {
      kind: 'journal',
      version: journalVersion,
      dialect: kept?.dialect ?? dialect,
      day: kept?.day ?? day,
      beganAt,
    }
    this.#compact()
  }

  get beganAt(): number {
    return this.#header.beganAt
  }

  open(record: CaseRecord, done: (error: Error | undefined) => void): number {
    const id = this.#nextId++
    this.#owed.set(id, record)
    if (this.#closed) return id
    this.#writer.open(id, record)
    this.#waiting.push(done)
    this.#askFlush()
    return id
  }

  because(id: number, reason: string): void {
    const known = this.#owed.get(id)
    if (known === undefined) return
    const record = { ...recordIn(known), reason }
    this.#owed.set(id, record)
    this.#append({ kind: 'open', id, case: record })
  }

  stillOwed(): readonly (readonly [id: number, record: CaseRecord])[] {
    return [...this.#owed.entries()]
  }

  end(id: number, state: BookState | null, amountMinor?: number): void {
    const record = this.#owed.get(id)
    if (record === undefined) return
    this.#owed.delete(id)
    if (!this.#closed) {
      this.#writer.ended(id, state, amountMinor)
      this.#askFlush()
    }
    if (state !== null && this.#keepsRows) this.#keep(rowOf(record, state, amountMinor))
  }

  get settlements(): SettledMarks {
    return this.#marks
  }

  numbers(terminal: string, batch: string, stan: number): void {
    this.#numbers.set(terminal, { batch, stan })
    this.#append({ kind: 'numbers', terminal, batch, stan })
  }

  settling(terminal: string, message: ToldMessage | null, done: (error: Error | undefined) => void = () => {}): void {
    this.#marks.settling(terminal, message)
    this.#appendThen({ kind: 'settling', terminal, message }, done)
  }

  settled(terminal: string, batch: string | null): void {
    this.#marks.settle(terminal, batch)
    this.#append({ kind: 'settled', terminal, batch })
  }

  close(): void {
    if (this.#closed) return
    this.#flush()
    this.#forgetEnded()
    this.#closed = true
    this.#storage.close()
  }

  /** Leaves the requests of what has ended, with their card numbers, out of a file that stays. */
  #forgetEnded(): void {
    if (!this.#keepsRows || this.#bytes === 0) return
    try {
      this.#compact()
    } catch {
      // It holds all that it must as it is, and the next run compacts it.
    }
  }

  #keep(row: BookRow): void {
    if (this.#rows.add(row) >= 0) this.#marks.ended(row.terminal)
  }

  #appendThen(record: JournalRecord, done: (error: Error | undefined) => void): void {
    if (this.#closed) return
    this.#writer.add(record)
    this.#waiting.push(done)
    this.#askFlush()
  }

  #append(record: JournalRecord): void {
    if (this.#closed) return
    this.#writer.add(record)
    this.#askFlush()
  }

  /** Flushes at the end of the event, not of the turn: what a customer was told, or will be charged, must not be lost. */
  #askFlush(): void {
    if (this.#asked) return
    this.#asked = true
    this.#clock.soon(this.#flushAsked)
  }

  readonly #flushAsked = (): void => {
    this.#asked = false
    this.#flush()
  }

  #flush(): void {
    if (this.#closed || this.#writer.isEmpty) return
    const bytes = this.#writer.take()
    const waiting = this.#waiting
    this.#waiting = []
    const error = this.#write(bytes)
    for (const done of waiting) done(error)
  }

  #write(bytes: Uint8Array): Error | undefined {
    try {
      if (!this.#broken) this.#storage.append(bytes)
      this.#bytes += bytes.length
      if (this.#broken || this.#bytes > this.#compactAt) this.#compact()
      if (this.#broken) this.#trouble(`${this.#name} is written again: terminals send`)
      this.#broken = false
      return undefined
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      if (!this.#broken)
        this.#trouble(`${error.message}: terminals send nothing until it can; make room, or end the run`)
      this.#broken = true
      return error
    }
  }

  #compact(): void {
    const rowsLost = this.#keepsRows && (this.recovered.rowsLost || this.#rows.isFull)
    const records: JournalRecord[] = [{ ...this.#header, ...(rowsLost && { rowsLost }) }]
    for (const [terminal, { batch, stan }] of this.#numbers) records.push({ kind: 'numbers', terminal, batch, stan })
    for (const record of rowsWithMarks(this.#rows.rows(), this.#marks)) records.push(record)
    for (const [id, record] of this.#owed.entries()) records.push({ kind: 'open', id, case: record })
    // A file says in its own records what they have in common.
    const writer = new FrameWriter()
    for (const record of records) writer.add(record)
    const bytes = writer.take()
    this.#storage.replace(bytes)
    this.#writer = writer
    this.#bytes = 0
    this.#compactAt = Math.max(compactAfterBytes, bytes.length)
  }
}

function checkWhole(name: string, bytes: Uint8Array, { version: found, damagedAt }: Recovered): void {
  if (bytes.length === 0) return
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
export function recover(bytes: Uint8Array, spill?: Spill): Recovered {
  const { records, tornBytes, damagedAt } = readRecords(bytes)
  const owed = new Map<number, CaseRecord>()
  const numbers = new Map<string, { batch: string; stan: number }>()
  const kept = createBookKeeper({ spill, limit: Number.POSITIVE_INFINITY, inMemory: Number.POSITIVE_INFINITY })
  const marks = createSettledMarks()
  const keep = (row: BookRow) => {
    kept.add(row)
    marks.ended(row.terminal)
  }
  let header: (JournalRecord & { readonly kind: 'journal' }) | undefined
  for (const record of records) {
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
  }
  const rows: RecoveredRows = { length: kept.size, [Symbol.iterator]: () => kept.rows()[Symbol.iterator]() }
  const { day, dialect, beganAt, rowsLost = false } = header ?? {}
  // It is the first record of every journal, however it was torn.
  const version = records[0]?.kind === 'journal' ? records[0].version : undefined
  const what = { rows, rowsLost, settled: marks, forgotten: 0, owed: [...owed], numbers }
  return { version, day, dialect, beganAt, tornBytes, damagedAt, ...what }
}

/** A case that no longer needs its request. */
function recordIn({ terminal, merchant, batch, stan, type, amountMinor, owed, reason }: CaseRecord): CaseRecord {
  const record = { terminal, merchant, batch, stan, type, amountMinor, owed }
  return reason === undefined ? record : { ...record, reason }
}

/** A case as the books have it. */
export function rowOf(record: CaseRecord, state: BookState, amountMinor = record.amountMinor): BookRow {
  const { terminal, merchant, batch, stan, type } = record
  return { terminal, merchant, batch, stan, kind: type, amountMinor, state }
}

/** For runs in which no process can be killed: virtual time without crashes. */
export function noJournal(beganAt: number): Journal {
  let id = 0
  return {
    beganAt,
    recovered: recover(new Uint8Array()),
    open(_, done) {
      done(undefined)
      return ++id
    },
    because: () => {},
    stillOwed: () => [],
    end: () => {},
    numbers: () => {},
    settlements: createSettledMarks(),
    settling: (_, __, done) => done?.(undefined),
    settled: () => {},
    close: () => {},
  }
}
