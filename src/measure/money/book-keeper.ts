// The terminals' own record of money in a run, in columns outside of Node's heap: 22 bytes a transaction and the names, so that
// a day of millions fits.

import type { BookRow, BookState } from './books.js'

/** Transactions that are kept, about 200 MB; beyond that the books cannot be known. */
export const maxBookRows = 8_000_000

const states = ['charged', 'reversed', 'declined', 'unknown'] as const satisfies readonly BookState[]
const chunkRows = 8_192

interface Chunk {
  readonly who: Uint32Array
  readonly batch: Uint32Array
  readonly stan: Uint32Array
  readonly kind: Uint8Array
  readonly amount: Float64Array
  readonly state: Uint8Array
}

export interface BookKeeper {
  readonly size: number
  /** More came than are kept. */
  readonly isFull: boolean
  /** Writes a transaction down. Returns its number, for `set`; -1 when it is not kept. */
  add(row: BookRow): number
  set(number: number, state: BookState): void
  rows(): Iterable<BookRow>
}

/** From this share of the limit on the books are nearly full: time to end the run with books that are known. */
const nearlyFullShare = 0.9

/** `onNearlyFull` is told once, with how many are kept and how many can be. */
export function createBookKeeper(
  limit: number = maxBookRows,
  onNearlyFull: (size: number, limit: number) => void = () => {},
): BookKeeper {
  const chunks: Chunk[] = []
  const who = createWords()
  const batches = createWords()
  const kinds = createWords()
  const stans = createWords()
  let size = 0
  let isFull = false
  const nearlyFull = Math.ceil(limit * nearlyFullShare)

  const rowAt = (number: number): BookRow => {
    const chunk = chunks[Math.floor(number / chunkRows)] as Chunk
    const at = number % chunkRows
    const [terminal = '', merchant = ''] = who.text(chunk.who[at] as number).split(separator)
    return {
      terminal,
      merchant,
      batch: batches.text(chunk.batch[at] as number),
      stan: stanOf(chunk.stan[at] as number),
      kind: kinds.text(chunk.kind[at] as number),
      amountMinor: chunk.amount[at] as number,
      state: states[chunk.state[at] as number] as BookState,
    }
  }

  const stanOf = (number: number) => (number < oddStan ? String(number).padStart(6, '0') : stans.text(number - oddStan))

  return {
    get size() {
      return size
    },
    get isFull() {
      return isFull
    },
    add({ terminal, merchant, batch, stan, kind, amountMinor, state }) {
      isFull ||= size >= limit
      if (isFull) return -1
      const at = size % chunkRows
      if (at === 0) chunks.push(newChunk())
      const chunk = chunks[chunks.length - 1] as Chunk
      chunk.who[at] = who.number(terminal + separator + merchant)
      chunk.batch[at] = batches.number(batch)
      chunk.stan[at] = usualStan.test(stan) ? Number(stan) : oddStan + stans.number(stan)
      chunk.kind[at] = kinds.number(kind)
      chunk.amount[at] = amountMinor
      chunk.state[at] = states.indexOf(state)
      if (++size === nearlyFull) onNearlyFull(size, limit)
      return size - 1
    },
    set(number, state) {
      const chunk = chunks[Math.floor(number / chunkRows)]
      if (number >= 0 && chunk !== undefined) chunk.state[number % chunkRows] = states.indexOf(state)
    },
    *rows() {
      for (let number = 0; number < size; number++) yield rowAt(number)
    },
  }
}

/** DE11 is n 6; what a host has taken for one may be something else, and is kept as a text behind this number. */
const usualStan = /^\d{6}$/
const oddStan = 1_000_000

const separator = '\u001f'

const newChunk = (): Chunk => ({
  who: new Uint32Array(chunkRows),
  batch: new Uint32Array(chunkRows),
  stan: new Uint32Array(chunkRows),
  kind: new Uint8Array(chunkRows),
  amount: new Float64Array(chunkRows),
  state: new Uint8Array(chunkRows),
})

/** Texts that come again and again, by number. */
function createWords() {
  const texts: string[] = []
  const numbers = new Map<string, number>()
  return {
    number(text: string): number {
      const known = numbers.get(text)
      if (known !== undefined) return known
      numbers.set(text, texts.length)
      return texts.push(text) - 1
    },
    text: (number: number): string => texts[number] as string,
  }
}
