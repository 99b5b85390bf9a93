import fc from 'fast-check'
import { afterEach, describe, expect, test } from 'vitest'
import { maxBreakdownKeys, otherKey } from '../../../src/measure/breakdown.js'
import { createRecorder, type Recorder, type RecorderOptions } from '../../../src/measure/latency/recorder.js'
import { maxSlowest } from '../../../src/measure/latency/slowest.js'
import { outcomes, type Sample } from '../../../src/measure/sample.js'
import { figures, timelineRow } from '../../../src/measure/summary.js'
import { maxWords } from '../../../src/measure/tally.js'
import { sampleOf } from '../sample-of.js'

const open: Recorder[] = []
function recorder(options: Partial<RecorderOptions> = {}): Recorder {
  const made = createRecorder({ startedAt: 0, timelyWithinMs: 3000, ...options })
  open.push(made)
  return made
}
afterEach(() => {
  for (const each of open.splice(0)) each.destroy()
})

const context = { loadEndedMs: 10_000, eventLoopDelay: { p99Ms: 1, maxMs: 2 } }
const figuresOf = (each: Recorder) => {
  const tally = each.tally()
  return { ...figures(tally, context), timeline: tally.timeline.map(timelineRow) }
}

const anySample = fc
  .record({
    type: fc.constantFrom('sale', 'balance'),
    merchant: fc.constantFrom('M1', 'M2', '__proto__'),
    phase: fc.constantFrom('1 ramp 1-2/s', '2 hold 2/s'),
    intendedAt: fc.integer({ min: 0, max: 20_000 }),
    tookMs: fc.integer({ min: 0, max: 40_000_000 }).map((us) => us / 1000),
    outcome: fc.constantFrom(...outcomes),
    responseCode: fc.constantFrom('00', '51', '91'),
    retryCode: fc.boolean(),
    backPressure: fc.boolean(),
  })
  .map(sampleOf)
const samples = fc.array(anySample, { maxLength: 60 })

describe('figures', () => {
  test('outcomes sum to offered, in the whole, in every breakdown and over the timeline', () => {
    fc.assert(
      fc.property(samples, (recorded) => {
        const each = recorder()
        for (const sample of recorded) each.record(sample)
        const { offered, outcomes: counts, breakdown, timeline, responseTime } = figuresOf(each)
        const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0)
        expect(offered).toBe(recorded.length)
        expect(sum(Object.values(counts))).toBe(offered)
        for (const rows of Object.values(breakdown)) {
          expect(sum(Object.values(rows).map((row) => row.offered))).toBe(offered)
          expect(sum(Object.values(rows).map((row) => row.timely))).toBe(each.tally().timely)
          expect(sum(Object.values(rows).map((row) => row.responseTime.count))).toBe(responseTime.count)
        }
        expect(sum(timeline.map((row) => row.offered))).toBe(offered)
        expect(responseTime.count).toBe(counts.approved + counts.declined + counts.timedOut)
      }),
      { numRuns: 40 },
    )
  })

  const cases: {
    name: string
    sample: Partial<Sample> & { tookMs?: number }
    response: number
    service: number
    timely: number
  }[] = [
    { name: 'approved', sample: {}, response: 1, service: 1, timely: 1 },
    { name: 'approved too late', sample: { tookMs: 3001 }, response: 1, service: 1, timely: 0 },
    {
      name: 'declined for good',
      sample: { outcome: 'declined', responseCode: '51' },
      response: 1,
      service: 1,
      timely: 1,
    },
    {
      name: 'declined with a code that decides nothing',
      sample: { outcome: 'declined', retryCode: true },
      response: 1,
      service: 1,
      timely: 0,
    },
    { name: 'timed out', sample: { outcome: 'timedOut', tookMs: 30_000 }, response: 1, service: 0, timely: 0 },
    { name: 'failed', sample: { outcome: 'failed', reason: 'ECONNRESET' }, response: 0, service: 0, timely: 0 },
    { name: 'unsent', sample: { outcome: 'unsent', writtenAt: undefined }, response: 0, service: 0, timely: 0 },
  ]
  for (const { name, sample, response, service, timely } of cases) {
    test(`of a transaction ${name}`, () => {
      const each = recorder()
      each.record(sampleOf(sample))
      const { responseTime, serviceTime, timeliness } = figuresOf(each)
      expect([responseTime.count, serviceTime.count, timeliness.timelyRate]).toEqual([response, service, timely])
    })
  }

  test('of nothing are null where they are shares, rates or times', () => {
    const { offered, timeliness, responseTime, timeline, generator } = figuresOf(recorder())
    expect([offered, timeliness.timelyRate, responseTime.p99, timeline]).toEqual([0, null, null, []])
    expect(generator).toMatchObject({ lagMs: { p99: null }, saturated: false })
  })

  test('response time starts at the intended time, service time when the request was written', () => {
    const each = recorder()
    each.record(sampleOf({ intendedAt: 1000, startedAt: 3000, writtenAt: 3010, endedAt: 3050 }))
    const { responseTime, serviceTime } = figuresOf(each)
    expect([responseTime.max, serviceTime.max]).toEqual([2050, 40])
  })

  test('throughput counts what was offered over the load, and answers until the last of them came', () => {
    const each = recorder({ measureFrom: 5000 })
    for (let index = 0; index < 10; index++) each.record(sampleOf({ intendedAt: 5000 + index, endedAt: 15_000 }))
    expect(figuresOf(each).throughput).toEqual({ offeredPerSecond: 2, answeredPerSecond: 1 })
  })

  test('reasons of what failed or was not sent, response codes, late, unmatched, busy and substituted are counted', () => {
    const each = recorder()
    each.record(sampleOf({ outcome: 'failed', reason: 'ECONNRESET', responseCode: undefined }))
    each.record(sampleOf({ outcome: 'unsent', reason: 'queue full', responseCode: undefined }))
    each.record(sampleOf({ outcome: 'declined', responseCode: '51' }))
    each.late()
    each.busy()
    each.backPressed(0)
    each.substituted()
    for (let index = 0; index < 9; index++) each.unmatched(`no exchange with key ${index}`)
    expect(figuresOf(each)).toMatchObject({
      failures: { ECONNRESET: 1, 'queue full': 1 },
      responseCodes: { '51': 1 },
      lateAnswers: 1,
      substituted: 1,
      generator: { terminalBusy: 1, backPressure: 1, clamped: 0 },
      unmatched: { count: 9, examples: [0, 1, 2, 3, 4].map((index) => `no exchange with key ${index}`) },
    })
  })

  test('in virtual time have no generator', () => {
    expect(figures(recorder().tally(), { loadEndedMs: 1000, eventLoopDelay: null }).generator).toBeNull()
  })
})

test('arrivals that never began, told many at once, are in every figure as if told one by one', () => {
  const [together, oneByOne] = [recorder({ metered: true, cuts: true }), recorder({ metered: true, cuts: true })]
  const sample = sampleOf({ intendedAt: 1500, outcome: 'unsent', type: 'none', reason: 'too slow' })
  together.neverBegun(sample, 1000)
  together.lag(2345.6, 1500, 1000)
  for (let index = 0; index < 1000; index++) {
    oneByOne.record(sample)
    oneByOne.lag(2345.6, 1500)
  }
  expect(together.tally()).toEqual(oneByOne.tally())
  expect(together.cut()).toEqual(oneByOne.cut())
  expect(together.snapshot(3000)).toEqual(oneByOne.snapshot(3000))
})

describe('the warm-up', () => {
  test('is in no figure: what was to begin before its end counts nowhere, whenever it ended', () => {
    const [warm, cold] = [recorder({ measureFrom: 5000 }), recorder({ measureFrom: 5000 })]
    for (const intendedAt of [0, 4999.9]) {
      warm.record(sampleOf({ intendedAt, endedAt: 40_000 }))
      warm.record(sampleOf({ intendedAt, outcome: 'unsent' }))
      warm.lag(70, intendedAt)
      warm.echo(9, intendedAt)
      warm.late(intendedAt)
      warm.busy(intendedAt)
      warm.backPressed(intendedAt)
      warm.substituted(intendedAt)
      warm.unmatched('early', intendedAt)
    }
    for (const each of [warm, cold]) each.record(sampleOf({ intendedAt: 5000 }))
    expect(warm.tally()).toEqual(cold.tally())
  })
  test('counts connections, most of which open in it', () => {
    const each = recorder({ measureFrom: 5000 })
    each.connect(3)
    expect(figuresOf(each).connectTime).toMatchObject({ count: 1, max: 3 })
  })
  test('is seen by the live view, but not in its counts', () => {
    const each = recorder({ measureFrom: 5000 })
    each.record(sampleOf({ intendedAt: 100, tookMs: 40 }))
    each.inFlight(3, 100)
    expect(each.snapshot(2000)).toMatchObject({ offered: 0, perSecond: 0.5, p50: 40, max: 40, inFlight: 3 })
    expect(each.snapshot(3000)).toMatchObject({ offered: 0, perSecond: 0, p50: null, inFlight: 3 })
  })
})

describe('limits', () => {
  test('a breakdown counts the keys beyond its limit together', () => {
    const each = recorder()
    for (let index = 0; index < 100; index++) each.record(sampleOf({ merchant: `M${index}` }))
    const { merchant } = figuresOf(each).breakdown
    expect(Object.keys(merchant)).toHaveLength(maxBreakdownKeys)
    expect(merchant[otherKey]?.offered).toBe(100 - (maxBreakdownKeys - 1))
  })
  test('codes of a peer that invents them are counted together', () => {
    const each = recorder()
    for (let index = 0; index < 1000; index++) each.record(sampleOf({ responseCode: `X${index}` }))
    const { responseCodes } = figuresOf(each)
    expect(Object.keys(responseCodes)).toHaveLength(maxWords)
    expect(responseCodes.other).toBe(1000 - (maxWords - 1))
  })
})

describe('the slowest', () => {
  test('are kept slowest first, and evidence is asked for only when it is kept', () => {
    const each = recorder()
    let asked = 0
    let made = 0
    const evidence = () => {
      asked++
      return () => ({ request: { mti: '0200' }, answer: ++made })
    }
    const took = Array.from({ length: 200 }, (_, index) => (index * 37) % 200)
    for (const tookMs of took) {
      const sample = sampleOf({ tookMs })
      const before = asked
      const wouldKeep = each.wouldKeep(sample)
      each.record(sample, evidence)
      expect(asked > before).toBe(wouldKeep)
    }
    const { slowest } = figuresOf(each)
    expect(slowest.map(({ endedAt }) => endedAt)).toEqual(Array.from({ length: maxSlowest }, (_, index) => 199 - index))
    expect(slowest[0]).toMatchObject({ request: { mti: '0200' }, cause: null })
    each.tally()
    expect(made).toBe(maxSlowest)
  })
  test('have their times since the start of the run', () => {
    const each = recorder({ startedAt: 1000.5 })
    each.record(sampleOf({ intendedAt: 1500.5, writtenAt: undefined, endedAt: 31_500.5, outcome: 'timedOut' }))
    expect(figuresOf(each).slowest[0]).toMatchObject({
      intendedAt: 500,
      writtenAt: null,
      endedAt: 30_500,
      answer: null,
    })
  })
  test('never hold what failed or was not sent', () => {
    const each = recorder()
    each.record(sampleOf({ outcome: 'failed', tookMs: 60_000 }))
    each.record(sampleOf({ outcome: 'unsent', tookMs: 60_000 }))
    expect(figuresOf(each).slowest).toEqual([])
  })
})

describe('what workers recorded, put together', () => {
  const feed = (each: Recorder, recorded: readonly Sample[]) => {
    for (const sample of recorded) {
      each.record(sample)
      each.lag(sample.endedAt % 7, sample.intendedAt)
    }
  }
  const merged = (workers: readonly Recorder[]) => {
    const whole = recorder()
    for (const worker of workers) whole.add(JSON.parse(JSON.stringify(plain(worker.tally())), revived))
    return whole
  }
  // Bytes of intervals do not survive JSON by themselves.
  const plain = (tally: unknown): unknown =>
    JSON.parse(JSON.stringify(tally, (_, value) => (value instanceof Uint8Array ? { b: [...value] } : value)))
  const revived = (_: string, value: { b?: number[] } | null) =>
    value !== null && typeof value === 'object' && Array.isArray(value.b) ? Uint8Array.from(value.b) : value

  test('equals recording together, to the last bit, in any order', () => {
    fc.assert(
      fc.property(fc.array(samples, { minLength: 1, maxLength: 4, size: 'max' }), (parts) => {
        const workers = parts.map((recorded) => {
          const each = recorder()
          feed(each, recorded)
          return each
        })
        const together = recorder()
        feed(together, parts.flat())
        const whole = figuresOf(merged(workers))
        expect(whole).toEqual(figuresOf(together))
        expect(figuresOf(merged(workers.reverse())).responseTime).toEqual(whole.responseTime)
        for (const each of open.splice(0)) each.destroy()
      }),
      { numRuns: 15 },
    )
  })
  test('has every key of a breakdown, whoever saw it first', () => {
    const [one, two] = [recorder(), recorder()]
    const merchants = Array.from({ length: 80 }, (_, index) => `M${String(index).padStart(3, '0')}`)
    for (const merchant of merchants) one.record(sampleOf({ merchant }))
    for (const merchant of [...merchants].reverse()) two.record(sampleOf({ merchant }))
    const { merchant } = figuresOf(merged([one, two])).breakdown
    expect(Object.keys(merchant)).toHaveLength(maxBreakdownKeys)
    expect(merchant.M000?.offered).toBe(2)
    expect(merchant[otherKey]?.offered).toBe(2 * (80 - (maxBreakdownKeys - 1)))
  })
  test('was under way at once as often as is certain, and never more often than the sum of the most', () => {
    const [one, two] = [recorder(), recorder()]
    one.inFlight(50, 100)
    one.inFlight(-50, 200)
    two.inFlight(50, 300)
    two.inFlight(-20, 400)
    for (const each of [one, two]) each.inFlight(10, 1100)
    expect(figuresOf(merged([one, two])).timeline).toMatchObject([
      { inFlight: 50, inFlightAtMost: 100 },
      { inFlight: 40, inFlightAtMost: 50 },
    ])
  })
  test('counts what lay outside the range of a histogram', () => {
    const one = recorder()
    one.lag(-1, 0)
    expect(merged([one, one]).tally().clamped).toBe(2)
  })
})

describe('the headline figures', () => {
  const late = sampleOf({ intendedAt: 0, startedAt: 2500, writtenAt: 2600, endedAt: 3100 })

  test('count from the intended time: a request that waited for its turn is late', () => {
    const each = recorder({ timelyWithinMs: 3000 })
    each.record(late)
    const { timely } = each.tally()
    expect(timely).toBe(0)
    expect(figuresOf(each).responseTime.p50).toBeCloseTo(3100, -1)
  })

  test('service time counts from the moment when the request was written', () => {
    const each = recorder()
    each.record(late)
    expect(figuresOf(each).serviceTime.p50).toBeCloseTo(500, 0)
  })

  test('p99.99 is told from p99.9: the ten slowest of 10,000 take ten times as long', () => {
    const each = recorder()
    for (let index = 1; index <= 10_000; index++) each.record(sampleOf({ tookMs: index > 9990 ? 10 * index : index }))
    const { p999, p9999 } = figuresOf(each).responseTime
    expect(Math.abs((p999 as number) - 9990)).toBeLessThan(20)
    expect(Math.abs((p9999 as number) - 99_990)).toBeLessThan(200)
  })

  test('percentiles of 10,000 known values are those values', () => {
    const each = recorder()
    // 7919 shares no factor with 10,000: every value from 1 to 10,000 comes once, in no order.
    for (let index = 0; index < 10_000; index++) {
      const tookMs = ((index * 7919) % 10_000) + 1
      each.record(sampleOf({ intendedAt: index / 1000, tookMs }))
    }
    const { p50, p90, p95, p99, p999, p9999, min, max } = figuresOf(each).responseTime
    const known = { min: 1, p50: 5000, p90: 9000, p95: 9500, p99: 9900, p999: 9990, p9999: 9999, max: 10_000 }
    const found: Record<string, number | null> = { min, p50, p90, p95, p99, p999, p9999, max }
    for (const [name, value] of Object.entries(known)) {
      // Three digits of an HdrHistogram: p99.9 is told from p99.99 by no more than 9 ms of 10 s.
      expect(Math.abs((found[name] as number) - value), `${name} is ${found[name]}`).toBeLessThanOrEqual(
        value / 1000 + 0.1,
      )
    }
  })
})
