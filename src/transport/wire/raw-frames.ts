// Finds where frames begin and end in a stream without opening them, so that what nobody changes passes byte for byte.
//
// Rule: every byte that goes in comes out, in order, in one piece or another. Bytes that are no frame are `loose`, and so
// is everything behind them: there the stream cannot be read any further.

import { endOf, type Measure } from '../../framing/end-of-frame.js'
import type { Framing } from '../../framing/framing.js'
import { maxFrameBytes as defaultMaxFrameBytes } from '../../framing/framing.js'
import { createPrefix, type FramePrefix } from '../../framing/prefix.js'

export interface RawPiece {
  /** `frame`: a whole one, length prefix and all. */
  readonly kind: 'frame' | 'loose'
  /** A view of what was pushed, or of a buffer of its own that is never written again. */
  readonly bytes: Uint8Array
}

export interface RawFrames {
  /** Bytes of the length prefix, in front of every message. */
  readonly prefixBytes: number
  /** Cuts what arrived; the beginning of a frame is kept until its end arrives. */
  cut(chunk: Uint8Array): RawPiece[]
  /** Only keeps count of where frames end: the chunk is passed on as it is. Not while `heldBytes` is not 0. */
  skim(chunk: Uint8Array): void
  /** Takes out the beginning of a frame, whose end will not be waited for: it is in the stream as if skimmed. */
  takeHeld(): Uint8Array
  /** Bytes that wait for the end of their frame. */
  readonly heldBytes: number
  /** False inside a frame whose beginning has been passed on already. */
  readonly atBoundary: boolean
  /** Bytes came that are no frame of this framing. */
  readonly isForeign: boolean
  /** Whether these bytes are one whole frame. */
  isFrame(bytes: Uint8Array): boolean
}

/** A frame longer than `maxFrameBytes` is not waited for: its stream is foreign. */
export function createRawFrames(
  framing: Framing,
  measure?: Measure | undefined,
  maxFrameBytes = defaultMaxFrameBytes,
): RawFrames {
  const { length } = framing
  const end = endOf(framing)
  if (end !== undefined) return new WholeFrames(end.measure, maxFrameBytes)
  if (length.kind === 'none') return new WholeFrames(measure, maxFrameBytes)
  return new PrefixedFrames(framing, maxFrameBytes)
}

const loose = (bytes: Uint8Array): RawPiece => ({ kind: 'loose', bytes })
const whole = (bytes: Uint8Array): RawPiece => ({ kind: 'frame', bytes })

class PrefixedFrames implements RawFrames {
  readonly prefixBytes: number
  isForeign = false
  readonly #prefix: FramePrefix
  readonly #maxBytes: number
  /** The prefix of the frame at hand, as far as it has been seen by skimming. */
  readonly #seen: Uint8Array
  #seenBytes = 0
  /** Bytes of the frame at hand that are still to pass. */
  #passing = 0
  #held: Uint8Array = new Uint8Array(0)
  heldBytes = 0

  constructor(framing: Framing, maxBytes: number) {
    this.#prefix = createPrefix(framing)
    this.#maxBytes = maxBytes
    this.prefixBytes = this.#prefix.bytes
    this.#seen = new Uint8Array(this.prefixBytes)
  }

  get atBoundary(): boolean {
    return this.#seenBytes === 0 && this.#passing === 0
  }

  isFrame(bytes: Uint8Array): boolean {
    return bytes.length > this.prefixBytes && this.#total(bytes, 0) === bytes.length
  }

  cut(chunk: Uint8Array): RawPiece[] {
    if (this.isForeign) return [loose(chunk)]
    const pieces: RawPiece[] = []
    const from = this.atBoundary ? 0 : this.#walk(chunk, true)
    if (from > 0) pieces.push(loose(chunk.subarray(0, from)))
    if (from < chunk.length) this.#cutFrames(chunk.subarray(from), pieces)
    return pieces
  }

  skim(chunk: Uint8Array): void {
    if (!this.isForeign) this.#walk(chunk, false)
  }

  takeHeld(): Uint8Array {
    const held = this.#held.slice(0, this.heldBytes)
    this.heldBytes = 0
    if (!this.isForeign) this.#walk(held, false)
    return held
  }

  #cutFrames(chunk: Uint8Array, pieces: RawPiece[]): void {
    const bytes = this.heldBytes === 0 ? chunk : this.#holdMore(chunk)
    if (bytes === undefined) return
    let at = 0
    while (at < bytes.length) {
      const total = this.#total(bytes, at)
      if (total < 0) {
        this.isForeign = true
        pieces.push(loose(bytes.subarray(at)))
        return
      }
      if (total === 0 || at + total > bytes.length) break
      const piece = bytes.subarray(at, at + total)
      // A prefix that announces nothing keeps the line open and is no message.
      pieces.push(total === this.prefixBytes ? loose(piece) : whole(piece))
      at += total
    }
    this.#hold(bytes.subarray(at))
  }

  /** Adds to what is held; the whole once a frame is complete, else undefined. */
  #holdMore(chunk: Uint8Array): Uint8Array | undefined {
    this.#hold(chunk)
    const total = this.#total(this.#held.subarray(0, this.heldBytes), 0)
    if (total === 0 || total > this.heldBytes) return undefined
    const bytes = this.#held.subarray(0, this.heldBytes)
    this.#held = new Uint8Array(0)
    this.heldBytes = 0
    return bytes
  }

  #hold(bytes: Uint8Array): void {
    const needed = this.heldBytes + bytes.length
    if (needed > this.#held.length) {
      const grown = new Uint8Array(Math.max(256, needed, 2 * this.#held.length))
      grown.set(this.#held.subarray(0, this.heldBytes))
      this.#held = grown
    }
    this.#held.set(bytes, this.heldBytes)
    this.heldBytes = needed
  }

  /** Bytes of the frame at `at`, prefix included; 0 when its prefix is not complete, -1 when it is none. */
  #total(bytes: Uint8Array, at: number): number {
    if (bytes.length - at < this.prefixBytes) return 0
    const length = this.#prefix.read(bytes, at)
    return length < 0 || length > this.#maxBytes ? -1 : this.prefixBytes + length
  }

  /** Goes through bytes that are passed on; returns where it stopped: at the end, or at the first boundary. */
  #walk(chunk: Uint8Array, toBoundary: boolean): number {
    let at = 0
    while (at < chunk.length && !this.isForeign) {
      const passed = Math.min(this.#passing, chunk.length - at)
      this.#passing -= passed
      at += passed
      if (toBoundary && this.atBoundary) return at
      while (at < chunk.length && this.#passing === 0 && this.#seenBytes < this.prefixBytes) {
        this.#seen[this.#seenBytes++] = chunk[at++] as number
      }
      if (this.#seenBytes === this.prefixBytes) this.#announce()
      if (toBoundary && this.atBoundary && !this.isForeign) return at
    }
    return this.isForeign ? chunk.length : at
  }

  #announce(): void {
    const total = this.#total(this.#seen, 0)
    this.#seenBytes = 0
    if (total < 0) this.isForeign = true
    else this.#passing = total - this.prefixBytes
  }
}

/** No length in front: a message ends where what is in it says; without a measure, where what arrived together ends. */
class WholeFrames implements RawFrames {
  readonly prefixBytes = 0
  readonly atBoundary = true
  readonly isForeign = false
  readonly #measure: Measure
  readonly #maxBytes: number
  #held: Uint8Array = new Uint8Array(0)

  constructor(measure: Measure | undefined, maxBytes: number) {
    this.#measure = measure ?? ((bytes) => bytes.length)
    this.#maxBytes = maxBytes
  }

  get heldBytes(): number {
    return this.#held.length
  }

  isFrame(bytes: Uint8Array): boolean {
    return bytes.length > 0
  }

  cut(chunk: Uint8Array): RawPiece[] {
    const pieces: RawPiece[] = []
    let rest = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    while (rest.length > 0) {
      const measured = this.#measure(rest)
      if (measured === 0 && rest.length <= this.#maxBytes) break
      const total = measured <= 0 ? rest.length : Math.min(measured, rest.length)
      pieces.push(whole(rest.subarray(0, total)))
      rest = rest.subarray(total)
    }
    this.#held = Uint8Array.from(rest)
    return pieces
  }

  skim(): void {}

  takeHeld(): Uint8Array {
    const held = this.#held
    this.#held = new Uint8Array(0)
    return held
  }
}
