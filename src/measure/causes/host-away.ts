// Was the whole host away while a transaction waited? Then nobody can say more of that one.

import type { Facts } from './facts.js'
import type { Observed } from './observations.js'

/** The whole host was silent, or refused connections, while it waited. */
export function isHostAway(
  { intendedAt, writtenAt, endedAt }: Observed,
  facts: Pick<Facts, 'silence' | 'refusal'>,
): boolean {
  const from = writtenAt ?? intendedAt
  const silence = facts.silence(from, endedAt)
  return silence !== undefined || facts.refusal(from, endedAt) !== undefined
}
