// The words for what TCP says of a captured request, and whether it speaks for the line or for the host.

import { often } from '../../base/text/counted.js'
import { inWords } from './numbers.js'
import type { Observations, Observed, TcpSeen } from './observations.js'

/** A share of the time that has to be explained: an acknowledgement that takes less did not wait for the line. */
const quickAck = 0.25
const slowAck = 0.5
/** The longest that TCP may keep an acknowledgement back, in ms (RFC 1122, 4.2.3.2): one that takes longer was on its way. */
const longestDelayedAck = 500
/** Requests sent again, of all: from here on the line loses answers too, where they are not seen. */
export const lossyShare = 0.04
/** As a logarithm: how much likelier. */
const lineWeight = 5
const hostWeight = 4

/** As a logarithm, positive for the line; 0: nothing tells. `delay`: ms that have to be explained. */
export function tcpRatio({ tcp }: Pick<Observed, 'tcp'>, delay: number, resentShare: number): number {
  if (tcp === undefined) return 0
  const { sent, ackedMs } = tcp
  if (sent > 1 && (ackedMs === undefined || ackedMs > slowAck * delay)) return lineWeight
  if (ackedMs !== undefined && ackedMs > Math.max(longestDelayedAck, slowAck * delay)) return lineWeight
  if (resentShare >= lossyShare) return lineWeight / 2
  return sent === 1 && ackedMs !== undefined && ackedMs < quickAck * delay ? -hostWeight : 0
}

/** Share of the captured requests that were sent more than once. */
export function resentShareOf({ tcp }: Pick<Observations, 'tcp'>): number {
  if (tcp.length === 0) return 0
  return tcp.filter(({ sent }) => sent > 1).length / tcp.length
}

/** A sentence; undefined where the request was not captured, or nothing is remarkable. */
export function tcpWords(transaction: Observed): string | undefined {
  const { tcp, writtenAt, endedAt, outcome } = transaction
  if (tcp === undefined || writtenAt === undefined) return undefined
  return wordsOf(tcp, outcome === 'approved' || outcome === 'declined', endedAt - writtenAt)
}

function wordsOf({ sent, ackedMs }: TcpSeen, isAnswered: boolean, tookMs: number): string {
  if (ackedMs === undefined) return `the request was sent ${often(sent)} and never acknowledged by the host's TCP`
  if (sent > 1)
    return `the request was sent ${often(sent)} before the host's TCP acknowledged it, after ${inWords(ackedMs)}`
  return isAnswered
    ? `the host's TCP acknowledged the request in ${inWords(ackedMs)}, and the answer took ${inWords(tookMs)}`
    : `the host's TCP acknowledged the request in ${inWords(ackedMs)}, and no answer came`
}
