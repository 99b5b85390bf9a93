// `remedies:`: overlays that are checked where they stand, and laid over the scenario by `with`.

import { describe, expect, test } from 'vitest'
import { loadScenario } from '../../src/scenario/reader.js'
import { withRemedies } from '../../src/scenario/remedies.js'

const text = `name: x
acquirer: { workers: 2, serviceTime: { p50: 100ms, p99: 300ms } }
load: [ { hold: { rate: 9/s, for: 5s } } ]
thresholds: [ "timelyRate >= 99%" ]
remedies:
  more: { about: more hands, acquirer: { workers: 8 } }
  steady: { acquirer: { workers: 4, serviceTime: { p99: null } } }
  calm: { load: [ { hold: { rate: 1/s, for: 5s } } ] }
`
const load = (names: readonly string[], set: readonly string[] = []) =>
  loadScenario(text, 'x.yaml', { with: names, set })

describe('a remedy laid over its scenario', () => {
  test('changes what it names and nothing else', () => {
    const { acquirer, about, load: phases } = load(['more']).scenario
    expect(acquirer).toMatchObject({ workers: 8, serviceTime: { p50: 100, p99: 300 } })
    expect({ about, phases }).toEqual({ about: undefined, phases: load([]).scenario.load })
  })

  test('takes away what it names as null, and replaces a list whole', () => {
    expect(load(['steady']).scenario.acquirer.serviceTime).toEqual({ p50: 100 })
    expect(load(['calm']).scenario.load).toEqual([{ hold: { rate: 1, for: 5000, arrivals: 'constant' } }])
  })

  test('lies over those before it, and over --set', () => {
    expect(load(['more', 'steady'], ['acquirer.workers=1']).scenario.acquirer).toMatchObject({
      workers: 4,
      serviceTime: { p50: 100 },
    })
  })

  test('can itself be changed by --set', () => {
    expect(load(['more'], ['remedies.more.acquirer.workers=9']).scenario.acquirer.workers).toBe(9)
  })

  test('is named, and the source is the scenario as it is run', () => {
    const { source, remedies } = load(['more'])
    expect(remedies).toEqual(['more'])
    expect(loadScenario(source, 'run.yaml').scenario).toEqual({ ...load(['more']).scenario, remedies: {} })
  })

  test('leaves the data that it was given alone', () => {
    const data = { a: { b: 1 }, remedies: { r: { a: { b: 2 } } } }
    expect(withRemedies(data, ['r'])).toEqual({ a: { b: 2 } })
    expect(data.a.b).toBe(1)
  })
})

describe('a wrong remedy is refused where it stands, whether it is asked for or not', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['r: { acquirer: { workers: many } }', 'x.yaml:5:29 remedies.r.acquirer.workers: expected a number, got'],
    ['r: { acquirer: { worker: 1 } }', "x.yaml:5:20 remedies.r.acquirer.worker: unknown key 'worker' (did you mean"],
    ['r: { terminals: { mix: { gift: 1 } } }', 'x.yaml:5:28 remedies.r.terminals.mix.gift: neither dialect'],
    ['r: { warmup: 6s }', 'x.yaml:5:16 remedies.r.warmup: as long as the whole load'],
    ['r: { load: null }', 'x.yaml:5:14 remedies.r.load: missing'],
    ['r: { thresholds: [] }', 'x.yaml:5:20 remedies.r.thresholds: not in a remedy: thresholds are the goal'],
    ['r: { seed: 1 }', 'x.yaml:5:14 remedies.r.seed: not in a remedy: before and after must meet the same'],
    ['all: {}', 'x.yaml:5:3 remedies.all: expected a name other than all and baseline'],
    ['"a b": {}', 'expected a name of letters, digits and dashes'],
    ['r: 5', 'x.yaml:5:6 remedies.r: expected a map of keys, got 5'],
  ]
  for (const [remedy, problem] of cases) {
    test(remedy, () => {
      const file = `name: x\nload: [ { hold: { rate: 9/s, for: 5s } } ]\n\nremedies:\n  ${remedy}\n`
      expect(() => loadScenario(file, 'x.yaml')).toThrow(problem)
    })
  }

  test('what no remedy spoils is told once', () => {
    const file = text.replace('workers: 2', 'workers: two')
    const told = () => loadScenario(file, 'x.yaml')
    expect(told).toThrow(/^x\.yaml:2:22 acquirer\.workers: expected a number, got "two"$/)
  })

  test('what a remedy breaks elsewhere is told at the remedy', () => {
    const remedy = '  r: { terminals: { target: ["127.0.0.1:1"] } }\n'
    const file = `name: x\nload: [ { hold: { rate: 9/s, for: 5s } } ]\nfaults: [ { on: acquirer, stall: { for: 1s } } ]\nremedies:\n${remedy}`
    expect(() => loadScenario(file, 'x.yaml')).toThrow(/^x\.yaml:5:3 remedies\.r: with it, .*host elsewhere$/)
  })

  test('a name that the scenario has no remedy of is refused with a suggestion', () => {
    expect(() => load(['mor'])).toThrow("--with mor: the scenario has no such remedy (did you mean 'more'?)")
  })
})

describe('acquirer beside acquirers', () => {
  const hosts = (lines: string) =>
    loadScenario(`name: x\nload: [ { hold: { rate: 9/s, for: 5s } } ]\n${lines}`, 'x.yaml').scenario.acquirers

  test('is what all of them have in common', () => {
    const { a, b } = hosts('acquirer: { workers: 3, queueLimit: 7 }\nacquirers: { a: {}, b: { workers: 5 } }\n') ?? {}
    expect([a, b].map((host) => [host?.workers, host?.queueLimit])).toEqual([
      [3, 7],
      [5, 7],
    ])
  })

  test('alone names no host', () => expect(hosts('acquirer: { workers: 3 }\n')).toBeUndefined())
})
