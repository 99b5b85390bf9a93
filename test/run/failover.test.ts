// Two hosts of one group and two lines to them, in virtual time: whatever dies, terminals change over, and the books agree.

import { describe, expect, test } from 'vitest'
import type { Result } from '../../src/measure/result.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

interface Change {
  readonly terminals?: object
  readonly faults?: readonly object[]
  readonly rest?: object
}

function run({ terminals = {}, faults = [], rest = {} }: Change): Promise<Result> {
  const { scenario, source } = scenarioFromData({
    name: 'failover',
    seed: 1,
    terminals: { count: 5, timeout: '1s', reversal: { retries: 1, interval: '500ms' }, ...terminals },
    acquirers: { a: { serviceTime: { p50: '20ms' } }, b: { serviceTime: { p50: '20ms' } } },
    load: [{ hold: { rate: '10/s', for: '20s' } }],
    drain: '60s',
    faults,
    ...rest,
  })
  return runScenario(scenario, { source, clock: 'virtual' })
}

const outage = (how: string) => ({ on: 'acquirer', target: 'a', outage: { how }, from: '5s', for: '5s' })
const usedBy = ({ breakdown }: Result) =>
  Object.fromEntries(Object.entries(breakdown.target).map(([name, { offered }]) => [name, offered]))
const changes = ({ failover }: Result) => failover?.first.map(({ from, to }) => `${from} > ${to}`)

describe('a second host', () => {
  test('is not used while the first is well', async () => {
    const result = await run({})
    expect(usedBy(result)).toEqual({ a: 200 })
    expect(result.failover).toEqual({ count: 0, first: [] })
    expect(result.outcomes.approved).toBe(200)
  })

  for (const [how, least] of [
    ['refuse', 0.99],
    ['silent', 0.95],
    ['91', 0.98],
  ] as const) {
    for (const connections of ['perTerminal', 'perTransaction', { shared: 2 }]) {
      test(`takes over from one whose outage is ${how}, over connections ${JSON.stringify(connections)}, and gives back`, async () => {
        const result = await run({ faults: [outage(how)], terminals: { connections } })
        expect(usedBy(result).b).toBeGreaterThan(40)
        expect(usedBy(result).a).toBeGreaterThan(75)
        expect(result.timeliness.timelyRate).toBeGreaterThan(least)
        expect(changes(result)?.at(0)).toBe('a > b')
        expect(changes(result)?.at(-1)).toBe('b > a')
        expect(result.books).toMatchObject({ agree: true, differences: [] })
        expect(result.reversals?.pending).toBe(0)
      })
    }
  }
})

describe('money in a group of hosts', () => {
  const mix = { sale: 6, preauth: 1, completion: 1, void: 2, refund: 1, balance: 1 }
  const trouble = [
    { ...outage('silent'), name: 'silent' },
    { ...outage('refuse'), name: 'refused', from: '13s', for: '2s' },
    { name: 'lost', on: 'network', direction: 'answer', no_answer: {}, share: '10%' },
  ]

  const terminals = { mix, failover: { probeEvery: '300ms', failBackAfter: '1s' } }

  for (const dialect of ['cup-pos', 'iso87-ascii', 'iso93-binary', 'iso_8583']) {
    test(`${dialect}: what one host was asked the other undoes, and the books agree`, async () => {
      const rest = { dialect, load: [{ hold: { rate: '10/s', for: '20s', arrivals: 'poisson' } }] }
      const result = await run({ faults: trouble, terminals, rest })
      expect(result.failover?.count).toBeGreaterThan(1)
      expect(result.reversals?.created).toBeGreaterThan(5)
      expect(result.books).toMatchObject({ agree: true, differences: [] })
      expect(result.reversals?.pending).toBe(0)
    })
  }

  test('separate ledgers are found by the books: what one host was asked, the other cannot undo', async () => {
    const result = await run({ faults: trouble, terminals, rest: { ledgers: 'separate' } })
    expect(result.books?.agree).toBe(false)
    expect(result.books?.counts.chargedButNotKnown).toBeGreaterThan(0)
  })

  test('terminals sign on with the other host before they trade with it, for its keys', async () => {
    const result = await run({ faults: [outage('refuse')] })
    expect(result.keys).not.toBeNull()
    expect(Object.keys(result.responseCodes)).toEqual(['00'])
  })

  test('equal seeds give equal results', async () => {
    const [one, other] = [await run({ faults: trouble }), await run({ faults: trouble })]
    expect(other).toEqual(one)
  })

  test('both hosts pay, and tell whoever speaks to them', async () => {
    const settlement = { settlement: { cycle: '2s' } }
    const result = await run({ faults: [outage('refuse')], rest: { acquirers: { a: settlement, b: settlement } } })
    expect(result.timeToFunds?.count).toBe(result.outcomes.approved)
    expect(result.books?.agree).toBe(true)
  })
})

describe('several routes', () => {
  const routes = [
    { name: 'mobile', network: '3g' },
    { name: 'wifi', network: 'wifi' },
  ]
  const jam = { on: 'network', route: 'wifi', latency: { latency: '200ms' }, from: '6s', for: '6s' }

  test('the faster one is used', async () => {
    const result = await run({ terminals: { routes } })
    expect(result.responseTime.p50).toBeLessThan(60)
  })

  test('the first one is used where that is asked for', async () => {
    const result = await run({ terminals: { routes, failover: { choose: 'first' } } })
    expect(result.failover?.count).toBe(0)
    expect(result.responseTime.p50).toBeGreaterThan(300)
  })

  test('one that grows slow is left, and taken again when it is fast again', async () => {
    const result = await run({ terminals: { routes }, faults: [jam] })
    expect(changes(result)).toEqual(['a over wifi > a over mobile', 'a over mobile > a over wifi'])
    expect(result.timeliness.timelyRate).toBe(1)
  })

  test('one that breaks is left at once, and no host is given up for it', async () => {
    const broken = { on: 'network', route: 'wifi', down: {}, from: '6s', for: '6s' }
    const result = await run({ terminals: { routes }, faults: [broken] })
    expect(usedBy(result)).toEqual({ a: 200 })
    expect(changes(result)).toEqual(['a over wifi > a over mobile', 'a over mobile > a over wifi'])
    expect(result.timeliness.timelyRate).toBeGreaterThan(0.99)
    expect(result.books?.agree).toBe(true)
  })

  test('a line to one host may break while the line to the other works', async () => {
    const broken = { on: 'network', target: 'a', down: {}, from: '6s', for: '6s' }
    const result = await run({ faults: [broken] })
    expect(changes(result)).toEqual(['a > b', 'b > a'])
    expect(result.faults).toMatchObject([{ kind: 'down', applied: expect.any(Number) }])
  })
})

describe('one host and one line', () => {
  test('a connection that is dead and does not know it is replaced, and what is owed goes over the new one', async () => {
    const dead = { on: 'network', half_open: {}, from: '3s', for: '1h', share: '40%' }
    const single = {
      acquirers: undefined,
      acquirer: {},
      faults: [dead],
      load: [{ hold: { rate: '10/s', for: '40s' } }],
    }
    const result = await run({ rest: single })
    expect(result.outcomes.timedOut).toBeGreaterThan(0)
    expect(result.timeline[38]?.approved).toBe(10)
    expect(result.reversals?.pending).toBe(0)
    expect(result.books?.agree).toBe(true)
  })
})
