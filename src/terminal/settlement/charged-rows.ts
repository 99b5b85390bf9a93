// The transactions of batches that may have to be uploaded, outside of Node's heap: 16 bytes each.

import type { BookRow } from '../../measure/money/books.js'
import { StanWords } from '../../measure/money/words.js'

/** A transaction in an upload. */
export type UploadRow = Pick<BookRow, 'stan' | 'amountMinor'>

const chunkRows = 16_384

/** The numbers of one batch's first and last transaction; -1: it has none. */
export interface RowChain {
  first: number
  last: number
}

export class ChargedRows {
  readonly #chunks: Chunk[] = []
  readonly #stans = new StanWords()
  #size = 0

  add(chain: RowChain, { stan, amountMinor }: UploadRow): void {
    const number = this.#size++
    const at = number % chunkRows
    if (at === 0) this.#chunks.push(new Chunk())
    const chunk = this.#chunkOf(number)
    chunk.stan[at] = this.#stans.number(stan)
    chunk.amount[at] = amountMinor
    chunk.next[at] = -1
    if (chain.last >= 0) this.#chunkOf(chain.last).next[chain.last % chunkRows] = number
    else chain.first = number
    chain.last = number
  }

  /** In the order in which they were added. */
  *of({ first }: RowChain): Iterable<UploadRow> {
    for (let number = first; number >= 0; ) {
      const chunk = this.#chunkOf(number)
      const at = number % chunkRows
      yield { stan: this.#stans.text(chunk.stan[at] as number), amountMinor: chunk.amount[at] as number }
      number = chunk.next[at] as number
    }
  }

  #chunkOf = (number: number): Chunk => this.#chunks[Math.floor(number / chunkRows)] as Chunk
}

class Chunk {
  readonly amount = new Float64Array(chunkRows)
  readonly stan = new Uint32Array(chunkRows)
  readonly next = new Int32Array(chunkRows)
}
