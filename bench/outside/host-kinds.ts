// The troubles of a host, or of whom it asks: as outsiders would write such hosts.

import { ms, oneOf, whole } from '../trial-data.js'
import { isPlausible, pinScenario } from './host-data.js'
import type { OutsideKind } from './kind.js'
import { around, type OutsideShop, seconds, share, type WorldChange } from './shop.js'
import type { Asked } from './world/host.js'

/** Test BINs that terminals pay with (UnionPay, Visa, Mastercard, JCB). */
const bins = ['620000', '411111', '555555', '356600'] as const
const isPaid = ({ kind }: Asked) => kind === 'financial'
/** A part of the run: it begins after a quarter or so. */
const part = (random: Parameters<OutsideKind['make']>[0], { forMs, leadMs }: OutsideShop, from = 0.2, to = 0.75) => ({
  from: leadMs + forMs * (from + 0.1 * random.next()),
  to: leadMs + forMs * (to + 0.1 * random.next()),
})
const lasting = (random: Parameters<OutsideKind['make']>[0]) => ({
  connections: oneOf(random, ['perTerminal', 'perTerminal', { shared: whole(random, 8, 12) }] as const),
})
/** The codes with which a host refuses because of itself, by the standards. */
const downCodes = ['91', '96'] as const

/** One card range fares differently; everything else as always. */
const forBin = (
  bin: string,
  how: string,
  deed: (asked: Asked) => ReturnType<NonNullable<WorldChange['serve']>>,
): WorldChange => ({
  how: `cards ${bin}: ${how}`,
  serve: (asked, usual) => (isPaid(asked) && asked.pan.startsWith(bin) ? deed(asked) : usual),
})

const slowHosts: readonly OutsideKind[] = [
  {
    name: 'few workers',
    truth: 'host-slow',
    make(random, { rate, timelyMs, serviceMs }) {
      const workers = whole(random, 3, 8)
      const work = (workers / rate) * 1000 * random.between(1.15, 1.5)
      return {
        how: `${workers} workers, ${ms(work)} of work each, line ${ms(timelyMs)} and more`,
        workers,
        serve: (asked, usual) =>
          isPaid(asked) ? { ...usual, ms: around(random, Math.max(work, serviceMs), 1.5) } : usual,
      }
    },
  },
  {
    name: 'always slow',
    truth: 'host-slow',
    watch: 'bad',
    make(random, { timelyMs }) {
      const work = timelyMs * random.between(0.8, 1.3)
      return {
        how: `every payment takes ${ms(work)} or so`,
        serve: (asked, usual) => (isPaid(asked) ? { ...usual, ms: around(random, work, 1.6) } : usual),
      }
    },
  },
  {
    name: 'stands still each period',
    truth: 'host-slow',
    make(random, { timelyMs, leadMs }) {
      const [every, still] = [timelyMs * random.between(2.6, 4), timelyMs * random.between(1.15, 1.45)]
      return {
        how: `stands still for ${ms(still)} every ${ms(every)}`,
        standsUntil: (at) => {
          const into = (at - leadMs) % every
          return into > every - still ? at + (every - into) : undefined
        },
      }
    },
  },
  {
    name: 'grows slower',
    truth: 'host-slow',
    watch: 'bad',
    make(random, { timelyMs, forMs, serviceMs }) {
      const end = timelyMs * random.between(1.6, 2.4)
      return {
        how: `work grows from ${ms(serviceMs)} to ${ms(end)} over the run`,
        serve: (asked, usual) =>
          isPaid(asked) ? { ...usual, ms: around(random, serviceMs + end * (asked.at / forMs), 1.2) } : usual,
      }
    },
  },
  {
    name: 'one kind slow',
    truth: 'host-slow',
    make(random, { timelyMs }) {
      const process = oneOf(random, ['00', '31'])
      const work = timelyMs * random.between(1.1, 1.5)
      return {
        how: `processing code ${process}: ${ms(work)}`,
        serve: (asked, usual) =>
          isPaid(asked) && asked.process.startsWith(process) ? { ...usual, ms: around(random, work, 1.2) } : usual,
      }
    },
  },
  {
    name: 'one merchant slow',
    truth: 'host-slow',
    wish: () => ({ merchants: 3 }),
    make(random, { timelyMs, merchants }) {
      const merchant = oneOf(random, merchants)
      const work = timelyMs * random.between(1.1, 1.5)
      return {
        how: `merchant ${merchant}: ${ms(work)}`,
        serve: (asked, usual) =>
          isPaid(asked) && asked.merchant.startsWith(merchant) ? { ...usual, ms: around(random, work, 1.2) } : usual,
      }
    },
  },
  {
    name: 'locks',
    truth: 'host-slow',
    make(random, { timelyMs }) {
      const [of, lock] = [random.between(0.05, 0.15), timelyMs * random.between(1.05, 1.35)]
      return {
        how: `${share(of)} of the payments wait for a lock of ${ms(lock)}`,
        serve: (asked, usual) =>
          isPaid(asked) && random.chance(of) ? { ...usual, ms: (usual.ms ?? 0) + around(random, lock, 1.2) } : usual,
      }
    },
  },
  {
    name: 'slow for a while',
    truth: 'host-slow',
    make(random, shop) {
      const { from, to } = part(random, shop)
      const work = shop.timelyMs * random.between(1.1, 1.6)
      return {
        how: `work of ${ms(work)} from ${seconds(from)} to ${seconds(to)}`,
        serve: (asked, usual) =>
          isPaid(asked) && asked.at > from && asked.at < to ? { ...usual, ms: around(random, work, 1.3) } : usual,
      }
    },
  },
]

const downHosts: readonly OutsideKind[] = [
  {
    name: 'refuses for a while',
    truth: 'host-down',
    make(random, shop) {
      const { from, to } = part(random, shop, 0.25, 0.55)
      return {
        how: `resets all and refuses from ${seconds(from)} to ${seconds(to)}`,
        door: ({ at }) => (at > from && at < to ? 'refused' : 'open'),
        resets: [{ at: from, hits: () => true }],
        scenario: { terminals: { reconnect: { from: '100ms', to: ms(shop.timelyMs / 2) } } },
      }
    },
  },
  {
    name: 'accepts and never answers',
    truth: 'host-down',
    watch: 'bad',
    make(random, shop) {
      const from = shop.leadMs + shop.forMs * random.between(0.15, 0.4)
      return {
        how: `takes everything and answers nothing from ${seconds(from)}`,
        serve: ({ at }, usual) => (at > from ? { silent: true } : usual),
      }
    },
  },
  {
    name: 'cannot work for a while',
    truth: 'host-down',
    make(random, shop) {
      const { from, to } = part(random, shop, 0.2, 0.6)
      const code = oneOf(random, downCodes)
      return {
        how: `${code} to everybody from ${seconds(from)} to ${seconds(to)}`,
        serve: (asked, usual) =>
          isPaid(asked) && asked.at > from && asked.at < to ? { ms: around(random, 5), code } : usual,
      }
    },
  },
  {
    name: 'cannot work any more',
    truth: 'host-down',
    watch: 'bad',
    make(random, shop) {
      const from = shop.leadMs + shop.forMs * random.between(0.3, 0.5)
      return {
        how: `96 to everybody from ${seconds(from)}`,
        serve: (asked, usual) => (isPaid(asked) && asked.at > from ? { ms: around(random, 5), code: '96' } : usual),
      }
    },
  },
]

const issuers: readonly OutsideKind[] = [
  {
    name: 'issuer slow',
    truth: 'issuer',
    make(random, { timelyMs }) {
      const work = timelyMs * random.between(1.1, 1.5)
      return forBin(oneOf(random, bins), `${ms(work)} or so`, () => ({ ms: around(random, work, 1.3), code: '00' }))
    },
  },
  {
    name: 'issuer times out at the switch',
    truth: 'issuer',
    make(random, { timelyMs }) {
      const timer = timelyMs * random.between(0.5, 1.2)
      return forBin(oneOf(random, bins), `68 after ${ms(timer)}`, () => ({
        ms: timer + random.between(0, 20),
        code: '68',
      }))
    },
  },
  {
    name: 'issuer not there',
    truth: 'issuer',
    make: (random) => forBin(oneOf(random, bins), '91 at once', () => ({ ms: random.between(5, 30), code: '91' })),
  },
  {
    name: 'issuers not there now and then',
    truth: 'issuer',
    make(random) {
      const of = random.between(0.05, 0.1)
      return {
        how: `91 for ${share(of)} of all cards`,
        serve: (asked, usual) =>
          isPaid(asked) && random.chance(of) ? { ms: random.between(5, 30), code: '91' } : usual,
      }
    },
  },
  {
    name: 'issuer silent',
    truth: 'issuer',
    make: (random) => forBin(oneOf(random, bins), 'no answer', () => ({ silent: true })),
  },
  {
    name: 'issuer slow half the time',
    truth: 'issuer',
    make(random, { timelyMs }) {
      const work = timelyMs * random.between(1.15, 1.5)
      return forBin(oneOf(random, bins), `${ms(work)} every second time`, () => ({
        ms: random.chance(0.5) ? around(random, work, 1.2) : random.between(20, 60),
        code: '00',
      }))
    },
  },
]

const keysAndData: readonly OutsideKind[] = [
  {
    name: 'PIN service slow',
    truth: 'hsm',
    wish: () => ({ hasEchoes: true }),
    make(random, { timelyMs, wire }) {
      const work = timelyMs * random.between(1.1, 1.5)
      return {
        how: `messages with a PIN: ${ms(work)}`,
        serve: (asked, usual) => (isPaid(asked) && asked.hasPin ? { ...usual, ms: around(random, work, 1.3) } : usual),
        scenario: pinScenario(wire.name),
      }
    },
  },
  {
    name: 'PIN service away',
    truth: 'hsm',
    make: (random, { wire }) => ({
      how: 'messages with a PIN: 96',
      serve: (asked, usual) => (isPaid(asked) && asked.hasPin ? { ms: random.between(5, 40), code: '96' } : usual),
      scenario: pinScenario(wire.name),
    }),
  },
  {
    name: 'data refused',
    truth: 'data-error',
    explain: 'never',
    make(random, { timelyMs }) {
      const of = random.between(0.15, 0.35)
      return {
        how: `${share(of)} of the amounts entered wrongly`,
        serve: (asked, usual) =>
          isPaid(asked) && !isPlausible(asked) ? { ms: around(random, 10), code: '30' } : usual,
        scenario: {
          terminals: {
            dataErrors: {
              share: share(of).replace(' ', ''),
              kinds: ['missing', 'malformed'],
              think: ms(timelyMs * 1.5),
            },
          },
        },
      }
    },
  },
  {
    name: 'keys lapse',
    truth: 'sign-on',
    make(random, shop) {
      const from = shop.leadMs + shop.forMs * random.between(0.3, 0.6)
      const code = shop.wire.name === 'cup-pos' ? oneOf(random, ['A0', '77', '99'] as const) : '63'
      return {
        how: `${code} to everybody from ${seconds(from)}`,
        serve: (asked, usual) =>
          asked.at > from && (isPaid(asked) || (asked.kind === 'network' && !asked.isEcho)) ? { ms: 5, code } : usual,
      }
    },
  },
  {
    name: 'keys lapse until the sign-on',
    truth: 'sign-on',
    make(random, shop) {
      const from = shop.leadMs + shop.forMs * random.between(0.3, 0.6)
      const until = from + shop.forMs * random.between(0.15, 0.3)
      const code = shop.wire.name === 'cup-pos' ? oneOf(random, ['A0', '77', '99'] as const) : '63'
      return {
        how: `${code} to everybody from ${seconds(from)} to ${seconds(until)}`,
        serve: (asked, usual) =>
          asked.at > from && asked.at < until && asked.kind !== 'reversal' && !asked.isEcho ? { ms: 5, code } : usual,
      }
    },
  },
  {
    name: 'some terminals unknown',
    truth: 'terminal-setup',
    make: (random, { wire }) => {
      const every = whole(random, 4, 8)
      const code = wire.name === 'cup-pos' ? oneOf(random, ['97', '03', 'A0']) : '03'
      return {
        how: `${code} to every terminal number ${every}`,
        serve: (asked, usual) =>
          isPaid(asked) && Number(asked.terminal) % every === 0 ? { ms: random.between(2, 10), code } : usual,
      }
    },
  },
  {
    name: 'another framing',
    truth: 'terminal-setup',
    explain: 'never',
    wish: () => ({ connections: 'perTerminal' }),
    make: (random) => {
      const every = whole(random, 3, 6)
      return {
        how: `every terminal number ${every} is answered in another framing`,
        serve: (asked, usual) =>
          asked.kind !== 'network' && Number(asked.terminal) % every === 0 ? { ...usual, otherFraming: true } : usual,
      }
    },
  },
  {
    name: 'timer too short',
    truth: 'terminal-setup',
    explain: 'never',
    wish: lasting,
    make(random, { timelyMs }) {
      const timer = timelyMs * random.between(0.2, 0.35)
      return {
        how: `terminals give up after ${ms(timer)}, answers take about as long`,
        serve: (asked, usual) => (isPaid(asked) ? { ...usual, ms: around(random, timer * 0.9, 1.5) } : usual),
        scenario: { terminals: { timeout: ms(timer) } },
      }
    },
  },
  {
    name: 'a surge of others',
    truth: 'surge',
    wish: () => ({ merchants: 2 }),
    make(random, { rate, forMs, merchants }) {
      const workers = whole(random, 3, 6)
      const [ours = '', theirs = ''] = merchants
      const work = ((workers * 1000) / rate) * 0.55
      const extra = rate * random.between(1.6, 2.2)
      const hold = (perSecond: number, lasting: number) => ({
        hold: { rate: `${perSecond.toFixed(2)}/s`, for: ms(lasting), arrivals: 'poisson' },
      })
      const [at, lasts] = [forMs * random.between(0.25, 0.4), forMs * random.between(0.25, 0.35)]
      return {
        how: `${extra.toFixed(0)}/s more from ${theirs} from ${seconds(at)} for ${seconds(lasts)}`,
        workers,
        serve: (asked, usual) => (isPaid(asked) ? { ...usual, ms: around(random, work, 1.3) } : usual),
        scenario: {
          terminals: { count: 400 },
          load: [
            { ...hold(rate, at), merchant: ours },
            { ...hold(rate, lasts), merchant: ours },
            { ...hold(extra, lasts), merchant: theirs, during: true },
            { ...hold(rate, forMs - at - lasts), merchant: ours },
          ],
        },
      }
    },
  },
]

export const hostKinds: readonly OutsideKind[] = [...slowHosts, ...downHosts, ...issuers, ...keysAndData]
