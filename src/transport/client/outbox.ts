// Frames that leave in one write. The buffer is handed over with the write, because a socket may keep it for a while;
// an idle connection holds none.

import type { Reader, Wire } from '../wire/wire.js'

/** Frames are written out when this many bytes are waiting, even before the event at hand has been handled. */
export const flushBytes = 65_536

export class Outbox {
  /** Frames so far stand in `buffer` from 0 to `end`. */
  buffer: Uint8Array = nothing
  end = 0
  #lastBytes = 0

  /** Makes room for `bytes` more behind `end`. */
  reserve(bytes: number): void {
    const needed = this.end + bytes
    if (needed <= this.buffer.length) return
    const grown = Buffer.allocUnsafe(Math.max(needed, 2 * this.end, Math.min(this.#lastBytes, flushBytes)))
    grown.set(this.buffer.subarray(0, this.end))
    this.buffer = grown
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

  /** All frames so far, as one view that is the caller's; undefined when there is none. */
  take(): Uint8Array | undefined {
    if (this.end === 0) return undefined
    const bytes = this.buffer.subarray(0, this.end)
    this.#lastBytes = this.end
    this.clear()
    return bytes
  }

  clear(): void {
    this.buffer = nothing
    this.end = 0
  }
}

const nothing = new Uint8Array(0)
