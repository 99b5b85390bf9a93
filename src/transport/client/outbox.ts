// Frames that leave in one write. The buffer is handed over with the write, because a socket may keep it for a while; where the
// link says that the bytes have left, it is used again, by whichever connection writes next. An idle connection holds none.

import type { Link } from '../network/link.js'
import { createSpareBuffers } from '../network/spare-buffers.js'
import type { Reader, Wire } from '../wire/wire.js'

/** Frames are written out when this many bytes are waiting, even before the event at hand has been handled. */
export const flushBytes = 65_536

const spareBytes = 16_384
/** As many as write in one turn, and a megabyte at the most. */
const spares = createSpareBuffers(spareBytes, 64)

export class Outbox {
  /** Frames so far stand in `buffer` from 0 to `end`. */
  buffer: Uint8Array = nothing
  end = 0
  #lastBytes = 0
  /** The link says when bytes have left. */
  #isTold = false

  /** Makes room for `bytes` more behind `end`. */
  reserve(bytes: number): void {
    const needed = this.end + bytes
    if (needed <= this.buffer.length) return
    const grown = this.#isTold && needed <= spareBytes ? spares.take() : this.#fresh(needed)
    if (this.end > 0) grown.set(this.buffer.subarray(0, this.end))
    this.buffer = grown
  }

  #fresh(needed: number): Uint8Array {
    return Buffer.allocUnsafe(Math.max(needed, 2 * this.end, Math.min(this.#lastBytes, flushBytes)))
  }

  /** Answers polls as far as one write goes, and returns how many came. A peer that does not read gets no answer. */
  answerPolls(reader: Pick<Reader, 'takePolls'>, { poll }: Pick<Wire, 'poll'>, isBlocked: boolean): number {
    const polls = reader.takePolls()
    if (polls === 0 || poll === undefined || isBlocked) return polls
    const most = Math.min(polls, Math.floor(flushBytes / poll.length))
    this.reserve(most * poll.length)
    for (let count = 0; count < most; count++, this.end += poll.length) this.buffer.set(poll, this.end)
    return polls
  }

  /**
   * Writes all frames so far in one write; without a link they are dropped. False where the peer does not keep up; undefined where nothing
   * was written.
   */
  writeTo(link: Link | undefined): boolean | undefined {
    if (this.end === 0) return undefined
    const { buffer, end } = this
    this.#lastBytes = end
    this.clear()
    if (link === undefined) return undefined
    const keepsUp = link.write(buffer.subarray(0, end))
    this.#isTold = link.hasLeft === true
    if (this.#isTold && buffer.length === spareBytes) spares.giveBack(buffer)
    return keepsUp
  }

  clear(): void {
    this.buffer = nothing
    this.end = 0
  }
}

const nothing = new Uint8Array(0)
