// The fleet of terminals: which sample an arrival gets, when its request leaves, and what its terminal does meanwhile, over the
// virtual clock.

import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/base/random.js'
import type { Sample } from '../../../src/measure/sample.js'
import type { Arrival, Transaction } from '../../../src/terminal/exchange/transaction.js'
import type { Clerk, PlannedMistake } from '../../../src/terminal/fleet/clerk.js'
import { createFleet, type FleetOptions } from '../../../src/terminal/fleet/fleet.js'
import { createTerminalPool } from '../../../src/terminal/fleet/terminal-pool.js'
import type { Connections } from '../../../src/terminal/paths/connections.js'
import type { Client, Exchange } from '../../../src/transport/client/client.js'
import type { Received } from '../../../src/transport/wire/wire.js'
import { answerOf, createTill, planOf, rules } from '../till.js'

const answerMs = 10
const timeoutMs = 1000
const sale = planOf('sale')

/** `silence`, `refused` (the connection is down), `unread` (no message), or the response code of an answer. */
type Reply = string

const received = (reply: Reply) =>
  (reply === 'unread' ? {} : { peek: answerOf('0210', { 39: reply }), body: new Uint8Array([1]) }) as Received

type Over = Partial<FleetOptions> & { readonly terminals?: number; readonly oneAtATime?: boolean }

/** A fleet before a host that gives its replies one after another, and then approves. `log`: all that happens, with its time. */
function createShop(replies: readonly Reply[] = [], { terminals: count = 1, oneAtATime = true, ...over }: Over = {}) {
  const till = createTill(count)
  const { clock, terminals, makeRequest } = till
  const log: string[] = []
  const samples: Sample[] = []
  const say = (text: string) => log.push(`${clock.now()} ${text}`)
  const left = [...replies]
  const client = {
    send(exchange: Exchange) {
      const { request, taken } = exchange as Transaction
      const { terminal } = taken
      say(`${terminal.id.slice(-1)} sends ${request.plan.name} ${request.stan}`)
      const reply = left.shift() ?? '00'
      if (reply === 'refused') {
        clock.after(0, () => exchange.onFailed(clock.now(), 'ECONNREFUSED', false))
        return
      }
      exchange.onWritten(clock.now())
      if (reply === 'silence') clock.after(exchange.timeoutMs, () => exchange.onTimeout(clock.now()))
      else clock.after(answerMs, () => exchange.onAnswer(received(reply), clock.now()))
    },
  } as unknown as Client
  const connections = { acquire: () => client, release: () => say('hangs up') } as unknown as Connections
  const fleet = createFleet({
    ...{ connections, rules, makeRequest, clock, timeoutMs, target: 'host', mix: [[sale, 1]], random: createRandom(1) },
    pool: createTerminalPool({ terminals, oneAtATime, merchants: new Set(['M2']), clock }),
    events: {
      onSample: (sample) => samples.push(sample),
      onBusy: (intendedAt) => say(`busy for ${intendedAt}`),
      onSubstituted: (intendedAt) => say(`substituted for ${intendedAt}`),
      onCaught: (intendedAt) => say(`caught for ${intendedAt}`),
    },
    ...over,
  })
  const arrive = (arrival: Partial<Arrival> = {}) =>
    fleet.transact({ intendedAt: clock.now(), phase: '1', ...arrival }, () => say('done'))
  return { ...till, fleet, log, samples, say, arrive }
}

/** The four instants of a sample, and how it ended. */
const brief = ({ intendedAt, startedAt, writtenAt, endedAt, outcome, responseCode, reason }: Sample) =>
  [`${intendedAt}/${startedAt ?? '-'}/${writtenAt ?? '-'}/${endedAt}`, outcome, responseCode ?? reason ?? '']
    .join(' ')
    .trim()

interface Row {
  readonly name: string
  readonly replies?: readonly Reply[]
  readonly over?: Over
  /** When the cards are presented, in ms. */
  readonly at?: readonly number[]
  /** intended/started/written/ended, outcome, code or reason. */
  readonly samples: readonly string[]
}

const rows: readonly Row[] = [
  { name: 'an approval', samples: ['0/0/0/10 approved 00'] },
  { name: 'a decline', replies: ['51'], samples: ['0/0/0/10 declined 51'] },
  { name: 'silence, for as long as the timer says', replies: ['silence'], samples: ['0/0/0/1000 timedOut'] },
  {
    name: "silence, for as long as this terminal's own timer says",
    replies: ['silence'],
    over: { timerOf: () => 300 },
    samples: ['0/0/0/300 timedOut'],
  },
  { name: 'a connection that is down', replies: ['refused'], samples: ['0/0/-/0 failed ECONNREFUSED'] },
  {
    name: 'an answer that cannot be read',
    replies: ['unread'],
    samples: ['0/0/0/10 failed answer that cannot be read'],
  },
  {
    name: 'a terminal that takes its time over the card',
    over: { workOf: () => 300 },
    samples: ['0/0/300/310 approved 00'],
  },
  {
    name: 'two cards at one terminal: the second waits, and its waiting counts',
    at: [0, 4],
    samples: ['0/0/0/10 approved 00', '4/10/10/20 approved 00'],
  },
  {
    name: 'two cards at two terminals: nobody waits',
    at: [0, 4],
    over: { terminals: 2 },
    samples: ['0/0/0/10 approved 00', '4/4/4/14 approved 00'],
  },
  {
    name: 'two cards at one terminal that takes several at a time: nobody waits',
    at: [0, 4],
    over: { oneAtATime: false },
    samples: ['0/0/0/10 approved 00', '4/4/4/14 approved 00'],
  },
  {
    name: 'a card for which no terminal became free in time',
    replies: ['silence'],
    at: [0, 4],
    over: { timerOf: () => 5000 },
    samples: ['4/-/-/1004 unsent every terminal was busy', '0/0/0/5000 timedOut'],
  },
  {
    name: 'a request that the desk refuses',
    over: { money: deskThat((transaction, { refuse }) => refuse(transaction, 'disk full')) },
    samples: ['0/0/-/0 unsent disk full'],
  },
]

/** A desk of money that takes every message as it is. */
function deskThat(prepare: NonNullable<FleetOptions['money']>['prepare']): NonNullable<FleetOptions['money']> {
  return { choose: (plan) => ({ plan, substituted: false }), prepare, ended: () => {} }
}

describe('an arrival has one sample:', () => {
  test.each(rows)('$name', ({ replies, over, at = [0], samples: expected }) => {
    const { clock, samples, arrive, fleet, log } = createShop(replies, over)
    for (const time of at) {
      clock.run(time)
      arrive()
    }
    expect(fleet.open).toBe(at.length - samples.length)
    clock.run(20_000)
    expect(samples.map(brief)).toEqual(expected)
    expect(fleet.open).toBe(0)
    expect(log.filter((line) => line.endsWith('done'))).toHaveLength(at.length)
  })

  test('with its message, terminal, merchant, host, phase and trace number', () => {
    const { clock, samples, arrive } = createShop()
    arrive({ phase: 'peak' })
    clock.run(100)
    expect(samples[0]).toMatchObject({
      ...{ type: 'sale', terminal: '00000001', merchant: '000000000000001', target: 'host', phase: 'peak' },
      ...{ stan: '000001', tries: 1, firstCode: undefined, backPressure: false },
    })
  })

  test('and one that no terminal took has no terminal, and is due to the host', () => {
    const { clock, samples, arrive, log } = createShop(['silence', '00'], { timerOf: () => 5000 })
    arrive()
    arrive({ merchant: 'M2' })
    clock.run(2000)
    expect(log).toContain('0 busy for 0')
    expect(samples[0]).toMatchObject({ type: 'none', terminal: '', merchant: 'M2', tries: 0, backPressure: true })
  })
})

describe('a message', () => {
  test('is the one that the arrival names', () => {
    const { clock, samples, arrive } = createShop([], {
      named: (name) => (name === 'refund' ? planOf(name) : undefined),
    })
    arrive({ message: 'refund' })
    arrive({ message: 'nobody knows it' })
    clock.run(100)
    expect(samples.map(({ type }) => type)).toEqual(['refund', 'sale'])
  })

  test('that the desk put in the place of another is told', () => {
    const money = {
      ...deskThat((transaction, { send }) => send(transaction)),
      choose: () => ({ plan: sale, substituted: true }),
    }
    const { clock, samples, arrive, log } = createShop([], { mix: [[planOf('void'), 1]], money })
    arrive()
    clock.run(100)
    expect(log[0]).toBe('0 substituted for 0')
    expect(samples.map(({ type }) => type)).toEqual(['sale'])
  })

  test('leaves when the desk allows it, and not after its time', () => {
    const allowed: (() => void)[] = []
    const money = deskThat((transaction, { send }) => allowed.push(() => send(transaction)))
    const { clock, samples, arrive, log } = createShop([], { terminals: 2, money })
    arrive()
    arrive()
    clock.run(500)
    expect(log).toEqual([])
    allowed[0]?.()
    clock.run(timeoutMs)
    allowed[1]?.()
    expect(samples.map(brief)).toEqual(['0/0/500/510 approved 00', '0/0/-/1000 unsent a reversal had to go first'])
    expect(samples.map(({ backPressure }) => backPressure)).toEqual([false, true])
  })
})

describe('the terminal', () => {
  test('hangs up before the next card, which it takes when this one is done', () => {
    const { clock, arrive, log } = createShop()
    arrive()
    arrive()
    clock.run(100)
    expect(log).toEqual([
      ...['0 1 sends sale 000001', '0 busy for 0', '10 hangs up'],
      ...['10 1 sends sale 000002', '10 done', '20 hangs up', '20 done'],
    ])
  })

  test('signs on again before the next card where the host asks for it', () => {
    const asked: (string | undefined)[] = []
    let again = () => {}
    const { clock, arrive, samples } = createShop(['63'], {
      signOnAgain: {
        needs: (_, code) => code === '63',
        after(_, code, done) {
          asked.push(code)
          again = done
        },
        before: (_terminal, _host, go) => go(),
      },
    })
    arrive()
    arrive()
    clock.run(200)
    expect([asked, samples.length]).toEqual([['63'], 1])
    again()
    clock.run(300)
    expect(samples.map(brief)[1]).toBe('0/200/200/210 approved 00')
  })
})

describe('a clerk who errs', () => {
  const mistake: PlannedMistake = { kind: 'missing', name: 'amount', plan: sale, entered: () => '000000000000' }
  /** Errs in the first try; the terminal sees it where it checks. The host's word makes the clerk think for 50 ms. */
  const clerkWho = (checks: boolean): Clerk => ({
    checkMs: 30,
    errs: (_, tries) => (tries === 0 ? mistake : undefined),
    finds: ({ plan, values }) =>
      checks && plan.valueOf(4, values) === '000000000000' ? ({ field: 4, words: 'no amount' } as never) : undefined,
    triesAgainAfter: (made, { sample }) => (made !== undefined && sample.outcome === 'declined' ? 50 : undefined),
  })

  test('is told by the terminal, and the right request is the only one that leaves', () => {
    const { clock, arrive, samples, log } = createShop([], { clerk: clerkWho(true) })
    arrive()
    clock.run(200)
    expect(log.slice(0, 2)).toEqual(['0 caught for 0', '30 1 sends sale 000002'])
    expect(samples.map(brief)).toEqual(['0/0/30/40 approved 00'])
  })

  test('is told by the host, thinks, and tries again: one sample over both tries', () => {
    const { clock, arrive, samples } = createShop(['30', '00'], { clerk: clerkWho(false) })
    arrive()
    clock.run(200)
    expect(samples.map(brief)).toEqual(['0/0/60/70 approved 00'])
    expect(samples[0]).toMatchObject({ tries: 2, firstCode: '30' })
  })
})

describe('at the end of a run', () => {
  test('what was sent has timed out, what was not is unsent, and nobody waits any longer', () => {
    const { clock, arrive, samples, fleet } = createShop(['silence'], {
      terminals: 2,
      workOf: ({ index }) => (index === 0 ? undefined : 900),
    })
    for (let count = 0; count < 3; count++) arrive()
    clock.run(100)
    fleet.giveUp()
    expect(samples.map(brief).sort()).toEqual([
      '0/-/-/100 unsent every terminal was busy',
      '0/0/-/100 unsent the run ended before it could be sent',
      '0/0/0/100 timedOut',
    ])
    clock.run(5000)
    expect(samples).toHaveLength(3)
  })

  test('who waits for the last arrival is told once: when there is none, or at once', () => {
    const { clock, arrive, fleet, say, log } = createShop()
    arrive()
    fleet.onIdle(() => say('idle'))
    clock.run(100)
    fleet.onIdle(() => say('idle'))
    expect(log.filter((line) => line.endsWith('idle'))).toEqual(['10 idle', '100 idle'])
  })
})
