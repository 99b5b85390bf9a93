import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.js'
import { createRandom } from '../../src/base/random.js'
import type { Share } from '../../src/base/share.js'
import { scenarioData } from '../../src/cli/commands/terminal.js'
import { loadSchema } from '../../src/load/options.js'
import { type PlannedArrival, planLoad } from '../../src/load/plan.js'
import { dialectNamed } from '../../src/run/files/read-dialect.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const plan = (load: unknown, share?: Share) => planLoad(loadSchema.parse(load), createRandom(7), share)

function all(source: { next(): PlannedArrival | undefined }): PlannedArrival[] {
  const arrivals: PlannedArrival[] = []
  for (let arrival = source.next(); arrival !== undefined; arrival = source.next()) arrivals.push(arrival)
  return arrivals
}

const byTime = (a: PlannedArrival, b: PlannedArrival) =>
  a.offset - b.offset || (a.phase < b.phase ? -1 : a.phase > b.phase ? 1 : 0)

const ramp = { ramp: { from: '10/s', to: '500/s', over: '20s' } }
const hold = { hold: { rate: '500/s', for: '60s', arrivals: 'poisson' } }
const terminals = { concurrency: { terminals: 50, for: '30s', think: '2s' } }

test('phases follow one another, named by number and kind', () => {
  const { phases, durationMs } = plan([ramp, hold, terminals])
  expect(phases.map(({ name, startMs, endMs }) => [name, startMs, endMs])).toEqual([
    ['1 ramp 10-500/s', 0, 20_000],
    ['2 hold 500/s', 20_000, 80_000],
    ['3 concurrency 50', 80_000, 110_000],
  ])
  expect(durationMs).toBe(110_000)
  expect(phases[2]).toMatchObject({ kind: 'closed', terminals: 50, thinkMs: 2000 })
})

test('a phase during another starts with it, and the next waits for the longer of the two', () => {
  const surge = { hold: { rate: '5/s', for: '90s' }, during: true, merchant: 'other' }
  const { phases } = plan([ramp, hold, surge, terminals])
  expect(phases.map(({ startMs }) => startMs)).toEqual([0, 20_000, 20_000, 110_000])
})

test('the first phase cannot run during another', () => {
  expect(() => plan([{ ...ramp, during: true }])).toThrow(UsageError)
  expect(() => plan([{ ...ramp, during: true }])).toThrow('load[0].during nothing comes before the first phase')
})

describe('arrivals', () => {
  const overlapping = [
    { hold: { rate: '2/s', for: '2s' } },
    { hold: { rate: '4/s', for: '1s' }, during: true, merchant: 'M1' },
    { hold: { rate: '1/s', for: '2s' } },
  ]

  test('of phases that overlap come in order of time', () => {
    expect(all(plan(overlapping).arrivals()).map(({ offset, phase }) => `${offset} ${phase}`)).toEqual([
      '0 1 hold 2/s',
      '0 2 hold 4/s',
      '250 2 hold 4/s',
      '500 1 hold 2/s',
      '500 2 hold 4/s',
      '750 2 hold 4/s',
      '1000 1 hold 2/s',
      '1500 1 hold 2/s',
      '2000 3 hold 1/s',
      '3000 3 hold 1/s',
    ])
  })
  test('carry the merchant of their phase only', () => {
    const merchants = all(plan(overlapping).arrivals()).map(({ phase, merchant }) => [phase[0], merchant])
    expect(new Set(merchants.map(String))).toEqual(new Set(['1,', '2,M1', '3,']))
  })
  test('start anew with the same times', () => {
    const poisson = plan([hold])
    expect(all(poisson.arrivals())).toEqual(all(poisson.arrivals()))
  })
  test('of all workers together are those of one', () => {
    const shares = [0, 1, 2].map((index) => all(plan([ramp, hold], { index, of: 3 }).arrivals()))
    const together = shares.flat().sort((a, b) => a.offset - b.offset)
    expect(together).toEqual(all(plan([ramp, hold]).arrivals()))
  })
  test('of any plan, cut into any number of shares, are those of the whole, each once', () => {
    const arrivals = fc.constantFrom('constant', 'poisson')
    const [rate, high] = [fc.constantFrom('0.5/s', '7/s', '100/s'), fc.constant('250000/s')]
    const during = fc.boolean()
    const phase = fc.oneof(
      fc.record({ hold: fc.record({ rate, for: fc.constant('2s'), arrivals }), during }),
      fc.record({ hold: fc.record({ rate: high, for: fc.constant('3ms'), arrivals }), during }),
      fc.record({ ramp: fc.record({ from: rate, to: rate, over: fc.constant('1s'), arrivals }), during }),
      fc.record({ ramp: fc.record({ from: rate, to: high, over: fc.constant('2ms'), arrivals }), during }),
    )
    fc.assert(
      fc.property(fc.array(phase, { minLength: 1, maxLength: 3 }), fc.integer({ min: 1, max: 64 }), (load, of) => {
        const few = load.map((each, index) => (index === 0 ? { ...each, during: false } : each))
        const shares = Array.from({ length: of }, (_, index) => all(plan(few, { index, of }).arrivals()))
        for (const share of shares)
          expect(share.every(({ offset }, at) => offset >= (share[at - 1]?.offset ?? 0))).toBe(true)
        expect(shares.flat().sort(byTime)).toEqual(all(plan(few).arrivals()).sort(byTime))
      }),
      { numRuns: 30 },
    )
  })
  test("of isochron terminal's flags are the same for any number of workers", () => {
    const flags = fc.record({ target: fc.constant('127.0.0.1:1'), rate: fc.constantFrom('7/s', '450/s', '2000/s') })
    fc.assert(
      fc.property(flags, fc.integer({ min: 2, max: 64 }), (given, of) => {
        const { scenario } = scenarioFromData(scenarioData({ ...given, duration: '1s' } as never), { dialectNamed })
        const arrivals = (share?: Share) => all(planLoad(scenario.load, createRandom(7), share).arrivals())
        const shares = Array.from({ length: of }, (_, index) => arrivals({ index, of }))
        expect(shares.flat().sort(byTime)).toEqual(arrivals().sort(byTime))
      }),
      { numRuns: 6 },
    )
  })

  test('of closed phases are not in the plan: their terminals are dealt to the workers', () => {
    const shares = [0, 1, 2].map((index) => plan([terminals], { index, of: 3 }))
    expect(shares.map(({ phases }) => phases[0])).toMatchObject([
      { terminals: 17 },
      { terminals: 17 },
      { terminals: 16 },
    ])
    expect(all((shares[0] as ReturnType<typeof plan>).arrivals())).toEqual([])
  })
})

test('the offered rate at a moment is the sum of the phases under way', () => {
  const { offeredRateAt } = plan([ramp, { hold: { rate: '100/s', for: '5s' }, during: true }])
  expect([0, 4000, 10_000, 20_000].map(offeredRateAt)).toEqual([110, 208, 255, 0])
})
