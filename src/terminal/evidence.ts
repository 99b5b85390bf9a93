// What a transaction looked like, masked, for reports: made only for the few that are shown.

import type { Codec } from '../codec/codec.js'
import { maskMessage } from '../codec/mask-message.js'
import type { Message } from '../codec/message.js'
import type { Request } from './transaction.js'

/** The request as it was sent, masked. Null when it cannot be read back. */
export function maskedRequest(codec: Codec, { plan, values }: Request): Message | null {
  const bytes = new Uint8Array(plan.template.maxBytes)
  const end = plan.template.write(bytes, 0, values)
  return maskedMessage(codec, bytes.subarray(0, end))
}

/** A message's bytes, without envelope, as masked JSON. Null when they cannot be read. */
export function maskedMessage(codec: Codec, bytes: Uint8Array): Message | null {
  const { message, error } = codec.inspect(bytes)
  return error === undefined ? maskMessage(codec.dialect, message) : null
}
