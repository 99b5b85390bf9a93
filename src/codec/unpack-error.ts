// The error for bytes from outside that cannot be read: the peer is at fault.

import { placeText } from './pack-error.js'

export type UnpackErrorCode =
  | 'BAD_BITMAP'
  | 'BAD_DIGIT'
  | 'BAD_LENGTH'
  | 'BAD_TAG'
  | 'TRAILING'
  | 'TRUNCATED'
  | 'UNKNOWN_FIELD'

/** Says where unpacking stopped. Never holds the field's value: it may be a card number. */
export class UnpackError extends Error {
  override readonly name = 'UnpackError'
  readonly fault = 'remote'
  readonly code: UnpackErrorCode
  /** Innermost last: ['55', '9F26']; ['mti'] and ['bitmap'] name the parts that are no fields, [] the message. */
  readonly path: readonly string[]
  /** Byte offset from the message type indicator. */
  readonly offset: number
  readonly expected: string

  constructor(code: UnpackErrorCode, path: readonly string[], offset: number, expected: string) {
    // A peer can cause as many as it likes, and where in this program it was found says nothing: no stack.
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(`${placeText(path)} at byte ${offset}: expected ${expected}`)
    Error.stackTraceLimit = stackTraceLimit
    this.code = code
    this.path = path
    this.offset = offset
    this.expected = expected
  }
}
