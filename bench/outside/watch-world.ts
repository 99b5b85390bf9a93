// A watch of the same host over the same line, in virtual time: one connection, one terminal, one card.

import type { Random } from '../../src/base/random.js'
import { readRunKeys } from '../../src/run/keys/run-keys.js'
import { createSpeaker } from '../../src/run/speaker.js'
import { watchHost } from '../../src/run/watch/watch-host.js'
import { virtualWorld } from '../../src/run/world.js'
import { completeCard } from '../../src/terminal/requests/cards.js'
import type { OutsideWorld } from './shop.js'
import { createOutsideHost } from './world/host.js'
import { createLine } from './world/line.js'
import { hostPort } from './world/packet.js'

export interface WatchedWorld {
  readonly wanted: 'good' | 'bad'
  readonly found: 'good' | 'bad'
  readonly cause: string | null
}

/** Probes of a window: enough that one late one is no state. */
const probesOfWindow = 30

export async function watchWorld(world: OutsideWorld, random: Random, wanted: 'good' | 'bad'): Promise<WatchedWorld> {
  const { shop, host, line } = world
  const { clock, network, until } = virtualWorld(Date.UTC(2026, 2, 14), (own) =>
    createLine({
      clock: own,
      random: random.fork('watch line'),
      plan: line,
      host: createOutsideHost(host, own, random.fork('watch host'), () => 0),
    }),
  )
  const everyMs = shop.timelyMs / 3
  const { turnedBad, state } = await until(
    watchHost({
      ...{ target: { host: '127.0.0.1', port: hostPort }, speaker: createSpeaker({ dialect: shop.wire.name }) },
      ...{ clock, network, everyMs, timelyMs: shop.timelyMs, timeoutMs: shop.timeoutMs, timelyRate: 0.99 },
      ...{ windowMs: everyMs * probesOfWindow, forMs: shop.forMs * 1.5, keepGoing: false, timeZone: 'Asia/Shanghai' },
      ...{ terminal: '00000001', merchant: 'SHOP00000000001', keys: readRunKeys('none').set },
      card: completeCard({ pan: '6200000000000005', expiry: '3012' }),
      signal: new AbortController().signal,
      onProbe: () => {},
    }),
  )
  return { wanted, found: turnedBad ? 'bad' : 'good', cause: state.trouble?.cause ?? null }
}
