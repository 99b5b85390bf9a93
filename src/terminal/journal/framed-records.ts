// Frames of a journal, read piece by piece: no more of it is in memory than the frame at hand, however long it is.

import type { JournalRecord } from './journal-records.js'

/** The end of a journal's bytes, as it was found. */
export interface ReadBytes {
  readonly bytes: number
  /** Bytes at the end that are no whole record. */
  readonly tornBytes: number
  /** The place where the bytes stop making sense although whole records follow; undefined: nowhere. */
  readonly damagedAt: number | undefined
}

/** Bytes of one payload: what one turn brings, or the largest frame (64 KiB) some times. */
export const maxPayloadBytes = 1_048_576
/** More than any frame: where so much is there and no frame begins, none does. */
const mostFrameBytes = maxPayloadBytes + 64

export interface FrameFormat {
  /** The payload of the frame that begins here, and where that ends; undefined: no whole frame does. */
  readonly payloadAt: (buffer: Buffer, at: number) => { readonly payload: Buffer; readonly end: number } | undefined
  readonly read: (payload: Buffer) => Iterable<JournalRecord>
  /** The bytes with which frames begin. */
  readonly mark: Uint8Array
  /** Whether what is left from here on may be the beginning of a frame that was never written to its end. */
  readonly isTorn: (buffer: Buffer, at: number) => boolean
}

/** Both versions take this for granted: where bytes end, and what is wrong with those that do not. */
export function readFramed(window: ByteWindow, format: FrameFormat, take: (record: JournalRecord) => void): ReadBytes {
  for (;;) {
    const { buffer, at } = window
    const found = format.payloadAt(buffer, at)
    if (found === undefined) {
      if (buffer.length - at < mostFrameBytes && window.more()) continue
      return endOf(window, format)
    }
    const inFrame = readWhole(found.payload, format.read)
    // Its bytes are as they were written, and make no sense: nothing was torn here.
    if (inFrame === undefined) return { bytes: window.total(), tornBytes: 0, damagedAt: window.place }
    for (const record of inFrame) take(record)
    window.at = found.end
  }
}

/** No whole frame begins here: the end, a frame that was torn there, or damage with whole frames behind it. */
function endOf(window: ByteWindow, format: FrameFormat): ReadBytes {
  window.rest()
  const { buffer, at, place } = window
  const mark = Buffer.from(format.mark)
  let next = buffer.indexOf(mark, at + 1)
  while (next >= 0 && format.payloadAt(buffer, next) === undefined) next = buffer.indexOf(mark, next + 1)
  const isWhole = next < 0 && (at === buffer.length || format.isTorn(buffer, at))
  return { bytes: window.total(), tornBytes: buffer.length - at, damagedAt: isWhole ? undefined : place }
}

function readWhole(payload: Buffer, read: FrameFormat['read']): readonly JournalRecord[] | undefined {
  try {
    return [...read(payload)]
  } catch {
    return undefined
  }
}

/** The part of a file that is looked at: from the frame at hand on. */
export class ByteWindow {
  readonly #pieces: Iterator<Uint8Array>
  /** The place in the file where `buffer` begins. */
  #from = 0
  buffer: Buffer = Buffer.alloc(0)
  /** In `buffer`. */
  at = 0

  constructor(pieces: Iterable<Uint8Array>) {
    this.#pieces = pieces[Symbol.iterator]()
    this.more()
  }

  /** In the file. */
  get place(): number {
    return this.#from + this.at
  }

  /** Takes the next piece, and leaves out what was read. False: there is none. */
  more(): boolean {
    const next = this.#pieces.next()
    if (next.done === true) return false
    this.#take([next.value])
    return true
  }

  /** Takes all pieces that are left. */
  rest(): void {
    const pieces: Uint8Array[] = []
    for (let next = this.#pieces.next(); next.done !== true; next = this.#pieces.next()) pieces.push(next.value)
    if (pieces.length > 0) this.#take(pieces)
  }

  /** Bytes of the whole file, which is read to its end for that. */
  total(): number {
    this.rest()
    return this.#from + this.buffer.length
  }

  #take(pieces: readonly Uint8Array[]): void {
    this.buffer = Buffer.concat([this.buffer.subarray(this.at), ...pieces])
    this.#from += this.at
    this.at = 0
  }
}
