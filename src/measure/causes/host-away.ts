// Was the whole host away while a transaction waited? Then nobody can say more of that one.

import type { Facts } from './facts.js'
import { overlap } from './numbers.js'
import type { Observed } from './observations.js'

/** Of its wait: a silence of all connections that covers less is one of many. */
const mostOfIt = 0.6

/** The whole host was silent for most of the time that it waited, or refused connections meanwhile. */
export function isHostAway(
  { intendedAt, writtenAt, endedAt }: Observed,
  facts: Pick<Facts, 'silence' | 'refusal'>,
): boolean {
  const from = writtenAt ?? intendedAt
  const silence = facts.silence(from, endedAt)
  const isLong = silence !== undefined && overlap(silence.from, silence.to, from, endedAt) > mostOfIt * (endedAt - from)
  return isLong || facts.refusal(from, endedAt) !== undefined
}
