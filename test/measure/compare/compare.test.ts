// Comparison of two sides: what is found, what is not, and what is refused.

import { describe, expect, test } from 'vitest'
import { createRandom } from '../../../src/base/random.js'
import { type ComparedRun, compareRuns } from '../../../src/measure/compare/compare.js'
import { failuresOf, parseFailIf } from '../../../src/measure/compare/fail-if.js'
import type { Result } from '../../../src/measure/result.js'
import { comparisonLine, printComparison, printComparisonJunit } from '../../../src/report/compare/text.js'
import { checkJunit } from '../../report/junit-schema.js'
import { sample } from '../../report/sample-result.js'

const how = { minChange: 0.05, confidence: 0.95, force: false }
const keys = new Map([['warmup', '"5s"']])

/** A run of `seconds` at 100/s whose times are log-normal about 50 ms, `slower` times as long. */
function run(seed: number, slower = 1, seconds = 60, more: Partial<Result> = {}): ComparedRun {
  const random = createRandom(seed)
  const all: number[] = []
  const intervals = Array.from({ length: seconds }, (_, atSecond) => {
    const ms = Array.from(
      { length: 100 },
      () => Math.round(slower * 50_000 * Math.exp(0.4 * random.normal())) / 1000,
    ).sort((a, b) => a - b)
    all.push(...ms)
    return {
      atSecond,
      seconds: 1,
      count: ms.length,
      ms: Float64Array.from(ms),
      counts: new Float64Array(ms.length).fill(1),
    }
  })
  all.sort((a, b) => a - b)
  const at = (share: number) => all[Math.ceil(share * all.length) - 1] as number
  const outcomes = { approved: all.length, declined: 0, timedOut: 0, failed: 0, unsent: 0 }
  const timeline = intervals.map(({ atSecond, ms }) => ({
    atSecond,
    ...{ offered: 100, approved: 100, declined: 0, timedOut: 0, failed: 0, unsent: 0, timely: 100 },
    ...{ p50: ms[50] as number, p99: ms[98] as number, max: ms[99] as number, lagP99: 0, echoP50: null },
    inFlight: 5,
    faults: [],
  }))
  const responseTime = {
    ...sample.responseTime,
    count: all.length,
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    p999: at(0.999),
  }
  const result = {
    ...sample,
    ...{ offered: all.length, outcomes, responseTime, timeline },
    timeliness: { ...sample.timeliness, timelyRate: 1 },
    throughput: { offeredPerSecond: 100, answeredPerSecond: 100 },
    ...more,
  }
  return { name: `run ${seed}`, result, intervals, keys }
}

const verdictOf = (comparison: ReturnType<typeof compareRuns>, figure: string) =>
  comparison.rows.find((row) => row.figure === figure)?.verdict

describe('one run a side', () => {
  test('a run against itself is the same, with a ratio of 1', () => {
    const comparison = compareRuns([run(1)], [run(1)], how)
    expect(comparison.verdict).not.toBe('worse')
    expect(comparison.rows.find(({ figure }) => figure === 'responseTime.p50')).toMatchObject({
      change: 0,
      verdict: 'same',
    })
  })

  test('ten per cent more is found, ten per cent less is better', () => {
    const comparison = compareRuns([run(1)], [run(2, 1.1)], how)
    expect(comparison).toMatchObject({ method: 'seconds', verdict: 'worse' })
    expect(verdictOf(comparison, 'responseTime.p50')).toBe('worse')
    expect(failuresOf(comparison, [])).toContain('responseTime.p50 worse')
    expect(verdictOf(compareRuns([run(1)], [run(2, 0.9)], how), 'responseTime.p50')).toBe('better')
  })

  test('another seed alone alarms rarely', () => {
    const alarms = [1, 2, 3, 4, 5, 6].filter(
      (seed) => compareRuns([run(seed)], [run(seed + 100)], how).verdict === 'worse',
    )
    expect(alarms.length).toBeLessThanOrEqual(1)
  })

  test('runs that are too short are not judged, and p99.9 only from ten thousand transactions on', () => {
    expect(compareRuns([run(1, 1, 20)], [run(2, 2, 20)], how).verdict).toBe('tooFew')
    expect(verdictOf(compareRuns([run(1)], [run(2)], how), 'responseTime.p999')).toBe('tooFew')
  })

  test('says that one run a side says little', () => {
    const comparison = compareRuns([run(1)], [run(2, 1.1)], how)
    const text = printComparison({ comparison, failures: failuresOf(comparison, []) })
    expect(text).toMatch(/^FAIL responseTime.p50 worse/)
    expect(text).toContain('one run a side says nothing of the difference between runs')
    expect(
      checkJunit(printComparisonJunit({ comparison, failures: ['responseTime.p50 worse'] }, sample.startedAt)),
    ).toEqual([])
  })
})

describe('several runs a side', () => {
  const side = (from: number, slower = 1) => [0, 1, 2, 3].map((index) => run(from + index, slower, 12))

  test('are judged by ranks', () => {
    expect(compareRuns(side(1), side(11, 1.1), how)).toMatchObject({ method: 'runs', verdict: 'worse' })
    expect(compareRuns(side(1), side(11), how).verdict).not.toBe('worse')
  })

  test('fewer than four never fail a build', () => {
    expect(compareRuns(side(1).slice(1), side(11, 2), how).verdict).toBe('tooFew')
  })
})

describe('not comparable:', () => {
  const generator = { ...(sample.generator as NonNullable<Result['generator']>), saturated: true }
  const cases: readonly [string, ComparedRun, string][] = [
    ['a saturated run', run(2, 1, 60, { generator }), 'its generator was saturated'],
    ['an interrupted run', run(2, 1, 60, { interrupted: true }), 'it was interrupted'],
    ['another clock', run(2, 1, 60, { scenario: { ...sample.scenario, clock: 'virtual' } }), 'it ran in virtual time'],
    [
      'another load',
      run(2, 1, 60, { throughput: { offeredPerSecond: 120, answeredPerSecond: 120 } }),
      'it was offered 120.0/s',
    ],
    [
      'another scenario',
      {
        ...run(2, 1, 60, { scenario: { ...sample.scenario, sha256: 'x' } }),
        keys: new Map([...keys, ['terminals.count', '9']]),
      },
      'its scenario differs in terminals.count',
    ],
    ['a run without warm-up', { ...run(2), keys: new Map() }, 'it has no warm-up'],
  ]
  test.each(cases)('%s', (_, other, reason) => {
    const comparison = compareRuns([run(1)], [other], how)
    expect(comparison.verdict).toBe('notComparable')
    expect(comparisonLine({ comparison, failures: [] })).toContain(`FAIL not comparable: `)
    expect(comparison.reasons.join()).toContain(reason)
    expect(compareRuns([run(1)], [other], { ...how, force: true })).toMatchObject({ forced: true })
  })
})

describe('what fails a comparison', () => {
  const comparison = compareRuns([run(1)], [run(2, 1.3)], how)
  test('a bound that the whole interval exceeds', () => {
    expect(failuresOf(comparison, [parseFailIf('responseTime.p50 > +20%')])).toEqual(['responseTime.p50 > +20%'])
    expect(failuresOf(comparison, [parseFailIf('responseTime.p50 > +40%')])).toEqual([])
    expect(failuresOf(comparison, [parseFailIf('timelyRate worse')])).toEqual([])
  })
  test.each(['p99', 'responseTime.p98 worse', 'responseTime.p99 > +x', 'responseTime.p99 < +5%'])(
    '%s is refused',
    (text) => {
      expect(() => parseFailIf(text)).toThrow(/--fail-if/)
    },
  )
})
