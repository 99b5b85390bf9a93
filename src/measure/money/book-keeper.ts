// The terminals' own record of money in a run, in columns outside of Node's heap: 26 bytes a transaction and the names. The
// newest stay in memory, the others on disk, so that a run of days takes no more of it than one of minutes.
//
// Rule: a disk that takes nothing loses no row. Rows stay in memory then, as many as there is room for.

import type { BookRow, BookState } from './book-row.js'
import type { Spill } from './spill.js'
import { StanWords, Words } from './words.js'

/** Transactions that are kept, where there is a disk: 2.6 GB of it. Beyond that the books cannot be known. */
export const maxBookRows = 100_000_000
/** Transactions that are kept where no disk takes them: about 200 MB of memory. */
export const maxRowsInMemory = 8_000_000
/** The newest transactions, which are in memory in any case: 3 MB. */
const keptRows = 131_072
const chunkRows = 8_192

const states = ['charged', 'reversed', 'declined', 'unknown'] as const satisfies readonly BookState[]

export interface BookKeeper {
  readonly size: number
  /** More came than are kept. */
  readonly isFull: boolean
  /** Writes a transaction down. Returns its number, for `set`; -1 when it is not kept. */
  add(row: BookRow): number
  set(number: number, state: BookState): void
  /** In the order of their numbers. Throws what the spill does. */
  rows(): Iterable<BookRow>
}

export interface BookKeeperOptions {
  /** Transactions at the most; left out: maxBookRows. */
  readonly limit?: number | undefined
  /** Left out: all of them stay in memory. */
  readonly spill?: Spill | undefined
  /** So many of the newest stay in memory, beside those that a chunk needs. */
  readonly keptRows?: number
  /** Rows that go to the disk at a time. */
  readonly chunkRows?: number
  /** Transactions that memory may hold where the disk takes none. */
  readonly inMemory?: number
  /** Told once, with how many are kept and how many can be. */
  readonly onNearlyFull?: ((size: number, limit: number) => void) | undefined
  /** Hears in a line that the disk takes nothing, and that it does again. */
  readonly onTrouble?: ((line: string) => void) | undefined
}

/** From this share of the limit on the books are nearly full: time to end the run with books that are known. */
export const nearlyFullShare = 0.9

export function createBookKeeper(options: BookKeeperOptions = {}): BookKeeper {
  return new Columns(options)
}

class Columns implements BookKeeper {
  size = 0
  isFull = false
  readonly #options: BookKeeperOptions
  readonly #chunkRows: number
  readonly #limit: number
  readonly #inMemory: number
  readonly #kept: number
  /** A number: the chunk's place on the disk. */
  readonly #chunks: (Chunk | number)[] = []
  /** The first chunk that is in memory. */
  #firstKept = 0
  readonly #terminals = new Words()
  readonly #merchants = new Words()
  readonly #batches = new Words()
  readonly #kinds = new Words()
  readonly #stans = new StanWords()
  /** States of rows on the disk that it would not take, by chunk and by place in it. */
  readonly #corrections = new Map<number, Map<number, number>>()
  /** One that is on the disk: its room is used again, for rooms that come and go make V8 collect all that there is. */
  #spare: Chunk | undefined
  #isStuck = false
  #isTold = false

  constructor(options: BookKeeperOptions) {
    this.#options = options
    this.#chunkRows = options.chunkRows ?? chunkRows
    this.#limit = options.limit ?? maxBookRows
    this.#inMemory = options.spill === undefined ? Number.POSITIVE_INFINITY : (options.inMemory ?? maxRowsInMemory)
    this.#kept = Math.floor((options.keptRows ?? keptRows) / this.#chunkRows)
  }

  add({ terminal, merchant, batch, stan, kind, amountMinor, state }: BookRow): number {
    const { size } = this
    const at = size % this.#chunkRows
    const most = Math.min(this.#limit, this.#firstKept * this.#chunkRows + this.#inMemory)
    this.isFull ||= size >= most
    if (this.isFull) return -1
    if (at === 0) this.#begin()
    const chunk = this.#chunks[this.#chunks.length - 1] as Chunk
    chunk.terminal[at] = this.#terminals.number(terminal)
    chunk.merchant[at] = this.#merchants.number(merchant)
    chunk.batch[at] = this.#batches.number(batch)
    chunk.stan[at] = this.#stans.number(stan)
    chunk.kind[at] = this.#kinds.number(kind)
    chunk.amount[at] = amountMinor
    chunk.state[at] = states.indexOf(state)
    this.size++
    if (!this.#isTold && this.size >= nearlyFullShare * most) this.#tell(most)
    return size
  }

  set(number: number, state: BookState): void {
    const index = Math.floor(number / this.#chunkRows)
    const chunk = this.#chunks[index]
    if (number < 0 || chunk === undefined) return
    const at = number % this.#chunkRows
    const code = states.indexOf(state)
    if (typeof chunk !== 'number') chunk.state[at] = code
    else this.#correct(index, at, { code, place: chunk + stateOffset(this.#chunkRows) + at })
  }

  *rows(): Iterable<BookRow> {
    let read: Chunk | undefined
    for (const [index, kept] of this.#chunks.entries()) {
      if (typeof kept === 'number') {
        read ??= new Chunk(this.#chunkRows)
        this.#read(kept, read, index)
      }
      const chunk = typeof kept === 'number' ? (read as Chunk) : kept
      const end = Math.min(this.#chunkRows, this.size - index * this.#chunkRows)
      for (let at = 0; at < end; at++) yield this.#rowAt(chunk, at)
    }
  }

  #rowAt(chunk: Chunk, at: number): BookRow {
    return {
      terminal: this.#terminals.text(chunk.terminal[at] as number),
      merchant: this.#merchants.text(chunk.merchant[at] as number),
      batch: this.#batches.text(chunk.batch[at] as number),
      stan: this.#stans.text(chunk.stan[at] as number),
      kind: this.#kinds.text(chunk.kind[at] as number),
      amountMinor: chunk.amount[at] as number,
      state: states[chunk.state[at] as number] as BookState,
    }
  }

  #begin(): void {
    this.#spill()
    this.#chunks.push(this.#spare ?? new Chunk(this.#chunkRows))
    this.#spare = undefined
  }

  /** Rows that were kept in memory while the disk took nothing follow when it does again. */
  #spill(): void {
    const { spill, onTrouble } = this.#options
    if (spill === undefined) return
    try {
      while (this.#chunks.length - this.#firstKept > this.#kept) {
        const chunk = this.#chunks[this.#firstKept] as Chunk
        this.#chunks[this.#firstKept] = spill.append(chunk.bytes)
        this.#spare = chunk
        this.#firstKept++
      }
      if (this.#isStuck) onTrouble?.('the books are written to the disk again')
      this.#isStuck = false
    } catch (error) {
      if (!this.#isStuck) onTrouble?.(`the books stay in memory: ${wordsOf(error)}`)
      this.#isStuck = true
    }
  }

  #correct(index: number, at: number, { code, place }: { readonly code: number; readonly place: number }): void {
    try {
      this.#options.spill?.write(place, Uint8Array.of(code))
      this.#corrections.get(index)?.delete(at)
    } catch {
      const ofChunk = this.#corrections.get(index) ?? new Map<number, number>()
      this.#corrections.set(index, ofChunk.set(at, code))
    }
  }

  #read(place: number, into: Chunk, index: number): void {
    this.#options.spill?.read(place, into.bytes)
    for (const [at, code] of this.#corrections.get(index) ?? []) into.state[at] = code
  }

  #tell(most: number): void {
    this.#isTold = true
    this.#options.onNearlyFull?.(this.size, most)
  }
}

const rowBytes = 26

/** The last column. */
const stateOffset = (rows: number) => (rowBytes - 1) * rows

/** So many rows in one piece of memory, column by column. */
class Chunk {
  readonly bytes: Uint8Array
  readonly amount: Float64Array
  readonly terminal: Uint32Array
  readonly merchant: Uint32Array
  readonly batch: Uint32Array
  readonly stan: Uint32Array
  readonly kind: Uint8Array
  readonly state: Uint8Array

  constructor(rows: number) {
    const buffer = new ArrayBuffer(rowBytes * rows)
    this.bytes = new Uint8Array(buffer)
    this.amount = new Float64Array(buffer, 0, rows)
    this.terminal = new Uint32Array(buffer, 8 * rows, rows)
    this.merchant = new Uint32Array(buffer, 12 * rows, rows)
    this.batch = new Uint32Array(buffer, 16 * rows, rows)
    this.stan = new Uint32Array(buffer, 20 * rows, rows)
    this.kind = new Uint8Array(buffer, 24 * rows, rows)
    this.state = new Uint8Array(buffer, stateOffset(rows), rows)
  }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
