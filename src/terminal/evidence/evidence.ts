// The masked look of a transaction, for reports: made only for the few that are shown.

import type { Codec } from '../../codec/codec.js'
import { maskMessage } from '../../codec/mask-message.js'
import type { Message } from '../../codec/message.js'
import { writeRequest } from '../exchange/write-request.js'
import type { Request } from '../requests/request.js'

/** The request as it was sent, masked; `sealed`: its last bytes, with the MAC. Null when it cannot be read back. */
export function maskedRequest(codec: Codec, request: Request, sealed: Uint8Array | undefined): Message | null {
  const bytes = new Uint8Array(request.plan.template.maxBytes)
  try {
    // A MAC that was made anew would not be the one that was sent: the key may have been changed since.
    const end = writeRequest({ ...request, guard: undefined }, bytes, 0)
    if (sealed !== undefined) bytes.set(sealed, end - sealed.length)
    return maskedMessage(codec, bytes.subarray(0, end))
  } catch {
    // It could not be sent either: a value does not fit.
    return null
  }
}

/** A message's bytes, without envelope, as masked JSON. Null when they cannot be read. */
export function maskedMessage(codec: Codec, bytes: Uint8Array): Message | null {
  const { message, error } = codec.inspect(bytes)
  return error === undefined ? maskMessage(codec.dialect, message) : null
}
