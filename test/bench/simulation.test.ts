// The judge of a simulation, on cases that no simulation should come to.

import { expect, test } from 'vitest'
import { archivedRows } from '../../bench/simulation/archive.js'
import { coverageLines, createCoverage, expected, neverReached } from '../../bench/simulation/coverage.js'
import { type SettlementWatch, settleAtRest, watchSettlements } from '../../bench/simulation/settlements.js'
import type { ShopLife } from '../../bench/simulation/shop.js'
import type { BookRow } from '../../src/measure/money/books.js'
import { virtualWorld } from '../../src/run/world.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import type { CaseRecord } from '../../src/terminal/journal/journal-records.js'
import type { SettledTerminal } from '../../src/terminal/settlement/settlement.js'

const row: BookRow = {
  ...{ terminal: '1', merchant: '2', batch: '000001', stan: '000003', kind: 'sale' },
  ...{ amountMinor: 100, state: 'charged' },
}
const owed: readonly [number, CaseRecord] = [
  1,
  {
    ...{ terminal: '1', merchant: '2', batch: '000001', stan: '000004', type: 'sale', amountMinor: 100 },
    owed: { do: 'repeat', values: [] },
  },
]
const unknown: BookRow = { ...row, stan: '000004', state: 'unknown' }
const today = '20260106'

const starts = [
  { name: 'all is kept', day: today, owed: [owed], books: [row, unknown], problems: [] },
  { name: 'another day begins with nothing owed', day: '20260105', owed: [], books: [], problems: [] },
  {
    name: 'another day begins with something owed',
    day: '20260105',
    owed: [owed],
    books: [unknown],
    problems: ['lost rows'],
  },
  { name: 'rows of the same day are gone', day: today, owed: [], books: [], problems: ['lost rows'] },
  { name: 'what was owed is gone', day: today, owed: [owed], books: [row], problems: ['lost reversal'] },
]

for (const { name, day, owed, books, problems } of starts) {
  test(`a journal from which a process starts: ${name}`, () => {
    const found = archivedRows({ rows: [row], owed, day }, { books, today })
    expect(found.problems.map((problem) => problem.split(':')[0])).toEqual(problems)
    expect(found.rows).toEqual(books.includes(row) ? [] : [row])
  })
}

test('what was never reached is named, and everything else is counted in the table', () => {
  const coverage = createCoverage()
  for (const name of expected.slice(1)) coverage.add(name)
  coverage.addAll({ [expected[1] as string]: 2, 'something else': 5 })
  expect(neverReached(coverage.reached)).toEqual([expected[0]])
  const table = coverageLines(coverage.reached).join('\n')
  expect(table).toContain(`0 ${expected[0]}`)
  expect(table).toContain(`3 ${expected[1]}`)
  expect(table).toContain('5 something else')
})

const { scenario } = scenarioFromData({
  name: 'settling',
  dialect: 'iso87-ascii',
  load: [{ hold: { rate: '1/s', for: '1s' } }],
})

const sale = (stan: string, amountMinor: number): BookRow => ({ ...row, stan, amountMinor })

/** A settlement of one terminal that ended so. */
function settledAs(verdict: SettledTerminal['verdict'], over: SettledTerminal['over'], hostMinor = 0): SettledTerminal {
  const own = { debitAmount: 1, creditAmount: 0 }
  const host = new Map([['debitAmount', { value: hostMinor, digits: 16 }]])
  return { terminal: { id: '1' }, batch: '000001', over, verdict, own, host } as unknown as SettledTerminal
}

/** A shop of one terminal, whose settlement ends so. */
function shopThat(
  verdict: SettledTerminal['verdict'],
  over: SettledTerminal['over'],
  { hostMinor, rows = [sale('1', 1)] }: { hostMinor?: number; rows?: readonly BookRow[] } = {},
): ShopLife {
  const settled = settledAs(verdict, over, hostMinor)
  const side = { terminals: [settled.terminal], money: { settle: async () => [settled], books: { rows: () => rows } } }
  return { side, process: { clock: { soon: (action: () => void) => action() } } } as unknown as ShopLife
}

const courses: readonly {
  readonly name: string
  readonly over: SettledTerminal['over']
  readonly before: (watch: SettlementWatch) => unknown
  readonly isProblem: boolean
}[] = [
  { name: 'nothing before', over: 'sinceLast', before: () => {}, isProblem: true },
  {
    name: 'one without a verdict',
    over: 'sinceLast',
    before: (watch) => watch.settle(shopThat('unknown', 'sinceLast'), true),
    isProblem: true,
  },
  {
    name: 'one with something owed',
    over: 'batch',
    before: (watch) => watch.settle(shopThat('balanced', 'batch'), false),
    isProblem: false,
  },
  { name: 'a journal begun anew', over: 'batch', before: (watch) => watch.forgot(['1']), isProblem: false },
  {
    name: 'one that balanced, after a journal begun anew',
    over: 'sinceLast',
    before: async (watch) => {
      watch.forgot(['1'])
      await watch.settle(shopThat('balanced', 'sinceLast'), true)
    },
    isProblem: true,
  },
]

test('a host that got totals late may have counted what came since, and nothing else', async () => {
  for (const [hostMinor, isProblem] of [
    [1 + 20, false],
    [1 + 300, false],
    [1 + 320, false],
    [0, true],
    [1 + 40, true],
  ] as const) {
    const problems: string[] = []
    const watch = watchSettlements(scenario, { onProblem: (problem) => problems.push(problem), onSettled: () => {} })
    await watch.settle(shopThat('unknown', 'sinceLast'), true)
    const rows = [sale('1', 1), sale('2', 20), sale('3', 300)]
    await watch.settle(shopThat('outOfBalance', 'sinceLast', { hostMinor, rows }), true)
    expect(problems.length, `host ${hostMinor}`).toBe(isProblem ? 1 : 0)
    // It has ended: the next one must be right.
    await watch.settle(shopThat('outOfBalance', 'sinceLast', { hostMinor: 21, rows }), true)
    expect(problems.length).toBe(isProblem ? 2 : 1)
  }
})

for (const { name, over, before, isProblem } of courses) {
  test(`a settlement out of balance is ${isProblem ? 'a problem' : 'excused'} after ${name}`, async () => {
    const problems: string[] = []
    const watch = watchSettlements(scenario, { onProblem: (problem) => problems.push(problem), onSettled: () => {} })
    await before(watch)
    await watch.settle(shopThat('outOfBalance', over), true)
    expect(problems.length).toBe(isProblem ? 1 : 0)
  })
}

test('a shop that hears nothing at rest tells its totals again, and must hear in the end', async () => {
  const world = virtualWorld(0)
  const { clock } = world
  const watch = watchSettlements(scenario, { onProblem: () => {}, onSettled: () => {} })
  const told: string[] = []
  const hearsAt = (telling: number): ShopLife => {
    const shop = shopThat('unknown', 'batch')
    const settle = async () => {
      told.push('told')
      return [settledAs(told.length >= telling ? 'balanced' : 'unknown', 'batch')]
    }
    return { ...shop, process: { clock }, side: { ...shop.side, money: { ...shop.side.money, settle } } } as never
  }
  const atRest = async (shop: ShopLife) => {
    told.length = 0
    return (await world.until(settleAtRest(shop, watch))).problems
  }
  expect(await atRest(hearsAt(3))).toEqual([])
  expect(told).toHaveLength(3)
  expect(await atRest(hearsAt(Number.POSITIVE_INFINITY))).toEqual([
    'settlement without verdict: terminal 1 has told its totals 8 times',
  ])
})
