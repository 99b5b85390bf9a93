// One frame read by one codec: does it come back to the same bytes, and does it make sense?

import { isDeepStrictEqual } from 'node:util'
import type { Codec } from '../codec/codec.js'
import { type FieldValue, isVerbatim, type Message } from '../codec/message.js'
import { UnpackError } from '../codec/unpack-error.js'
import { plausibilityOf } from './plausibility.js'

export interface MessageReading {
  readonly message: Message
  /** The message type is one that the standard has. */
  readonly isMti: boolean
  /** Unpacked to the end, and packed again to the same bytes. */
  readonly isWhole: boolean
  /** The share of values in a whole message that make sense, 0 to 1. */
  readonly plausible: number
  /** Fields whose value is not in the dialect's own form, such as another spare half byte. */
  readonly odd: readonly string[]
  /** Bytes of the message, and where reading stopped. */
  readonly bytes: number
  readonly error?: UnpackError
  /** 0 to 1: how well the codec explains the frame. */
  readonly score: number
}

/** The weights of the score: reading to the end, values that make sense, values in the dialect's own form. They sum to 1. */
const weights = { whole: 0.5, plausible: 0.3, plain: 0.2 }
/** A message that is not read to its end scores at most this, by how far it was read. */
const partScore = 0.4

export function readFrame(body: Uint8Array, codec: Codec): MessageReading {
  const { message, error } = codec.inspect(body)
  const { isMti, passed, made } = plausibilityOf(message, codec.dialect)
  const odd = Object.keys(message.fields).filter((field) => isOdd(message.fields[field] as FieldValue))
  const fields = Object.keys(message.fields).length
  const isWhole = error === undefined && isMti && fields > 0 && packsBack(message, body, codec)
  const plausible = passed / made
  const plain = fields === 0 ? 0 : 1 - odd.length / fields
  const unpackError = error instanceof UnpackError ? error : undefined
  const read = error === undefined ? 1 : (unpackError?.offset ?? 0) / Math.max(1, body.length)
  const score = isWhole
    ? weights.whole + weights.plausible * plausible + weights.plain * plain
    : isMti
      ? partScore * Math.min(1, read) * (0.5 + 0.5 * plausible)
      : 0
  return {
    message,
    isMti,
    isWhole,
    plausible,
    odd,
    bytes: body.length,
    ...(unpackError === undefined ? {} : { error: unpackError }),
    score,
  }
}

/** To the same bytes; XML, whose white space means nothing, to the same message. */
function packsBack(message: Message, body: Uint8Array, codec: Codec): boolean {
  try {
    const packed = codec.pack(message)
    if (codec.dialect.form === 'xml') return isDeepStrictEqual(codec.unpack(packed).fields, message.fields)
    return Buffer.compare(packed, body) === 0
  } catch {
    // A value that a codec reads but cannot write is not one that the dialect means.
    return false
  }
}

function isOdd(value: FieldValue): boolean {
  if (typeof value === 'string' || Array.isArray(value)) return false
  return isVerbatim(value) || Object.entries(value).some(([, inner]) => isOdd(inner as FieldValue))
}
