// Cuts a stream of bytes into frames, however the bytes arrive: whole, one by one, or several frames at once.
//
// Rule: frames are views of the chunk where they can be; only a frame that spans two chunks is put together in a
// buffer of the deframer's own, which grows with the bytes that arrived and not with what a peer announces.

import { poison, poisonsViews, withMethods } from '../base/lent.js'
import { counted } from '../base/text/counted.js'
import { type End, endOf, type Measure } from './end-of-frame.js'
import { FrameError } from './frame-error.js'
import type { Framing } from './framing.js'
import { looksLike, quote } from './misfit.js'
import { createPrefix, type FramePrefix, holds, lengthTooSmall, notANumber, wrongFiller } from './prefix.js'

export interface Deframer {
  /** Hands in what arrived. Call next() until it returns undefined before the chunk's bytes go away. */
  push(chunk: Uint8Array): void
  /**
   * The next message, without what the framing adds; undefined when more bytes are needed. Views stay valid until the
   * next push. Throws FrameError, from then on always, where the stream cannot be read any further.
   */
  next(): Uint8Array | undefined
  /** Copies what next() has not returned yet: the chunk's bytes may go away, and next() be called later. */
  keep(): void
  /** The beginning of a frame has arrived, and its end has not. */
  readonly isInside: boolean
  /** The stream has ended. Throws FrameError TRUNCATED when it did so inside a frame. */
  end(): void
  /** The bytes that arrived and are no whole frame yet, in words for who waits in vain; undefined where none are left over. */
  readonly unread: string | undefined
  /** Frames of length zero so far: sent to keep a line open, and no messages. */
  readonly keepalives: number
}

/** A buffer above this many bytes is given back after use: a rare long message must not cost every connection for ever. */
const keptBufferBytes = 4096

export type { Measure } from './end-of-frame.js'

export interface DeframerLimits {
  /** Bounds what a peer may announce. */
  readonly maxFrameBytes: number
  /** Framing `none`: where a message ends by what is in it. Left out: every push is one message. */
  readonly measure?: Measure | undefined
}

export function createDeframer(framing: Framing, limits: DeframerLimits): Deframer {
  const deframer = deframerFor(framing, limits)
  return poisonsViews ? poisoned(deframer) : deframer
}

function deframerFor(framing: Framing, limits: DeframerLimits): Deframer {
  const { length } = framing
  const end = endOf(framing) ?? (limits.measure && { measure: limits.measure, bodyOf: whole })
  if ((length.kind === 'none' || endOf(framing) !== undefined) && end !== undefined)
    return new MeasuredDeframer(framing, limits.maxFrameBytes, end)
  if (length.kind === 'none') return new WholeDeframer(framing, limits.maxFrameBytes)
  return new PrefixDeframer(framing, limits.maxFrameBytes)
}

/** Lends copies, and spoils them when their time is over. */
function poisoned(deframer: Deframer): Deframer {
  const lent: Uint8Array[] = []
  return withMethods(deframer, {
    push(chunk) {
      for (const frame of lent.splice(0)) frame.fill(poison)
      deframer.push(chunk)
    },
    next() {
      const frame = deframer.next()
      if (frame === undefined) return undefined
      lent.push(new Uint8Array(frame))
      return lent.at(-1)
    },
  })
}

const whole = (frame: Uint8Array) => frame

class PrefixDeframer implements Deframer {
  keepalives = 0
  readonly #framing: Framing
  readonly #prefix: FramePrefix
  readonly #maxBytes: number
  #chunk: Uint8Array = empty
  #at = 0
  /** The chunk is a copy of ours. */
  #isKept = false
  /** The beginning of a frame whose end has not arrived. */
  #partial: Uint8Array = empty
  #partialBytes = 0
  /** Bytes that `#partial` needs before it can be looked at again. */
  #needed: number
  /** Changes places with `#partial`, so that a frame just returned is not written over before the next push. */
  #spare: Uint8Array = empty
  #offset = 0
  #error: FrameError | undefined

  constructor(framing: Framing, maxBytes: number) {
    this.#framing = framing
    this.#prefix = createPrefix(framing)
    this.#maxBytes = maxBytes
    this.#needed = this.#prefix.bytes
  }

  push(chunk: Uint8Array): void {
    // Nearly always nothing is left, and even a view of nothing costs as much as a request's values.
    const isAllRead = this.#at === this.#chunk.length
    this.#chunk = isAllRead ? chunk : Buffer.concat([this.#chunk.subarray(this.#at), chunk])
    this.#at = 0
    this.#isKept = false
  }

  keep(): void {
    if (this.#isKept) return
    this.#chunk = new Uint8Array(this.#chunk.subarray(this.#at))
    this.#at = 0
    this.#isKept = true
  }

  get isInside(): boolean {
    return this.#partialBytes > 0
  }

  next(): Uint8Array | undefined {
    if (this.#error !== undefined) throw this.#error
    for (;;) {
      const frame = this.#partialBytes > 0 ? this.#nextSpanning() : this.#nextInChunk()
      if (frame === undefined || frame.length > 0) return frame
      this.keepalives++
    }
  }

  get unread(): string | undefined {
    const count = this.#partialBytes
    if (count === 0) return undefined
    const came = `${count} ${count === 1 ? 'byte' : 'bytes'} came that are no whole message with framing ${this.#framing.name}`
    const waits = `, which waits for ${this.#needed - count} more`
    return `${came}${waits}${looksLike(this.#framing, this.#partial.subarray(0, count))}`
  }

  end(): void {
    if (this.#error !== undefined) throw this.#error
    if (this.#partialBytes > 0)
      this.#fail('TRUNCATED', this.#truncation(), this.#partial.subarray(0, this.#partialBytes))
  }

  #nextInChunk(): Uint8Array | undefined {
    const left = this.#chunk.length - this.#at
    if (left < this.#prefix.bytes) return this.#keepRest(this.#prefix.bytes)
    const total = this.#measure(this.#chunk, this.#at, this.#chunk.length)
    if (left < total) return this.#keepRest(total)
    const frame = this.#cut(this.#chunk, this.#at, total)
    this.#at += total
    this.#offset += total
    return frame
  }

  #nextSpanning(): Uint8Array | undefined {
    while (this.#fill()) {
      const total = this.#measure(this.#partial, 0, this.#partialBytes)
      if (this.#partialBytes >= total) return this.#completePartial(total)
      this.#needed = total
    }
    return undefined
  }

  #completePartial(total: number): Uint8Array {
    const frame = this.#cut(this.#partial, 0, total)
    const used = this.#partial
    this.#partial = this.#spare
    this.#spare = used.length > keptBufferBytes ? empty : used
    this.#partialBytes = 0
    this.#needed = this.#prefix.bytes
    this.#offset += total
    return frame
  }

  /** Moves bytes from the chunk to the partial frame. True when it has all that it needs. */
  #fill(): boolean {
    const taken = Math.min(this.#needed - this.#partialBytes, this.#chunk.length - this.#at)
    this.#reserve(this.#partialBytes + taken)
    this.#partial.set(this.#chunk.subarray(this.#at, this.#at + taken), this.#partialBytes)
    this.#partialBytes += taken
    this.#at += taken
    return this.#partialBytes >= this.#needed
  }

  /** Copies the rest of the chunk: the beginning of a frame that can be looked at again when it has `needed` bytes. */
  #keepRest(needed: number): undefined {
    this.#needed = needed
    this.#fill()
    this.#chunk = empty
    this.#at = 0
  }

  #reserve(bytes: number): void {
    if (bytes <= this.#partial.length) return
    const grown = new Uint8Array(Math.max(256, bytes, 2 * this.#partial.length))
    grown.set(this.#partial.subarray(0, this.#partialBytes))
    this.#partial = grown
  }

  /** Bytes of the whole frame at `at`, whose prefix is complete. `end` is where the bytes at hand end. */
  #measure(source: Uint8Array, at: number, end: number): number {
    const bytes = this.#prefix.read(source, at)
    if (bytes < 0) this.#refuse(bytes, source.subarray(at, end))
    if (bytes > this.#maxBytes) {
      const problem = `a length of ${counted(bytes, 'byte')} is over the limit of ${this.#maxBytes}`
      this.#fail('TOO_LONG', problem, source.subarray(at, end))
    }
    return this.#prefix.bytes + bytes
  }

  #refuse(code: number, frame: Uint8Array): never {
    const { lengthAt, lengthBytes, bytes } = this.#prefix
    const length = quote(frame.subarray(lengthAt), lengthBytes)
    if (code === notANumber) this.#fail('BAD_LENGTH', `the length ${length} is not a number`, frame)
    if (code === wrongFiller) {
      this.#fail(
        'BAD_FILLER',
        `${quote(frame, bytes)} does not have the fixed bytes of framing ${this.#framing.name}`,
        frame,
      )
    }
    const tooSmall =
      code === lengthTooSmall ? `the length ${length} does not even count itself` : `bad length ${length}`
    this.#fail('BAD_LENGTH', `${tooSmall}; if it should not, choose a framing that is not inclusive`, frame)
  }

  /** The message inside a complete frame. */
  #cut(source: Uint8Array, at: number, total: number): Uint8Array {
    const { bytes, trailer } = this.#prefix
    const bodyEnd = at + total - trailer.length
    if (bodyEnd <= at + bytes) return empty
    if (!holds(source, bodyEnd, trailer)) {
      this.#fail('BAD_TRAILER', `the message does not end with ${quote(trailer)}`, source.subarray(at, at + total))
    }
    return source.subarray(at + bytes, bodyEnd)
  }

  #truncation(): string {
    const missing = this.#needed - this.#partialBytes
    const problem = `the stream ended ${counted(missing, 'byte')} before the end of the frame`
    if (missing !== this.#prefix.lengthBytes || this.#framing.lengthAdds !== undefined) return problem
    return `${problem}, as long as the length itself: if the length counts itself, choose an inclusive framing`
  }

  #fail(code: FrameError['code'], problem: string, bytes: Uint8Array): never {
    this.#error = new FrameError(code, this.#offset, `${problem}${looksLike(this.#framing, bytes)}`)
    throw this.#error
  }
}

/** No length in front: the bytes themselves say where a message ends. */
class MeasuredDeframer implements Deframer {
  keepalives = 0
  readonly #framing: Framing
  readonly #maxBytes: number
  readonly #end: End
  #bytes: Uint8Array = empty
  #offset = 0
  #error: FrameError | undefined

  constructor(framing: Framing, maxBytes: number, end: End) {
    this.#framing = framing
    this.#maxBytes = maxBytes
    this.#end = end
  }

  push(chunk: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk])
  }

  next(): Uint8Array | undefined {
    if (this.#error !== undefined) throw this.#error
    for (;;) {
      if (this.#bytes.length === 0) return undefined
      const measured = this.#end.measure(this.#bytes)
      // Bytes that are no message have no end that could be found: all that is here is handed on, to be told what is wrong with it.
      const total = measured < 0 ? this.#bytes.length : measured
      if (total > this.#maxBytes || (total === 0 && this.#bytes.length > this.#maxBytes)) this.#tooLong()
      if (total === 0) {
        this.keep()
        return undefined
      }
      const frame = this.#end.bodyOf(this.#bytes.subarray(0, total))
      this.#bytes = this.#bytes.subarray(total)
      this.#offset += total
      if (frame.length > 0) return frame
      this.keepalives++
    }
  }

  end(): void {
    if (this.#error !== undefined) throw this.#error
    if (this.#bytes.length === 0) return
    const problem = `the stream ended inside a message, after ${counted(this.#bytes.length, 'byte')} of it`
    this.#error = new FrameError('TRUNCATED', this.#offset, `${problem}${looksLike(this.#framing, this.#bytes)}`)
    throw this.#error
  }

  keep(): void {
    this.#bytes = Uint8Array.from(this.#bytes)
  }

  get isInside(): boolean {
    return this.#bytes.length > 0
  }

  get unread(): string | undefined {
    return this.isInside ? `${counted(this.#bytes.length, 'byte')} came, in which no message ends` : undefined
  }

  #tooLong(): never {
    const problem = `${counted(this.#bytes.length, 'byte')} without the end of a message: over the limit of ${this.#maxBytes}`
    this.#error = new FrameError('TOO_LONG', this.#offset, `${problem}${looksLike(this.#framing, this.#bytes)}`)
    throw this.#error
  }
}

/** Framing `none` where nothing is known of the messages. */
class WholeDeframer implements Deframer {
  readonly unread = undefined
  readonly keepalives = 0
  readonly isInside = false
  readonly #framing: Framing
  readonly #maxBytes: number
  #chunk: Uint8Array | undefined
  #offset = 0

  constructor(framing: Framing, maxBytes: number) {
    this.#framing = framing
    this.#maxBytes = maxBytes
  }

  push(chunk: Uint8Array): void {
    this.#chunk = chunk
  }

  keep(): void {
    this.#chunk &&= new Uint8Array(this.#chunk)
  }

  next(): Uint8Array | undefined {
    const chunk = this.#chunk
    if (chunk === undefined || chunk.length === 0) return undefined
    if (chunk.length > this.#maxBytes) {
      const problem = `${counted(chunk.length, 'byte')} at once: over the limit of ${this.#maxBytes}`
      throw new FrameError('TOO_LONG', this.#offset, `${problem}${looksLike(this.#framing, chunk)}`)
    }
    this.#chunk = undefined
    this.#offset += chunk.length
    return chunk
  }

  end(): void {
    this.#chunk = undefined
  }
}

const empty = new Uint8Array(0)
