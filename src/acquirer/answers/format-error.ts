// The answer to a request that can be told apart but not read: what was readable of its echoed fields, and a format error.

import type { Codec } from '../../codec/codec.js'
import type { FieldValue } from '../../codec/message.js'
import { mtiOfAnswer } from '../answer-mti.js'

/**
 * The answer's body, or undefined when the message is none that is answered, or shows nothing that its answer could be
 * matched by. Never throws: what cannot even be packed back is not answered.
 */
export function answerFormatError(codec: Codec, body: Uint8Array): Uint8Array | undefined {
  const { matchBy, mustEqual, responseCode, codes } = codec.dialect.rules
  try {
    const { message } = codec.inspect(body)
    const mti = mtiOfAnswer(message.mti)
    if (mti === undefined || !matchBy.some((field) => message.fields[field] !== undefined)) return undefined
    const fields: Record<string, FieldValue> = { [responseCode]: codes.formatError }
    for (const field of [...matchBy, ...mustEqual.map((rule) => rule.field)]) {
      const value = message.fields[field]
      if (value !== undefined) fields[field] = value
    }
    return codec.pack({ mti, fields })
  } catch {
    return undefined
  }
}
