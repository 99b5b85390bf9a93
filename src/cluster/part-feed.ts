// The parcels of one part so far, in order, and the figures in them. Rule: figures are sums of deltas, and the final
// parcel must come to the same sums.

import { type ParcelHead, unwrapParcel } from './protocol.js'

/** Adds up the deltas of one part; knows their form, which the feed does not. */
export interface Fold {
  /** Throws UsageError for bytes that are no delta. */
  delta(bytes: Uint8Array): void
  /** Throws UsageError for bytes that are no final, or whose figures are not those of the deltas. */
  final(bytes: Uint8Array): void
  /** Arrivals handed over, and those of them that have ended, by the last delta. */
  readonly handed: number
  readonly ended: number
}

/** Bytes of one parcel, packed. */
const maxParcelBytes = 512 * 1024 * 1024

export class PartFeed<Figures extends Fold> {
  readonly fold: Figures
  #incarnation: string | undefined
  #nextSeq = 0
  #chunks: Uint8Array[] = []
  #bytes = 0
  #isFinished = false
  #problem: string | undefined

  constructor(fold: Figures) {
    this.fold = fold
  }

  /** Whose parcels count: a part is made by one incarnation. */
  expect(incarnation: string): void {
    this.#incarnation = incarnation
  }

  get isFinished(): boolean {
    return this.#isFinished
  }

  /** In words, when what came cannot be used; the part is lost then. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** Takes one message of a parcel. False for one that is not of this part's generator, or comes again. */
  take(body: Uint8Array): boolean {
    const parcel = unwrapParcel(body)
    if (parcel === undefined || parcel.head.incarnation !== this.#incarnation) return false
    if (this.#problem !== undefined || this.#isFinished) return false
    const { head, chunk } = parcel
    // A bus keeps a message once for each id, but its memory of ids is bounded in time.
    if (head.seq < this.#nextSeq || (head.seq === this.#nextSeq && head.i < this.#chunks.length)) return false
    if (head.seq > this.#nextSeq || head.i !== this.#chunks.length) {
      this.#problem = `its messages have a gap: ${this.#nextSeq} -> ${head.seq}`
      return false
    }
    this.#bytes += chunk.length
    this.#chunks.push(chunk)
    if (this.#bytes > maxParcelBytes) this.#problem = `it sent more than ${maxParcelBytes} bytes at once`
    else if (this.#chunks.length === head.n) this.#complete(head)
    return true
  }

  #complete({ kind }: ParcelHead): void {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Uint8Array) : Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#bytes = 0
    this.#nextSeq++
    try {
      if (kind === 'delta') this.fold.delta(bytes)
      else this.fold.final(bytes)
      this.#isFinished = kind === 'final'
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : String(error)
    }
  }
}
