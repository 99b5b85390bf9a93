// Messages on a stream: length prefix, envelope and codec joined. Pure: bytes in, messages out, and the other way round.
//
// Rule: a body is exactly what stands between envelope and trailer, MTI to last field, which is also what a MAC covers.
// So a role signs at the end of its own write(), and verifies `received.body`.

import { createLender, poison, poisonsViews, withMethods } from '../../base/lent.js'
import { counted } from '../../base/text/counted.js'
import type { Codec, Peek } from '../../codec/codec.js'
import { createDeframer, type Deframer, type Measure } from '../../framing/deframer.js'
import { createEnvelope, type Envelope, type EnvelopeDefinition } from '../../framing/envelope.js'
import { FrameError } from '../../framing/frame-error.js'
import { maxFrameBytes as defaultMaxFrameBytes, type Framing } from '../../framing/framing.js'
import { createPrefix } from '../../framing/prefix.js'

/** Writes a message (MTI to last field) at `at` and returns its end. */
export interface BodyWriter {
  write(target: Uint8Array, at: number): number
}

/** A message that arrived. Object and views are reused: valid until the reader's next call, or another reader's. */
export interface Received {
  /** The fields, located; undefined when the message cannot be read, and then `error` says why. */
  readonly peek: Peek | undefined
  readonly error: Error | undefined
  /** The fields of a message that cannot be read, as far as they could be located; undefined where there are none. */
  readonly partly: Peek | undefined
  /** The network sent a message of ours back with this code: `error` says so, and `partly` is our message. */
  readonly rejected?: string | undefined
  /** MTI to last field. */
  readonly body: Uint8Array
  readonly tpdu: Uint8Array | undefined
  readonly header: Uint8Array | undefined
  /** Envelope and body. */
  readonly frame: Uint8Array
}

/** Reads one connection's stream. */
export interface Reader {
  /** Hands in what arrived. Call next() until it returns undefined before the bytes go away. */
  push(chunk: Uint8Array): void
  /** The next message, readable or not; undefined when more bytes are needed. Throws FrameError: close the connection. */
  next(): Received | undefined
  /** Copies what next() has not returned yet: the bytes may go away, and next() be called later. */
  keep(): void
  /** The beginning of a message has arrived, and its end has not. */
  readonly isInside: boolean
  /** The bytes that arrived and are no whole message, in words for who waits in vain; undefined where none are left over. */
  readonly unread: string | undefined
  /** The stream has ended. Throws FrameError when it did so inside a frame. */
  end(): void
  /** Polls that came since this was asked last. */
  takePolls(): number
}

export interface Wire {
  readonly codec: Codec
  readonly framing: Framing
  /** Bytes of TPDU and header. */
  readonly frontBytes: number
  /** Bytes that a frame needs beyond its body. */
  readonly overheadBytes: number
  /**
   * Writes a whole frame at `at` and returns its end. `target` must have room for `overheadBytes` and `maxBodyBytes`.
   * `front` stands in place of the dialect's TPDU and header. Throws FrameError NOT_SENDABLE and what `writer` throws;
   * the bytes written until then mean nothing.
   */
  frame(target: Uint8Array, at: number, maxBodyBytes: number, writer: BodyWriter, front?: Uint8Array): number
  /** TPDU and header of the answer to a request: addresses swapped, header kept. */
  answerFront(request: Received): Uint8Array
  createReader(): Reader
  /** The answer to a poll; undefined where polls are skipped. */
  readonly poll: Uint8Array | undefined
  /** As the deframer takes it: where a message without a length in front ends. */
  readonly measure: Measure | undefined
}

export interface WireOptions {
  readonly codec: Codec
  readonly framing: Framing
  /** Left out: the dialect's. */
  readonly envelope?: EnvelopeDefinition
  readonly maxFrameBytes?: number
}

export function createWire(options: WireOptions): Wire {
  const { codec, framing, maxFrameBytes = defaultMaxFrameBytes } = options
  const envelope = createEnvelope(options.envelope ?? codec.dialect.envelope)
  const prefix = createPrefix(framing)
  const measure = measureOf(codec, envelope)
  const trailers = Uint8Array.from([...envelope.trailer, ...prefix.trailer])

  return {
    codec,
    framing,
    frontBytes: envelope.frontBytes,
    overheadBytes: prefix.bytes + envelope.frontBytes + trailers.length,
    frame(target, at, maxBodyBytes, writer, front = envelope.requestFront) {
      const frontAt = at + prefix.bytes
      const bodyAt = frontAt + front.length
      if (front.length > 0) target.set(front, frontAt)
      const bodyEnd = writer.write(target, bodyAt)
      if (bodyEnd > bodyAt + maxBodyBytes) {
        throw new FrameError(
          'NOT_SENDABLE',
          0,
          `a message is longer than the ${maxBodyBytes} bytes that it had asked for`,
        )
      }
      if (trailers.length > 0) target.set(trailers, bodyEnd)
      envelope.seal?.(target, frontAt, bodyEnd - bodyAt)
      const end = bodyEnd + trailers.length
      prefix.write(target, at, end - frontAt)
      return end
    },
    answerFront: (request) => envelope.answerFront(request.frame),
    createReader() {
      const reader = new WireReader(codec, envelope, createDeframer(framing, { maxFrameBytes, measure }))
      return poisonsViews ? poisoned(reader) : reader
    },
    poll: framing.polls === 'echo' ? prefix.poll : undefined,
    measure,
  }
}

/** The bytes around a message count too. */
function measureOf(codec: Codec, { frontBytes, trailer }: Envelope): Measure | undefined {
  const { measure } = codec
  if (measure === undefined) return undefined
  return (bytes) => {
    if (bytes.length <= frontBytes) return 0
    const body = measure(bytes.subarray(frontBytes))
    return body <= 0 ? body : frontBytes + body + trailer.length
  }
}

class WireReader implements Reader {
  readonly #codec: Codec
  readonly #envelope: Envelope
  readonly #deframer: Deframer
  readonly #received = {
    peek: undefined as Peek | undefined,
    error: undefined as Error | undefined,
    partly: undefined as Peek | undefined,
    rejected: undefined as string | undefined,
    body: nothing,
    tpdu: undefined as Uint8Array | undefined,
    header: undefined as Uint8Array | undefined,
    frame: nothing,
  }
  #polls = 0

  constructor(codec: Codec, envelope: Envelope, deframer: Deframer) {
    this.#codec = codec
    this.#envelope = envelope
    this.#deframer = deframer
  }

  push(chunk: Uint8Array): void {
    this.#deframer.push(chunk)
  }

  next(): Received | undefined {
    for (;;) {
      const frame = this.#deframer.next()
      if (frame === undefined) {
        this.#letGo()
        return undefined
      }
      if (this.#envelope.isControl?.(frame) !== true) return this.#open(frame)
    }
  }

  /** An idle connection must not keep what the system last read for it. */
  #letGo(): void {
    const received = this.#received
    received.peek = undefined
    received.partly = undefined
    received.body = nothing
    received.frame = nothing
    received.tpdu = undefined
    received.header = undefined
  }

  takePolls(): number {
    const polls = this.#deframer.keepalives - this.#polls
    this.#polls += polls
    return polls
  }

  keep(): void {
    this.#deframer.keep()
  }

  get isInside(): boolean {
    return this.#deframer.isInside
  }

  get unread(): string | undefined {
    return this.#deframer.unread
  }

  end(): void {
    this.#deframer.end()
  }

  #open(frame: Uint8Array): Received {
    const received = this.#received
    const opened = this.#envelope.open(frame)
    received.frame = frame
    received.body = opened?.body ?? frame.subarray(0, 0)
    received.tpdu = opened?.tpdu
    received.header = opened?.header
    received.peek = undefined
    received.partly = undefined
    received.error = opened === undefined ? this.#misfit(frame) : undefined
    received.rejected = opened?.rejected
    if (opened !== undefined) this.#peek()
    if (opened?.rejected !== undefined) this.#sentBack(opened.rejected)
    return received
  }

  /** A message of our own is nobody's answer and nobody's request. */
  #sentBack(code: string): void {
    const received = this.#received
    received.partly = received.peek ?? received.partly
    received.peek = undefined
    received.error = new Error(`the network rejected a message of ours with code ${code}`)
  }

  /** A message that cannot be read is the peer's fault and ends nothing: the next frame begins where this one ended. */
  #peek(): void {
    const received = this.#received
    const { peek, error } = this.#codec.peekOn(received.body)
    received.error = error
    if (error === undefined) received.peek = peek
    else received.partly = peek
  }

  #misfit(frame: Uint8Array): Error {
    const { frontBytes, trailer } = this.#envelope
    const needs = `TPDU and header of ${counted(frontBytes, 'byte')}${trailer.length > 0 ? ' and the trailer' : ''}`
    return new Error(
      `a frame of ${counted(frame.length, 'byte')} does not hold ${needs} of dialect ${this.#codec.dialect.name}`,
    )
  }
}

/** Spoils each message when the next one is asked for. Frames are copies of the deframer's then, so nobody else's bytes are spoilt. */
function poisoned(reader: Reader): Reader {
  const lend = createLender<Received>()
  let lent: Uint8Array | undefined
  return withMethods(reader, {
    next() {
      lent?.fill(poison)
      const received = reader.next()
      lent = received?.frame
      return received && lend({ ...received })
    },
  })
}

const nothing: Uint8Array = new Uint8Array(0)

/** The problem with the end of a stream: it may have come inside a frame. */
export function unfinished(reader: Reader): FrameError | undefined {
  try {
    reader.end()
    return undefined
  } catch (error) {
    if (error instanceof FrameError) return error
    throw error
  }
}
