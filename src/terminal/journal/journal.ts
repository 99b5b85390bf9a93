// The reversal journal: what the terminals owe a host is on disk before the request leaves, so that a process that is
// killed at any byte knows afterwards. Append-only; one write for all that one turn brings; compacted as it grows.

import type { Clock } from '../../base/clock.js'
import { createNumbered, type Numbered } from '../../base/collections/numbered.js'
import { inOneGo, type Slices } from '../../base/slices.js'
import { createBookKeeper } from '../../measure/money/book-keeper.js'
import type { BookRow, BookState } from '../../measure/money/books.js'
import type { Spill } from '../../measure/money/spill.js'
import { Compaction, type JournalState, snapshotOf } from './compaction.js'
import { FrameWriter, journalVersion } from './journal-frames.js'
import type { CaseRecord, JournalRecord, ToldMessage } from './journal-records.js'
import type { JournalStorage } from './journal-storage.js'
import { type Recovered, recoverPieces, requireWholeJournal, rowOf } from './recover.js'
import { createSettledMarks, type JournalledSettlements, type SettledMarks } from './settled-rows.js'
import { Waiting } from './waiting.js'

export interface Journal {
  readonly recovered: Recovered
  /** Epoch ms: what happened since then is in the journal. */
  readonly beganAt: number
  /** Calls `done` when the record is on disk: at the end of the turn. An error means that it is not, and must not be sent. */
  open(record: CaseRecord, done: (error: Error | undefined) => void): number
  /** The same where `done` is one function for many, and is told `who`. */
  open<Who>(record: CaseRecord, done: (error: Error | undefined, who: Who) => void, who: Who): number
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
  /**
   * In slices, before it is closed: leaves the requests of what has ended, with their card numbers, out of a file that stays.
   */
  forgetEnded(): Slices<void>
  /** Writes what is not written yet. Idempotent. */
  close(): void
}

/** Bytes after which a journal is compacted, if it has doubled since: some hundred thousand transactions. */
const compactAfterBytes = 67_108_864
/** After a compaction that failed, it is tried again when the journal has grown by this share of them. */
const againShare = 0.25
/** Records that a start may write anew before anything else: some 50 ms. */
const compactInOneGo = 10_000
/** A broken journal is tried again after so many times as long as the last try took. */
const pauses = 20
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
  /** Bytes after which it is compacted, if it has doubled since. */
  compactAfter?: number
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
  readonly #owed: Numbered<CaseRecord>
  readonly #numbers: Map<string, { batch: string; stan: number }>
  #nextId: number
  #writer = new FrameWriter()
  #waiting = new Waiting()
  /** Whoever is told may open another case: those wait here meanwhile. */
  #spare: Waiting | undefined
  /** For a write at the end of this event. */
  #asked = false
  #closed = false
  #bytes = 0
  readonly #compactAfter: number
  #compactAt: number
  /** Under way; what is written meanwhile is told to it too. */
  #compaction: Compaction | undefined
  /** While it is broken. */
  #nextTryAt = 0
  /** The last write failed and may have left part of a record, behind which nothing would be found again. */
  #broken = false

  constructor(options: Parameters<typeof createJournal>[0]) {
    const { storage, clock, dialect, day, keepsRows = false, name = 'the journal', maxRows = maxKeptRows } = options
    this.#storage = storage
    this.#clock = clock
    this.#trouble = options.onTrouble ?? (() => {})
    this.#name = name
    this.#compactAfter = options.compactAfter ?? compactAfterBytes
    this.#compactAt = this.#compactAfter
    const found = recoverPieces(storage.read(), options.spill)
    requireWholeJournal(name, found)
    const goesOn = found.day === day || found.owed.length > 0
    const nothing = { rows: [], rowsLost: false, settled: createSettledMarks(), beganAt: undefined }
    this.recovered = goesOn ? found : { ...found, ...nothing, forgotten: found.settled.unanswered.size }
    options.accept?.(this.recovered)
    this.#keepsRows = keepsRows
    const { spill, onNearlyFull } = options
    this.#rows = createBookKeeper({ limit: keepsRows ? maxRows : 0, spill, onNearlyFull })
    this.#marks = createSettledMarks(this.recovered.settled)
    for (const row of this.recovered.rows) this.#keep(row)
    this.#owed = createNumbered(this.recovered.owed)
    this.#numbers = new Map(this.recovered.numbers)
    this.#nextId = this.recovered.owed.reduce((most, [id]) => Math.max(most, id), 0) + 1
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
    if (this.#mayStayAsItIs(found, goesOn)) {
      this.#bytes = found.bytes
      this.#compactMeanwhile()
    } else inOneGo(this.#compactInSlices())
  }

  /** A long journal that can be written on is compacted while the run goes on. Of another, nothing may follow what is there. */
  #mayStayAsItIs({ version, tornBytes, rows, owed, dialect }: Recovered, goesOn: boolean): boolean {
    const isOwn = goesOn && version === journalVersion && tornBytes === 0 && dialect === this.#header.dialect
    return isOwn && rows.length + owed.length > compactInOneGo
  }

  get beganAt(): number {
    return this.#header.beganAt
  }

  open<Who>(record: CaseRecord, done: (error: Error | undefined, who: Who) => void, who?: Who): number {
    const id = this.#nextId++
    this.#owed.set(id, record)
    if (this.#closed) return id
    this.#writer.open(id, record)
    this.#compaction?.also({ kind: 'open', id, case: record })
    this.#waiting.add(done, who as Who)
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
    return this.#owed.entries()
  }

  end(id: number, state: BookState | null, amountMinor?: number): void {
    const record = this.#owed.take(id)
    if (record === undefined) return
    if (!this.#closed) {
      this.#writer.ended(id, state, amountMinor)
      this.#compaction?.also({ kind: 'ended', id, state, ...(amountMinor !== undefined && { amountMinor }) })
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
    inOneGo(this.forgetEnded())
    this.#closed = true
    this.#storage.close()
  }

  *forgetEnded(): Slices<void> {
    if (this.#closed) return
    this.#flush()
    this.#giveUpCompaction()
    if (!this.#keepsRows || this.#bytes === 0) return
    try {
      yield* this.#compactInSlices()
    } catch {
      // It holds all that it must as it is, and the next run compacts it.
    }
  }

  #keep(row: BookRow): void {
    if (this.#rows.add(row) >= 0) this.#marks.ended(row.terminal)
  }

  #appendThen(record: JournalRecord, done: (error: Error | undefined) => void): void {
    if (this.#closed) return
    this.#waiting.add(done, undefined)
    this.#append(record)
  }

  #append(record: JournalRecord): void {
    if (this.#closed) return
    this.#writer.add(record)
    this.#compaction?.also(record)
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
    const waiting = this.#takeWaiting()
    this.#tell(waiting, this.#write(bytes))
  }

  #takeWaiting(): Waiting {
    const waiting = this.#waiting
    this.#waiting = this.#spare ?? new Waiting()
    this.#spare = undefined
    return waiting
  }

  #tell(waiting: Waiting, error: Error | undefined): void {
    waiting.tell(error)
    this.#spare = waiting
  }

  #write(bytes: Uint8Array): Error | undefined {
    try {
      if (this.#broken) this.#tryAgain()
      else {
        this.#storage.append(bytes)
        this.#bytes += bytes.length
        if (this.#bytes > this.#compactAt) this.#compactMeanwhile()
      }
      this.#works()
      return undefined
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown))
      if (!this.#broken)
        this.#trouble(`${error.message}: terminals send nothing until it can; make room, or end the run`)
      this.#broken = true
      return error
    }
  }

  /** All that is owed is written anew: the last write may have left part of a record. Long work is not done all the time. */
  #tryAgain(): void {
    const began = this.#clock.now()
    if (began < this.#nextTryAt) throw new Error(`${this.#name} cannot be written`)
    try {
      inOneGo(this.#compactInSlices())
    } finally {
      this.#nextTryAt = began + pauses * (this.#clock.now() - began)
    }
  }

  #works(): void {
    if (this.#broken) this.#trouble(`${this.#name} is written again: terminals send`)
    this.#broken = false
  }

  /** Everything that is owed and remembered now. */
  #state(): JournalState {
    const rowsLost = this.#keepsRows && (this.recovered.rowsLost || this.#rows.isFull)
    const header = { ...this.#header, ...(rowsLost && { rowsLost }) }
    return { header, numbers: this.#numbers, rows: this.#rows, marks: this.#marks, owed: this.#owed }
  }

  /** Nothing may be written meanwhile. */
  *#compactInSlices(): Slices<void> {
    this.#giveUpCompaction()
    try {
      const compaction = new Compaction(this.#storage, snapshotOf(this.#state()))
      this.#compaction = compaction
      while (compaction.step()) yield
      this.#takeOver(compaction)
    } catch (error) {
      this.#giveUpCompaction()
      throw error
    }
  }

  /** Slice by slice, while the journal goes on as it is. One that fails is tried again later. */
  #compactMeanwhile(): void {
    if (this.#compaction !== undefined) return
    const again = (error: Error) => {
      this.#giveUpCompaction()
      this.#compactAt = this.#bytes + againShare * this.#compactAfter
      this.#trouble(`${this.#name} grows, because it cannot be compacted: ${error.message}`)
    }
    const guarded = (work: () => void) => {
      // It was given up meanwhile.
      if (this.#compaction !== compaction) return
      try {
        work()
      } catch (error) {
        again(error instanceof Error ? error : new Error(String(error)))
      }
    }
    let compaction: Compaction | undefined
    const goOn = (begun: Compaction, isSynced = false) => {
      if (begun.step()) this.#clock.precisely(0, () => guarded(() => goOn(begun, isSynced)))
      else if (isSynced) this.#takeOver(begun)
      else begun.sync((error) => guarded(() => (error === null ? goOn(begun, true) : again(error))))
    }
    guarded(() => {
      compaction = new Compaction(this.#storage, snapshotOf(this.#state()))
      this.#compaction = compaction
      goOn(compaction)
    })
  }

  /** A record that waits to be written is in the new file too. */
  #takeOver(compaction: Compaction): void {
    const { writer, bytes } = compaction.finish()
    this.#compaction = undefined
    this.#writer = writer
    this.#bytes = 0
    this.#compactAt = Math.max(this.#compactAfter, bytes)
    this.#works()
    this.#tell(this.#takeWaiting(), undefined)
  }

  #giveUpCompaction(): void {
    this.#compaction?.drop()
    this.#compaction = undefined
  }
}

/** A case that no longer needs its request. */
function recordIn({ terminal, merchant, batch, stan, type, amountMinor, owed, reason }: CaseRecord): CaseRecord {
  const record = { terminal, merchant, batch, stan, type, amountMinor, owed }
  return reason === undefined ? record : { ...record, reason }
}
