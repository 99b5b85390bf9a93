// The connections that a listener has turned away or cut off, by kind: for results, metrics and logs.

import type { Rejection } from '../network/link.js'

/**
 * `badFrame`: bytes that are no frame. `neverReads`: answers piled up. `slowMessage`: the rest of a message did not come.
 * `idle`: no message for too long.
 */
export type TurnedAway = Rejection | 'badFrame' | 'neverReads' | 'slowMessage' | 'idle'

export type TurnedAwayCounts = Readonly<Record<TurnedAway, number>>

export function createTurnedAway(): { add(kind: TurnedAway): void; counts(): TurnedAwayCounts } {
  const counts: Record<TurnedAway, number> = {
    ...{ connections: 0, perAddress: 0, handshakes: 0, handshake: 0 },
    ...{ badFrame: 0, neverReads: 0, slowMessage: 0, idle: 0 },
  }
  return {
    add(kind) {
      counts[kind]++
    },
    counts: () => ({ ...counts }),
  }
}
