// How fast the peers of one address may send: a bucket of messages for each address, filled at the rate.

import type { Clock } from '../../base/clock.js'

export interface PeerPace {
  /** How long the next message has to wait, in ms; 0: not at all. */
  delayMs(): number
  /** A message was taken. */
  spend(): void
}

export interface Paces {
  /** One more connection of this address. */
  join(address: string): PeerPace
  /** One less. */
  leave(address: string): void
}

/** The burst that may come at once after a pause: so many seconds' worth. */
const burstSeconds = 0.1

/** `perSecond`: messages of one address. */
export function createPaces(perSecond: number, clock: Clock): Paces {
  const byAddress = new Map<string, { connections: number; readonly pace: PeerPace }>()
  return {
    join(address) {
      const known = byAddress.get(address) ?? { connections: 0, pace: createPace(perSecond, clock) }
      known.connections++
      byAddress.set(address, known)
      return known.pace
    },
    leave(address) {
      const known = byAddress.get(address)
      if (known !== undefined && --known.connections === 0) byAddress.delete(address)
    },
  }
}

function createPace(perSecond: number, clock: Clock): PeerPace {
  const most = Math.max(1, perSecond * burstSeconds)
  let left = most
  let filledAt = clock.now()
  return {
    delayMs() {
      const now = clock.now()
      left = Math.min(most, left + ((now - filledAt) * perSecond) / 1000)
      filledAt = now
      return left >= 1 ? 0 : ((1 - left) * 1000) / perSecond
    },
    spend() {
      left--
    },
  }
}
