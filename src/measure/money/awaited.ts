// Transactions that wait for their money, by name, with the time at which their card was to be presented: 27 bytes each, outside
// of Node's heap. They stand in tables of one size; all but the newest tables are on disk.
//
// Rule: a table that has become sparse is emptied into the newest, so that the number of tables follows that of the waiting.

import type { Spill } from './spill.js'
import { StanWords, Words } from './words.js'

/** The name of a transaction among those that wait. */
export interface FundsKey {
  readonly terminal: string
  readonly batch: string
  readonly stan: string
}

export interface AwaitedOptions {
  /** Left out: all stay in memory. */
  readonly spill?: Spill | undefined
  /** Places of one table, a power of two: 2.6 MB. */
  readonly places?: number
  /** Tables that stay in memory. */
  readonly kept?: number
}

const usualPlaces = 131_072
/** A table is full at this share, so that a name is found in a few places. */
const fullShare = 0.75
/** A table is sparse below this share. */
const sparseShare = 0.2

/** 32-bit words of a place: terminal and one, batch, STAN, and the time in two. */
const width = 5
const placeBytes = 4 * width
/** The terminal of a place whose transaction has left. Zero: nobody was ever there. */
const left = 0xffffffff
/** Places that are read from the disk at a time. */
const readAtOnce = 32

/** Where one table is: in memory, or at a place on the disk. */
interface Table {
  words: Uint32Array | undefined
  at: number
  /** Places that were ever taken. */
  used: number
  waiting: number
  /** Places whose transaction has left, which the disk would not take. */
  readonly gone: Set<number>
}

interface Name {
  readonly terminal: number
  readonly batch: number
  readonly stan: number
}

export class Awaited {
  size = 0
  /** Transactions that the disk does not give back. */
  lost = 0
  readonly #spill: Spill | undefined
  readonly #places: number
  readonly #kept: number
  /** The newest last. */
  readonly #tables: Table[] = []
  #last: Table | undefined
  /** Places on the disk of tables that are no more. */
  readonly #free: number[] = []
  /** The words of a table that is on the disk: used again, for tables that come and go make V8 collect all that there is. */
  #spare: Uint32Array | undefined
  readonly #terminals = new Words()
  readonly #batches = new Words()
  readonly #stans = new StanWords()
  readonly #some = new Uint32Array(width * readAtOnce)
  readonly #time = new Float64Array(1)
  readonly #timeWords = new Uint32Array(this.#time.buffer)

  constructor({ spill, places = usualPlaces, kept = 2 }: AwaitedOptions = {}) {
    this.#spill = spill
    this.#places = places
    this.#kept = kept
  }

  /** A name that waits already waits twice. */
  add({ terminal, batch, stan }: FundsKey, at: number): void {
    this.#put(this.#terminals.number(terminal) + 1, this.#batches.number(batch), this.#stans.number(stan), at)
    this.size++
  }

  /** The time of one that waits, which then waits no more; undefined: none does. */
  take({ terminal, batch, stan }: FundsKey): number | undefined {
    const [known, ofBatch, number] = [
      this.#terminals.known(terminal),
      this.#batches.known(batch),
      this.#stans.known(stan),
    ]
    if (known === undefined || ofBatch === undefined || number === undefined) return undefined
    const name = { terminal: known + 1, batch: ofBatch, stan: number }
    for (let index = this.#tables.length - 1; index >= 0; index--) {
      const table = this.#tables[index] as Table
      const at = this.#orLost(table, () => this.#takeFrom(table, name))
      if (at === undefined) continue
      this.size--
      table.waiting--
      if (this.#isSparse(table)) this.#thin(table)
      return at
    }
    return undefined
  }

  #put(terminal: number, batch: number, stan: number, at: number): void {
    const table = this.#newest()
    const words = table.words as Uint32Array
    let place = this.#firstPlace(terminal, batch, stan)
    while (words[width * place] !== 0) place = (place + 1) & (this.#places - 1)
    this.#time[0] = at
    const to = width * place
    words[to] = terminal
    words[to + 1] = batch
    words[to + 2] = stan
    words[to + 3] = this.#timeWords[0] as number
    words[to + 4] = this.#timeWords[1] as number
    table.used++
    table.waiting++
  }

  /** Which is in memory, and has room. */
  #newest(): Table {
    const last = this.#last
    if (last?.words !== undefined && last.used < fullShare * this.#places) return last
    const words = this.#spare?.fill(0) ?? new Uint32Array(width * this.#places)
    this.#spare = undefined
    const table: Table = { words, at: -1, used: 0, waiting: 0, gone: new Set() }
    this.#tables.push(table)
    this.#last = table
    for (const older of this.#tables.slice(0, -1)) if (this.#isSparse(older)) this.#thin(older)
    for (const older of this.#tables.slice(0, -this.#kept)) this.#toDisk(older)
    return this.#last === table ? table : this.#newest()
  }

  /** One that the disk does not take stays in memory until the next time. */
  #toDisk(table: Table): void {
    if (table.words === undefined || this.#spill === undefined) return
    const bytes = new Uint8Array(table.words.buffer)
    try {
      const at = this.#free.at(-1)
      if (at === undefined) table.at = this.#spill.append(bytes)
      else {
        this.#spill.write(at, bytes)
        table.at = at
        this.#free.pop()
      }
      this.#spare = table.words
      table.words = undefined
    } catch {
      // The books tell of a disk that is full.
    }
  }

  #takeFrom(table: Table, name: Name): number | undefined {
    const first = this.#firstPlace(name.terminal, name.batch, name.stan)
    for (let passed = 0; passed < this.#places; ) {
      const place = (first + passed) & (this.#places - 1)
      const { words, offset, count } = this.#look(table, place)
      for (let index = 0; index < count; index++) {
        const from = offset + width * index
        if (words[from] === 0) return undefined
        if (words[from] !== name.terminal || words[from + 1] !== name.batch || words[from + 2] !== name.stan) continue
        if (table.gone.has(place + index)) continue
        const at = this.#timeAt(words, from)
        this.#leave(table, place + index)
        return at
      }
      passed += count
    }
    return undefined
  }

  #leave(table: Table, place: number): void {
    if (table.words !== undefined) {
      table.words[width * place] = left
      return
    }
    try {
      this.#spill?.write(table.at + placeBytes * place, goneBytes)
    } catch {
      table.gone.add(place)
    }
  }

  /** Some places from this one on. */
  #look(table: Table, place: number): { words: Uint32Array; offset: number; count: number } {
    if (table.words !== undefined) return { words: table.words, offset: width * place, count: this.#places - place }
    const count = Math.min(readAtOnce, this.#places - place)
    const bytes = new Uint8Array(this.#some.buffer, 0, placeBytes * count)
    this.#spill?.read(table.at + placeBytes * place, bytes)
    return { words: this.#some, offset: 0, count }
  }

  #isSparse({ waiting }: Table): boolean {
    return waiting < sparseShare * this.#places
  }

  /** Empties it into the newest where it is another one. */
  #thin(table: Table): void {
    const index = this.#tables.indexOf(table)
    if (index < 0 || (index === this.#tables.length - 1 && table.waiting > 0)) return
    this.#orLost(table, () => {
      const words = table.waiting > 0 ? this.#wordsOf(table) : new Uint32Array()
      this.#drop(table)
      for (let from = 0; from < words.length; from += width) {
        const terminal = words[from] as number
        if (terminal === 0 || terminal === left || table.gone.has(from / width)) continue
        this.#put(terminal, words[from + 1] as number, words[from + 2] as number, this.#timeAt(words, from))
      }
    })
  }

  #wordsOf(table: Table): Uint32Array {
    if (table.words !== undefined) return table.words
    const words = new Uint32Array(width * this.#places)
    this.#spill?.read(table.at, new Uint8Array(words.buffer))
    return words
  }

  #drop(table: Table): void {
    this.#remove(table)
    if (table.at >= 0) this.#free.push(table.at)
  }

  #remove(table: Table): void {
    this.#tables.splice(this.#tables.indexOf(table), 1)
    this.#last = this.#tables.at(-1)
  }

  /** A row that a disk does not give back waits no more, and is counted. */
  #orLost<Value>(table: Table, work: () => Value): Value | undefined {
    try {
      return work()
    } catch {
      this.#remove(table)
      this.size -= table.waiting
      this.lost += table.waiting
      return undefined
    }
  }

  #timeAt(words: Uint32Array, from: number): number {
    this.#timeWords[0] = words[from + 3] as number
    this.#timeWords[1] = words[from + 4] as number
    return this.#time[0] as number
  }

  #firstPlace(terminal: number, batch: number, stan: number): number {
    let hash = Math.imul(terminal, 0x9e3779b1) ^ Math.imul(batch + 1, 0x85ebca6b) ^ Math.imul(stan, 0xc2b2ae35)
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d)
    return (hash ^ (hash >>> 13)) & (this.#places - 1)
  }
}

const goneBytes = new Uint8Array(Uint32Array.of(left).buffer)
