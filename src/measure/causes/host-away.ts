// Was the whole host away while a transaction waited? Then nobody can say more of that one.

import type { Facts } from './facts.js'
import { overlap } from './numbers.js'
import type { Observed } from './observations.js'

/** A share of its wait: a silence of all connections that covers less is one of many, unless it was sent into a long one. */
const mostOfIt = 0.6
const longShare = 0.2

/** The whole host was silent when it was sent, or for most of the time that it waited, or refused connections meanwhile. */
export function isHostAway(
  { intendedAt, writtenAt, endedAt }: Pick<Observed, 'intendedAt' | 'writtenAt' | 'endedAt'>,
  facts: Pick<Facts, 'silence' | 'refusal'>,
): boolean {
  const from = writtenAt ?? intendedAt
  const silence = facts.silence(from, endedAt)
  const isAway = silence !== undefined && covers(silence, from, endedAt)
  return isAway || facts.refusal(from, endedAt) !== undefined
}

function covers(
  silence: { readonly from: number; readonly to: number; readonly ms: number },
  from: number,
  to: number,
) {
  const isSentIntoIt = silence.from <= from && from <= silence.to && silence.ms > longShare * (to - from)
  return isSentIntoIt || overlap(silence.from, silence.to, from, to) > mostOfIt * (to - from)
}
