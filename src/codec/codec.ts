// The interface of a compiled dialect. It has two implementations: our compiler, and the iso_8583 library.

import type { Dialect } from './dialect.js'
import type { Message } from './message.js'

export interface Codec {
  readonly dialect: Dialect
  /** `isochron` or `iso_8583`: the value of `--codec`. */
  readonly name: string
  /** MTI to last field, without envelope and length prefix. Throws PackError. */
  pack(message: Message): Uint8Array
  /** The inverse. Throws UnpackError: local state is untouched, the bytes are not kept. */
  unpack(bytes: Uint8Array): Message
  /**
   * As unpack, but reads on: a field that cannot be read is `{ hex }`, and `unread` says why of each, in their order. `error`
   * is the one that ended the reading, or else the first.
   */
  inspect(bytes: Uint8Array): { readonly message: Message; readonly error?: Error; readonly unread?: readonly Error[] }
  /** Packs `message` once; the fields named in `slots` are filled in by every later call. Throws PackError. */
  template(message: Message, slots: readonly number[]): Template
  /** Finds the fields without reading their values. The result is reused: valid until the next peek. Throws UnpackError. */
  peek(bytes: Uint8Array): Peek
  /**
   * As peek, but returns what that would throw, and reads on past fields that are wrong and say where they end: `peek` has what
   * could be located. Both are reused until the next peek.
   */
  peekOn(bytes: Uint8Array): PeekedOn
  /**
   * Bytes of the message that begins `bytes`: 0 when more are needed to tell, -1 when it is none. Left out: the codec cannot tell.
   */
  measure?(bytes: Uint8Array): number
  /** Prepares answers that copy `echoed` fields of the request as they stand and set others. Throws PackError. */
  answerer(plan: AnswerPlan): Answerer
}

/** A packed message with gaps. Values are given in the order of `slots`, in the form that pack() takes for a string value. */
export interface Template {
  /** Largest number of bytes that write() can need. */
  readonly maxBytes: number
  /** Writes at `at` and returns the end. Throws PackError for a value that does not fit its field. */
  write(target: Uint8Array, at: number, values: readonly string[]): number
}

/** A message, or as much of it as could be located. */
export interface PeekedOn {
  readonly peek: Peek
  readonly error: Error | undefined
}

/** A message whose fields have been located. */
export interface Peek {
  readonly mti: string
  has(field: number): boolean
  /**
   * The field's value in the form that pack() takes as a string: of a nested field its content, of an odd count of packed
   * digits the digits, whatever fills the spare half byte. Undefined when absent, or in no such form.
   */
  text(field: number): string | undefined
  /**
   * Puts what text() gives at `to`, one byte for each character, and returns its end; nothing for a field that is absent. -1: text()
   * must be asked. Left out: always.
   */
  copyText?(field: number, target: Uint8Array, to: number): number
  /** The field's bytes, length prefix included: a view of the message. Undefined when absent. */
  raw(field: number): Uint8Array | undefined
}

export interface AnswerPlan {
  readonly mti: string
  /** Copied from the request, byte for byte, where the request has them and `set` does not name them. */
  readonly echoed: readonly number[]
  /** Fields set by value; an undefined value leaves the field out. */
  readonly set: readonly number[]
}

export interface Answerer {
  /** Values in the order of `set`. Writes at `at` and returns the end. */
  write(request: Peek, values: readonly (string | undefined)[], target: Uint8Array, at: number): number
  /** Largest number of bytes that write() can need for a request of `requestBytes`. */
  maxBytes(requestBytes: number): number
}
