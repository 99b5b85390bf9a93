// Lost segments as TCP makes of them: nothing vanishes, it comes later, and everything behind it waits in order.
//
// Messages of this size fill one segment, so there is no fast retransmit: the k-th retransmission (from 0) is sent after
// max(200 ms, 2 × RTT)·2^k. A lost SYN is sent again after 1, 2, 4 s: it costs 1, 3, 7 s in all (RFC 6298 §2, §5).

import { z } from 'zod'
import type { Random } from '../../base/random.js'
import { percent } from '../../base/unit-schemas.js'
import { optionalTime } from '../attributes.js'
import { defineLineFault } from '../fault.js'

/** Smallest retransmission timeout of the usual systems, and of a SYN, in ms. */
const smallestTimeoutMs = 200
const synTimeoutMs = 1000
/** Bytes of a segment on Ethernet. */
const segmentBytes = 1460
/** Retransmissions of one segment: systems give up after about 15; with 8 a line that is all loss still ends a run. */
const mostInARow = 8
/** Lost SYNs before the attempt is over: systems send six more. */
const mostSyns = 6

export const loss = defineLineFault({
  type: 'loss',
  level: 'line',
  about: 'lost segments as TCP makes of them: stalls of max(200 ms, 2 × RTT)·2^k, a lost SYN costs 1, 3, 7 s',
  attributes: z.strictObject({
    rate: percent('2%').describe('of the segments'),
    rtt: optionalTime('300ms').describe('round-trip time of the line'),
  }),
  units: { rate: 'share', rtt: 'ms' },

  start({ rate, rtt }, { random }) {
    const timeoutMs = Math.max(smallestTimeoutMs, 2 * rtt)
    let releasedAt = 0
    return {
      connect() {
        const lost = lostInARow(rate, mostSyns, random)
        return lost === 0 ? undefined : { do: 'open', afterMs: stall(synTimeoutMs, lost) }
      },
      chunk({ bytes, arrivedAt }) {
        const anyLost = 1 - (1 - rate) ** Math.ceil(bytes.length / segmentBytes)
        const lost = random.chance(anyLost) ? 1 + lostInARow(rate, mostInARow - 1, random) : 0
        releasedAt = Math.max(releasedAt, arrivedAt + stall(timeoutMs, lost))
        return releasedAt > arrivedAt ? [{ do: 'deliver', bytes, at: releasedAt }] : undefined
      },
    }
  },
})

/** 1, 2, 4 … timeouts in a row. */
const stall = (timeoutMs: number, lost: number) => timeoutMs * (2 ** lost - 1)

function lostInARow(rate: number, most: number, random: Random): number {
  let lost = 0
  while (lost < most && random.chance(rate)) lost++
  return lost
}
