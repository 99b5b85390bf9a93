// The troubles of the way to a host: the line, what balances load, what translates addresses, and its connections.

import { ms, oneOf, whole } from '../trial-data.js'
import type { OutsideKind } from './kind.js'
import { around, type OutsideShop, seconds, share } from './shop.js'
import type { LinePacket } from './world/line.js'

type Chance = Parameters<OutsideKind['make']>[0]

/** A share of the connections: one chance for each, the same whenever it is asked. */
const drawn = (random: Chance, of: number) => {
  const known = new Map<number, boolean>()
  return (link: number): boolean => {
    const found = known.get(link) ?? random.chance(of)
    known.set(link, found)
    return found
  }
}
const perTerminal = () => ({ connections: 'perTerminal' as const, merchants: 1 })
const lasting = (random: Chance) => ({
  // Connections and merchants that go together in threes could not be told apart by anybody.
  merchants: whole(random, 1, 2),
  connections: oneOf(random, ['perTerminal', 'perTerminal', { shared: whole(random, 8, 12) }] as const),
})

const backends: readonly OutsideKind[] = [
  {
    name: 'one backend of three dead',
    truth: 'connections',
    wish: lasting,
    make(random, { leadMs, forMs }) {
      const dead = whole(random, 0, 2)
      const from = leadMs + forMs * random.between(0, 0.3)
      return {
        how: `connections number ${dead} of each three are not answered from ${seconds(from)}`,
        serve: (asked, usual) => (asked.at > from && asked.link % 3 === dead ? { silent: true } : usual),
      }
    },
  },
  {
    name: 'one backend of three slow',
    truth: 'connections',
    wish: lasting,
    make(random, { timelyMs }) {
      const slow = whole(random, 0, 2)
      const work = timelyMs * random.between(1.1, 1.45)
      return {
        how: `connections number ${slow} of each three take ${ms(work)}, echoes too`,
        serve: (asked, usual) => (asked.link % 3 === slow ? { ...usual, ms: around(random, work, 1.2) } : usual),
      }
    },
  },
  {
    name: 'one backend with slow payments',
    truth: 'connections',
    wish: lasting,
    make(random, { timelyMs }) {
      const [of, slow] = [whole(random, 3, 5), whole(random, 0, 2)]
      const work = timelyMs * random.between(1.1, 1.5)
      return {
        how: `connections number ${slow} of each ${of}: payments take ${ms(work)}`,
        serve: (asked, usual) =>
          asked.link % of === slow && asked.kind !== 'network' ? { ...usual, ms: around(random, work, 1.2) } : usual,
      }
    },
  },
  {
    name: 'a limit of connections',
    truth: 'connections',
    wish: perTerminal,
    make(random, { terminals, leadMs }) {
      const most = Math.round(terminals * random.between(0.6, 0.8))
      let served = new Set<number>()
      return {
        how: `${most} connections are served, further ones are not`,
        serve: (asked, usual) => {
          // Sign-ons come first and are let in: the limit is in what serves payments.
          if (asked.at <= leadMs / 3 || asked.kind === 'network') return usual
          if (served.size < most) served = served.add(asked.link)
          return served.has(asked.link) ? usual : { silent: true }
        },
      }
    },
  },
  {
    name: 'connections go dead',
    truth: 'connections',
    wish: lasting,
    make(random, shop) {
      const from = shop.leadMs + shop.forMs * random.between(0.2, 0.4)
      const isDead = drawn(random.fork('dead'), random.between(0.2, 0.35))
      const before = new Set<number>()
      return {
        how: `from ${seconds(from)} on the line swallows a part of the connections that are open then`,
        carry: ({ at, link }, usual) => {
          if (at < from) before.add(link)
          return at > from && before.has(link) && isDead(link) ? 'lost' : usual
        },
      }
    },
  },
  {
    name: 'a stuck node',
    truth: 'connections',
    wish: lasting,
    make(random, shop) {
      const from = shop.leadMs + shop.forMs * random.between(0.2, 0.4)
      const isStuck = drawn(random.fork('stuck'), random.between(0.2, 0.35))
      return {
        how: `from ${seconds(from)} on a part of the connections gets no answer but to echoes`,
        serve: (asked, usual) => (asked.at > from && isStuck(asked.link) && !asked.isEcho ? { silent: true } : usual),
      }
    },
  },
]

/** So few payments on each connection that it stands idle long enough. */
const idleShop = ({ rate, forMs }: OutsideShop, timer: number) => ({
  terminals: { count: Math.min(400, Math.round((rate * timer) / 1000) * 2), echoProbe: null },
  load: [{ hold: { rate: `${rate}/s`, for: ms(forMs * 1.4), arrivals: 'poisson' } }],
})

const translators: readonly OutsideKind[] = [
  {
    name: 'NAT forgets idle connections',
    truth: 'idle-drop',
    wish: perTerminal,
    make(random, shop) {
      const timer = shop.timelyMs * random.between(1, 1.6)
      return {
        how: `what is idle for ${ms(timer)} is forgotten without a word`,
        carry: forgetful(timer, 'lost'),
        scenario: idleShop(shop, timer),
      }
    },
  },
  {
    name: 'firewall resets idle connections',
    truth: 'idle-drop',
    wish: perTerminal,
    make(random, shop) {
      const timer = shop.timelyMs * random.between(1, 1.6)
      return {
        how: `what is idle for ${ms(timer)} is reset when it speaks again`,
        carry: forgetful(timer, 'reset'),
        scenario: idleShop(shop, timer),
      }
    },
  },
]

function forgetful(timer: number, then: 'lost' | 'reset') {
  const forgotten = new Set<number>()
  return ({ idleMs, link, isSyn, bytes }: LinePacket, usual: number) => {
    if (isSyn) return usual
    if (idleMs > timer && bytes > 0) forgotten.add(link)
    return forgotten.has(link) ? then : usual
  }
}

const losers: readonly OutsideKind[] = [
  {
    name: 'requests lost',
    truth: 'lost',
    make(random) {
      const of = random.between(0.05, 0.15)
      return {
        how: `${share(of)} of the requests vanish behind the host's door`,
        serve: (_asked, usual) => (random.chance(of) ? { silent: true } : usual),
      }
    },
  },
  {
    name: 'payments lost',
    truth: 'lost',
    make(random) {
      const of = random.between(0.05, 0.15)
      return {
        how: `${share(of)} of the payments are never answered`,
        serve: (asked, usual) => (asked.kind === 'financial' && random.chance(of) ? { silent: true } : usual),
      }
    },
  },
  {
    name: 'requests lost, reversals say so',
    truth: 'lost',
    make(random) {
      const of = random.between(0.06, 0.15)
      const lost = new Set<string>()
      const nameOf = (terminal: string, stan: string | undefined) => `${terminal} ${stan}`
      return {
        how: `${share(of)} of the payments never arrive; their reversals are answered 25`,
        serve: (asked, usual) => {
          const { fields } = asked.message
          if (asked.kind === 'reversal') {
            const stan = fields.get(90)?.slice(4, 10) ?? fields.get(11)
            return { ...usual, code: lost.has(nameOf(asked.terminal, stan)) ? '25' : '00' }
          }
          if (asked.kind !== 'financial' || !random.chance(of)) return usual
          lost.add(nameOf(asked.terminal, fields.get(11)))
          return { silent: true }
        },
      }
    },
  },
  {
    name: 'answers carry another STAN',
    truth: 'lost',
    make(random) {
      const of = random.between(0.05, 0.12)
      return {
        how: `${share(of)} of the answers carry another STAN`,
        serve: (asked, usual) =>
          asked.kind === 'financial' && random.chance(of) ? { ...usual, wrongStan: true } : usual,
      }
    },
  },
]

const slowLines: readonly OutsideKind[] = [
  {
    name: 'long way',
    truth: 'network-slow',
    watch: 'bad',
    wish: () => ({ hasEchoes: true }),
    make(random, { timelyMs, connections }) {
      // A connection of its own costs another round trip.
      const trips = connections === 'perTransaction' ? 4 : 2
      const oneWay = (timelyMs / trips) * random.between(1.1, 1.4)
      return { how: `${ms(oneWay)} one way`, carry: () => oneWay * random.between(0.9, 1.15) }
    },
  },
  {
    name: 'narrow line',
    truth: 'network-slow',
    watch: 'bad',
    real: 'never',
    wish: () => ({ hasEchoes: true }),
    make(random, { timelyMs, connections }) {
      const trips = connections === 'perTransaction' ? 3 : 2
      const perPacket = (timelyMs / trips) * random.between(1.05, 1.25)
      return {
        how: `${ms(perPacket)} for each packet, and as much as its bytes need`,
        carry: ({ bytes }) => perPacket * (0.75 + bytes / 600) * random.between(0.95, 1.1),
      }
    },
  },
]

/** Windows that come again and again. */
const within = (at: number, every: number, lasts: number) => at % every < lasts

const unstableLines: readonly OutsideKind[] = [
  {
    name: 'a line that comes and goes',
    truth: 'network-unstable',
    watch: 'bad',
    make(random, { timelyMs }) {
      const every = timelyMs * random.between(2.4, 3.2)
      const lasts = every * random.between(0.4, 0.5)
      return {
        how: `gone for ${ms(lasts)} of every ${ms(every)}`,
        carry: ({ at }, usual) => (within(at - 500, every, lasts) && at > 500 ? 'lost' : usual),
        scenario: { terminals: { signOn: false } },
      }
    },
  },
  {
    name: 'bursts of loss',
    truth: 'network-unstable',
    watch: 'bad',
    make(random, { timelyMs }) {
      const every = timelyMs * random.between(1.5, 2.5)
      const [lasts, of] = [every * random.between(0.4, 0.6), random.between(0.6, 0.8)]
      return {
        how: `${share(of)} of the packets lost for ${ms(lasts)} of every ${ms(every)}`,
        carry: ({ at }, usual) => (within(at, every, lasts) && at > 300 && random.chance(of) ? 'lost' : usual),
      }
    },
  },
  {
    name: 'packets late now and then',
    truth: 'network-unstable',
    make(random, { timelyMs }) {
      const [of, late] = [random.between(0.03, 0.06), timelyMs * random.between(1.05, 1.4)]
      // Data that is sent again meanwhile stands behind what is held.
      const heldUntil = new Map<string, number>()
      return {
        how: `${share(of)} of the packets are held for ${ms(late)}, and their connection with them`,
        carry: ({ at, link, toHost }, usual) => {
          const way = `${link} ${toHost}`
          if (at > 300 && at > (heldUntil.get(way) ?? 0) && random.chance(of)) heldUntil.set(way, at + late)
          return Math.max(usual, (heldUntil.get(way) ?? 0) - at)
        },
      }
    },
  },
  {
    name: 'resets in bursts',
    truth: 'network-unstable',
    wish: lasting,
    make(random, { timelyMs, forMs, leadMs }) {
      const every = timelyMs * random.between(0.8, 1.4)
      const of = random.between(0.4, 0.7)
      const times = Array.from({ length: Math.floor(forMs / every) }, (_, index) => leadMs + (index + 0.5) * every)
      return {
        how: `${share(of)} of the connections are reset every ${ms(every)}, and cannot be had for ${ms(timelyMs * 1.2)}`,
        resets: times.map((at) => ({ at, hits: drawn(random.fork(`reset ${at}`), of) })),
        // A radio that has to attach first.
        carry: ({ isSyn, toHost, at }, usual) =>
          isSyn && toHost && at > leadMs && random.chance(0.6) ? usual + timelyMs * 1.2 : usual,
      }
    },
  },
  {
    name: 'heavy loss',
    truth: 'network-unstable',
    wish: () => ({ hasEchoes: true }),
    make(random) {
      const of = random.between(0.42, 0.55)
      return {
        how: `${share(of)} of all packets lost`,
        carry: ({ at }, usual) => (at > 300 && random.chance(of) ? 'lost' : usual),
      }
    },
  },
]

export const lineKinds: readonly OutsideKind[] = [
  ...backends,
  ...translators,
  ...losers,
  ...slowLines,
  ...unstableLines,
]
