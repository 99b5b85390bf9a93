// The rules of `npm run bench -- conditions`, and a part of it: conditions that fail as they should, and are cured by their remedies.

import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { conditionProblems, liftOf, type Tried } from '../../bench/conditions/judge.js'
import { markers, printTable, replaceTable } from '../../bench/conditions/print-table.js'
import { readConditions, remediesOf, withRemedy } from '../../bench/conditions/read-conditions.js'
import { tryCondition } from '../../bench/conditions/try-condition.js'
import { causeIds } from '../../src/measure/causes/cause.js'
import type { RemedyRow } from '../../src/measure/remedies.js'
import { loadDuration } from '../../src/scenario/checks.js'

const row = (name: string, rate: number, isMet = false): RemedyRow => ({
  ...{ name, about: null, timelyRate: rate, fundsTimelyRate: null, rate, p50: 1, p99: 1, fundsP99: null, books: true },
  ...{ thresholds: { met: isMet ? 1 : 0, of: 1 }, cause: null, problem: null, interrupted: false },
})
const cured: Tried = {
  ...{ cause: 'host-slow', names: 'host-slow' },
  goals: [{ figure: 'timelyRate', of: null, limit: 0.9 }],
  named: ['host-slow'],
  before: row('baseline', 0.3),
  own: [row('faster', 0.95, true), row('other', 0.2)],
  foreign: [row('wifi', 0.31), row('second', 0.49), row('top-up', 0.1)],
  alsoHelps: {},
}

describe('a condition with its remedies', () => {
  const cases: readonly { name: string; tried: Partial<Tried>; problems: readonly string[] }[] = [
    { name: 'is as it must be', tried: {}, problems: [] },
    {
      name: 'must fail without a remedy',
      tried: { before: row('baseline', 0.3, true) },
      problems: ['host-slow: the baseline meets its thresholds'],
    },
    {
      name: 'must be named',
      tried: { named: ['surge', 'host-slow'] },
      problems: ['host-slow: the baseline names surge'],
    },
    { name: 'must be named at all', tried: { named: [] }, problems: ['host-slow: the baseline names no cause'] },
    {
      name: 'must be cured by one of its own',
      tried: { own: [row('faster', 0.89)] },
      problems: ['host-slow: no remedy lifts the rate past the thresholds'],
    },
    {
      name: 'must not be cured by a third by a remedy that nobody explains',
      tried: { foreign: [row('wifi', 0.5)] },
      problems: ['host-slow: wifi lifts the rate by 33 % of the gap, unexplained'],
    },
    {
      name: 'may be cured by one that is explained',
      tried: { foreign: [row('wifi', 0.9)], alsoHelps: { wifi: 'x' } },
      problems: [],
    },
    {
      name: 'must not explain what does not help',
      tried: { alsoHelps: { wifi: 'x' } },
      problems: ['host-slow: wifi is said to help, and closes 2 % of the gap'],
    },
    {
      name: 'must not explain what nobody has tried',
      tried: { alsoHelps: { prayer: 'x' } },
      problems: ['host-slow: prayer is said to help, and is no remedy of another condition that fits'],
    },
  ]
  for (const { name, tried, problems } of cases)
    test(name, () => expect(conditionProblems({ ...cured, ...tried })).toEqual(problems))

  test('a remedy may make things worse', () => expect(liftOf(cured, row('x', 0))).toBeLessThan(0))
})

test('the table marks what is own, best and explained, and takes the place of the old one', () => {
  const remedies = ['faster', 'other'].map((name) => ({ name, cause: 'host-slow', overlay: {} }))
  const foreign = [...['wifi', 'flat'].map((name) => ({ name, cause: 'network-slow', overlay: {} }))]
  const table = printTable([{ ...cured, alsoHelps: { wifi: 'x' } }], [...remedies, ...foreign])
  expect(table.split('\n').slice(2)).toEqual([
    '| goal | timely ≥ 90 % |',
    '| cause that the run names | host-slow |',
    '| without a remedy | 30 % |',
    '| faster (host-slow) | **95 % ★** |',
    '| other (host-slow) | **20 %** |',
    '| wifi (network-slow) | 31 % ✓ |',
    '| flat (network-slow) | – |',
  ])
  const [begin, end] = markers
  expect(replaceTable(`a\n${begin}\nold\n${end}\nb`, 'new')).toBe(`a\n${begin}\n\nnew\n\n${end}\nb`)
  expect(() => replaceTable('a', 'new')).toThrow('to write the table between')
})

const conditions = readConditions(fileURLToPath(new URL('../../scenarios/conditions', import.meta.url)))
const remedies = remediesOf(conditions)

describe('the files', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../scenarios/conditions/README.md', import.meta.url)), 'utf8')

  test.each(conditions)(
    '$cause has the words of a merchant, lasts about 20 s, and stands in the README',
    (condition) => {
      const { cause, scenario } = condition
      expect(scenario.name).toBe(cause)
      expect(scenario.about).toMatch(/\p{Script=Han}/u)
      expect(loadDuration(scenario.load)).toBeLessThanOrEqual(20_000)
      expect(scenario.terminals.echoProbe).toBeDefined()
      expect(readme).toContain(`\`${cause}\``)
      for (const name of Object.keys(scenario.remedies)) expect(readme).toContain(`*${name}*`)
    },
  )

  test('there is one for every cause that a scenario can seed', () => {
    const seedable = causeIds.filter((id) => id !== 'unknown')
    expect([...new Set(conditions.map(({ names }) => names))].sort()).toEqual(seedable.sort())
  })

  test('what is said to help too is a remedy of another condition', () => {
    for (const { cause, scenario } of conditions)
      for (const name of Object.keys(scenario.alsoHelps))
        expect(remedies.filter((remedy) => remedy.cause !== cause).map((remedy) => remedy.name)).toContain(name)
  })
})

test('a remedy that brings another load or other faults fits its own condition only', () => {
  const [mine, yours] = conditions as [(typeof conditions)[0], (typeof conditions)[0]]
  const remedy = { name: 'x', cause: mine.cause, overlay: { load: mine.data.load } }
  expect(withRemedy(mine, remedy)).toBeDefined()
  expect(withRemedy(yours, remedy)).toBeUndefined()
})

test.each(['host-slow', 'ledger-disk', 'parameters'])(
  '%s fails, is named, and is cured by its own remedies',
  async (cause) => {
    const condition = conditions.find((each) => each.cause === cause)
    if (condition === undefined) throw new Error(`no ${cause}.yaml`)
    const own = remedies.filter((remedy) => remedy.cause === cause)
    const tried = await tryCondition(condition, own, { clock: 'virtual' })
    expect(conditionProblems({ ...tried, alsoHelps: {} })).toEqual([])
  },
)
