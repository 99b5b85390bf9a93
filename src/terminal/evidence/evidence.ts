// What a transaction looked like, masked, for reports: made only for the few that are shown.

import type { Codec } from '../../codec/codec.js'
import { maskMessage } from '../../codec/mask-message.js'
import type { Message } from '../../codec/message.js'
import type { Request } from '../exchange/transaction.js'
import { writeRequest } from '../exchange/write-request.js'

/** The request as it was sent, masked. Null when it cannot be read back. */
export function maskedRequest(codec: Codec, request: Request): Message | null {
  const bytes = new Uint8Array(request.plan.template.maxBytes)
  try {
    return maskedMessage(codec, bytes.subarray(0, writeRequest(request, bytes, 0)))
  } catch {
    // It could not be sent either: a value does not fit, or there is no key to sign with.
    return null
  }
}

/** A message's bytes, without envelope, as masked JSON. Null when they cannot be read. */
export function maskedMessage(codec: Codec, bytes: Uint8Array): Message | null {
  const { message, error } = codec.inspect(bytes)
  return error === undefined ? maskMessage(codec.dialect, message) : null
}
