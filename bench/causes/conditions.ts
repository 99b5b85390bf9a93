// The conditions of a trial: for each cause the ways in which a scenario can bring it about, with random severity.

import type { Random } from '../../src/base/random.js'
import type { CauseId } from '../../src/measure/causes/cause.js'
import { ms, oneOf, type ScenarioData, whole } from '../trial-data.js'
import type { TrialShop } from './base.js'
import { shortAccounts, wrongTerms } from './money-conditions.js'
import type { ConditionSpan, Way } from './way.js'

/** Causes that the fault engine brings about; bench/outside makes the others on hosts and lines of its own. */
export type Seeded = Extract<
  CauseId,
  | 'host-slow'
  | 'host-down'
  | 'network-slow'
  | 'network-unstable'
  | 'data-error'
  | 'surge'
  | 'merchant-balance'
  | 'parameters'
  | 'terminal-setup'
>

export interface CauseCondition {
  readonly cause: Seeded
  /** The condition in a few words. */
  readonly how: string
  /** Laid over the shop's data. */
  readonly over: ScenarioData
}

const fault = (name: string, spec: ScenarioData): ScenarioData => ({ faults: [{ name, ...spec }] })
const during = (shop: TrialShop, { from, to }: ConditionSpan) => ({
  from: ms(from * shop.seconds * 1000),
  for: ms((to - from) * shop.seconds * 1000),
})

const hostSlow: readonly Way[] = [
  (random, { rate, workers, timelyMs }) => {
    const p50 = timelyMs * random.between(0.5, 1.1)
    return {
      how: 'long service time',
      over: {
        acquirer: {
          workers: Math.max(workers, Math.ceil(rate * 4)),
          serviceTime: { p50: ms(p50), p99: ms(p50 * random.between(1.5, 2.5)) },
        },
      },
    }
  },
  (random, { rate, timelyMs }) => {
    const p50 = timelyMs * random.between(0.05, 0.2)
    return {
      how: 'heavy tail',
      over: {
        acquirer: {
          workers: Math.ceil(rate * 4),
          serviceTime: { p50: ms(p50), p99: ms(timelyMs * random.between(1.3, 2.2)) },
        },
      },
    }
  },
  (random, { rate, serviceMs }) => {
    const p50 = serviceMs * random.between(2, 5)
    const workers = Math.max(1, Math.floor((rate * p50) / 1000 / random.between(1.15, 1.7)))
    // Log-normal with this p50 alone: always that long.
    return {
      how: 'too few workers',
      over: {
        acquirer: { workers, serviceTime: { p50: ms((workers / rate) * 1000 * random.between(1.2, 1.6)), p99: null } },
      },
    }
  },
  (random, shop, span) => {
    const length = Math.min(shop.timeoutMs * 0.85, shop.timelyMs * random.between(1.15, 1.6))
    return {
      how: 'stalls',
      over: fault('stall', {
        ...{ on: 'acquirer', stall: { for: ms(length) }, at: ms(span.from * shop.seconds * 1000) },
        every: ms(length * random.between(2, 3)),
      }),
    }
  },
  (random, shop, span) => ({
    how: 'slower for a while',
    over: fault('slow', {
      ...{ on: 'acquirer', slow: { times: Math.round((shop.timelyMs / shop.serviceMs) * random.between(1.1, 2)) } },
      ...during(shop, span),
    }),
  }),
]

const hostDown: readonly Way[] = [
  (_random, shop, span) => ({
    how: 'refuses',
    over: fault('outage', { on: 'acquirer', outage: { how: 'refuse' }, ...during(shop, span) }),
  }),
  (random, shop, span) => {
    const least = shop.timeoutMs * random.between(1.15, 1.5)
    const length = Math.max(least, (span.to - span.from) * shop.seconds * 1000)
    return {
      how: 'silent',
      over: fault('outage', {
        ...{ on: 'acquirer', outage: { how: 'silent' }, from: ms(span.from * shop.seconds * 1000), for: ms(length) },
      }),
    }
  },
  (random, shop, span) => ({
    how: 'answers that it is down',
    over: fault('outage', { on: 'acquirer', outage: { how: oneOf(random, shop.downCodes) }, ...during(shop, span) }),
  }),
  (random, shop, span) => ({
    how: 'crash',
    over: fault('crash', {
      ...{
        on: 'acquirer',
        crash: { restart: ms(random.between(1500, 3000)) },
        at: ms(span.from * shop.seconds * 1000),
      },
    }),
  }),
  (_random, shop, span) => ({
    how: 'maintenance',
    over: fault('maintenance', { on: 'acquirer', maintenance: {}, ...during(shop, span) }),
  }),
]

const networkSlow: readonly Way[] = [
  (random, { timelyMs }) => {
    const latency = timelyMs * random.between(0.45, 0.8)
    const jitter = latency * random.between(0.05, 0.3)
    return {
      how: 'latency',
      over: { profiles: { far: { latency: ms(latency), jitter: ms(jitter) } }, terminals: { network: 'far' } },
    }
  },
  (random, { timelyMs }) => {
    const latency = timelyMs * random.between(0.42, 0.6)
    const rate = `${Math.round(random.between(20, 60))}kbit/s`
    return {
      how: 'latency and little bandwidth',
      over: { profiles: { far: { latency: ms(latency), up: rate, down: rate } }, terminals: { network: 'far' } },
    }
  },
]

const networkUnstable: readonly Way[] = [
  (random, shop, span) => ({
    how: 'loss',
    over: fault('loss', {
      loss: { rate: `${Math.round(random.between(25, 45))}%`, rtt: ms(shop.timelyMs * random.between(0.1, 0.2)) },
      ...during(shop, span),
    }),
  }),
  (random, shop, span) => ({
    how: 'resets',
    over: fault('resets', {
      ...{ reset_peer: { timeout: ms(random.between(10, 150)) }, share: `${whole(random, 30, 70)}%` },
      ...{ at: ms(span.from * shop.seconds * 1000), every: ms(random.between(900, 2000)) },
    }),
  }),
  (random, shop, span) => ({
    how: 'half-open',
    over: fault('half-open', { half_open: {}, share: `${whole(random, 20, 50)}%`, ...during(shop, span) }),
  }),
  (random, shop, span) => ({
    how: 'blackhole on some',
    over: fault('blackhole', { blackhole: {}, share: `${whole(random, 20, 50)}%`, ...during(shop, span) }),
  }),
  (random, shop, span) => ({
    how: 'latency for a while',
    over: fault('spike', {
      latency: { latency: ms(shop.timelyMs * random.between(0.6, 1)), jitter: ms(shop.timelyMs * 0.2) },
      ...during(shop, { from: span.from, to: Math.min(span.to, span.from + 0.3) }),
    }),
  }),
]

const dataError: readonly Way[] = [
  (random, { timelyMs }) => ({
    how: 'clerk',
    over: {
      terminals: {
        dataErrors: {
          share: `${whole(random, 8, 25)}%`,
          kinds: oneOf(random, [['missing', 'malformed', 'inconsistent'], ['malformed'], ['inconsistent', 'missing']]),
          think: ms(timelyMs * random.between(1.1, 2.5)),
          retries: 1,
        },
      },
    },
  }),
]

const surge: readonly Way[] = [
  (random, shop, span) => {
    const { rate, seconds, serviceMs } = shop
    const mean = serviceMs * 2
    // Usual load takes a third to two thirds of what the host can do.
    const workers = Math.max(1, Math.round((rate * mean) / 1000 / random.between(0.4, 0.6)))
    const capacity = (workers * 1000) / mean
    const more = capacity * random.between(1.3, 2.2)
    const hold = (perSecond: number, from: number, to: number) => ({
      hold: { rate: `${perSecond.toFixed(2)}/s`, for: ms((to - from) * seconds * 1000), arrivals: 'poisson' },
    })
    const from = Math.max(0.25, span.from)
    const to = Math.max(from + 0.2, Math.min(span.to, from + 0.35))
    return {
      how: 'another merchant',
      over: {
        terminals: { count: Math.max(shop.terminals, Math.ceil(more * 4)), merchants: ['SHOP', 'OTHERS'] },
        acquirer: { workers, serviceTime: { p50: ms(mean), p99: null } },
        load: [
          { ...hold(rate, 0, from), merchant: 'SHOP' },
          { ...hold(rate, from, to), merchant: 'SHOP' },
          { ...hold(more, from, to), merchant: 'OTHERS', during: true },
          { ...hold(rate, to, 1), merchant: 'SHOP' },
        ],
      },
    }
  },
]

const terminalSetup: readonly Way[] = [
  (random, { timelyMs }) => {
    const timeout = timelyMs * random.between(0.08, 0.25)
    return {
      how: 'timer too short',
      over: {
        terminals: { timeout: ms(timeout) },
        acquirer: {
          workers: 400,
          serviceTime: { p50: ms(timeout * random.between(0.7, 1.3)), p99: ms(timelyMs * random.between(0.5, 0.8)) },
        },
      },
    }
  },
]

/** Some terminals are set up wrongly; each has its own connection, and the run has keys where they matter. */
const wrongly =
  (how: string, wrong: (random: Random, shop: TrialShop) => ScenarioData): Way =>
  (random, shop) => ({
    how,
    over: {
      keys: null,
      terminals: {
        connections: 'perTerminal',
        wrongSetup: { share: `${whole(random, 15, 45)}%`, ...wrong(random, shop) },
      },
    },
  })

const wrongSetups: readonly Way[] = [
  // Messages of the other dialects carry no MAC.
  (random, shop, span) =>
    wrongly(shop.dialect === 'cup-pos' ? 'wrong key' : 'wrong framing', () =>
      shop.dialect === 'cup-pos' ? { key: 'wrong' } : { framing: 'binary4' },
    )(random, shop, span),
  wrongly('wrong framing', (random) => ({ framing: oneOf(random, ['hex4', 'binary4']) })),
  wrongly('wrong dialect', (_random, { dialect }) => ({
    dialect: dialect === 'iso87-ascii' ? 'iso93-binary' : 'iso87-ascii',
  })),
  (random, shop, span) => {
    const { how, over } = wrongly('unknown id', () => ({ id: 'X{n:7}' }))(random, shop, span)
    const known = Array.from({ length: shop.terminals }, (_, index) => String(index + 1).padStart(8, '0'))
    return { how, over: { ...over, acquirer: { terminals: known } } }
  },
  (random, shop) => ({
    how: 'timer too short at some',
    over: {
      terminals: {
        connections: 'perTerminal',
        wrongSetup: { share: `${whole(random, 15, 45)}%`, timeout: ms(shop.serviceMs * random.between(0.5, 0.9)) },
      },
    },
  }),
]

const ways: Readonly<Record<Seeded, readonly Way[]>> = {
  'host-slow': hostSlow,
  'host-down': hostDown,
  'network-slow': networkSlow,
  'network-unstable': networkUnstable,
  'data-error': dataError,
  surge,
  'merchant-balance': shortAccounts,
  parameters: wrongTerms,
  'terminal-setup': [...terminalSetup, ...wrongSetups],
}

export const seeded = Object.keys(ways) as readonly Seeded[]

export function drawCondition(cause: Seeded, random: Random, shop: TrialShop, span: ConditionSpan): CauseCondition {
  return { cause, ...oneOf(random, ways[cause])(random, shop, span) }
}
