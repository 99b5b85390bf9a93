// A healthy shop for a trial: any dialect, network, load and host that together leave every transaction timely.

import type { Random } from '../../src/base/random.js'
import { ms, oneOf, type ScenarioData, whole } from '../trial-data.js'

/** The shop, as far as the conditions of a trial have to know it. */
export interface TrialShop {
  readonly dialect: string
  readonly currency: string
  /** Codes of a host that is down. */
  readonly downCodes: readonly string[]
  readonly seconds: number
  /** Transactions a second. */
  readonly rate: number
  readonly terminals: number
  readonly connections: 'perTerminal' | 'perTransaction' | { readonly shared: number }
  readonly timelyMs: number
  readonly timeoutMs: number
  readonly serviceMs: number
  readonly workers: number
  readonly merchants: readonly string[]
  readonly data: ScenarioData
}

/** How long a trial lasts. `real`: in real time, where each second costs one. */
export type TrialPace = 'virtual' | 'real'

const dialects = [
  { dialect: 'cup-pos', currency: 'CNY', downCodes: ['91', '96', '98'] },
  { dialect: 'iso87-binary', currency: 'USD', downCodes: ['91', '96'] },
  { dialect: 'iso87-ascii', currency: 'USD', downCodes: ['91', '96'] },
  { dialect: 'iso93-binary', currency: 'USD', downCodes: ['907', '909'] },
  { dialect: 'iso93-ascii', currency: 'USD', downCodes: ['907', '909'] },
] as const

/** Lines that are good enough for anything; undefined: the loopback alone. */
const lines = [undefined, 'wifi', 'lte', '4g', 'dsl', 'leased-line'] as const

const perSecond = (rate: number) => `${rate.toFixed(2)}/s`

export function healthyShop(random: Random, pace: TrialPace): TrialShop {
  const { dialect, currency, downCodes } = oneOf(random, dialects)
  const seconds = pace === 'real' ? 6 : whole(random, 9, 12)
  const rate = Math.round(random.between(12, 30))
  const terminals = Math.round(rate * random.between(0.8, 2))
  const connections = oneOf(random, [
    'perTerminal',
    'perTerminal',
    'perTransaction',
    { shared: whole(random, 4, 8) },
  ] as const)
  const timelyMs = Math.round(random.between(pace === 'real' ? 800 : 1200, pace === 'real' ? 1500 : 3000))
  const timeoutMs = Math.round(timelyMs * random.between(1.6, 2.4))
  const serviceMs = Math.round(random.between(8, 60))
  const workers = whole(random, 12, 48)
  const merchants = Array.from({ length: whole(random, 1, 3) }, (_, index) => `MERCHANT000000${index + 1}`)
  const data = {
    name: 'trial',
    dialect,
    seed: random.below(1_000_000),
    keys: 'none',
    terminals: {
      count: terminals,
      merchants,
      connections,
      timeout: ms(timeoutMs),
      network: oneOf(random, lines),
      mix: { sale: 9, balance: 1 },
      echoProbe: { every: ms(random.between(700, 1300)), connections: 8 },
    },
    acquirer: { workers, serviceTime: { p50: ms(serviceMs), p99: ms(serviceMs * random.between(1.5, 4)) } },
    timely: { response: ms(timelyMs) },
    // Long enough for every timer to end; money that has not come by then is late in any case.
    ...(pace === 'real' && { drain: '5s' }),
    load: [{ hold: { rate: perSecond(rate), for: `${seconds}s`, arrivals: 'poisson' } }],
  }
  return {
    ...{ dialect, currency, downCodes, seconds, rate, terminals, connections, timelyMs, timeoutMs, serviceMs, workers },
    ...{ merchants, data },
  }
}
