// A message of our own that the network sent back: no answer will come to it.

import type { MatchKey } from '../wire/match-key.js'
import type { Received } from '../wire/wire.js'
import type { Exchange } from './exchange.js'
import type { Pending } from './pending.js'

/** Ends the exchange in flight that `received` rejects; false where it is no reject, or nothing in flight fits it. */
export function endRejected(pending: Pending<Exchange>, matchKey: MatchKey, received: Received, at: number): boolean {
  const { rejected, partly, error } = received
  if (rejected === undefined || partly === undefined) return false
  const exchange = pending.take(matchKey.ofAnswer(partly))
  exchange?.onFailed(at, error?.message ?? rejected, true)
  return exchange !== undefined
}
