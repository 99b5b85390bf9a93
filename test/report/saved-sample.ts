// A made-up run as its folder would hold it: with figures by second, faults, causes and evidence.

import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import type { EvidenceLine } from '../../src/measure/evidence.js'
import type { IntervalValues } from '../../src/measure/latency/interval-log.js'
import type { Distribution, Result, TimelineRow } from '../../src/measure/result.js'
import type { SavedRun } from '../../src/report/saved-run.js'
import { sample } from './sample-result.js'

/** A distribution with a histogram of these times, each a millisecond value and how often it came. */
export function distributionOf(values: readonly (readonly [ms: number, count: number])[]): Distribution {
  const histogram = build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 })
  for (const [ms, count] of values) histogram.recordValueWithCount(ms * 1000, count)
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000
  return {
    ...sample.responseTime,
    count: histogram.totalCount,
    ...{ min: values[0]?.[0] ?? null, p50: at(50), p90: at(90), p95: at(95), p99: at(99), p999: at(99.9) },
    ...{ p9999: at(99.99), max: values.at(-1)?.[0] ?? null },
    hdr: encodeIntoCompressedBase64(histogram),
  }
}

export function timelineOf(seconds: number): readonly TimelineRow[] {
  return Array.from({ length: seconds }, (_, atSecond) => ({
    atSecond,
    offered: 17,
    ...{ approved: 15, declined: 1, timedOut: atSecond % 10 === 0 ? 1 : 0, failed: 0, unsent: 0, timely: 16 },
    ...{ p50: 12 + (atSecond % 7), p99: 300 + atSecond, max: 400 + atSecond, lagP99: 0.4, echoP50: 3 },
    inFlight: 4,
    faults: atSecond >= 20 && atSecond < 30 ? ['stall'] : [],
  }))
}

export function intervalsOf(seconds: number): readonly IntervalValues[] {
  return Array.from({ length: seconds }, (_, atSecond) => ({
    atSecond,
    seconds: 1,
    count: 17,
    ms: Float64Array.of(12, 40, 300 + atSecond),
    counts: Float64Array.of(15, 1, 1),
  }))
}

const responseTime = distributionOf([
  [12, 900],
  [40, 80],
  [1204, 10],
])

export const savedResult: Result = {
  ...sample,
  responseTime,
  serviceTime: distributionOf([
    [11, 980],
    [40, 10],
  ]),
  causes: [
    {
      cause: 'host-slow',
      count: 12,
      share: 0.6,
      confidence: 0.9,
      evidence: ['the transaction took 1.2 s'],
      remedy: 'a faster host',
    },
  ],
  faults: [{ name: 'stall', on: 'acquirer', kind: 'stall', applied: 40 }],
  failover: { count: 1, first: [{ atMs: 25_000, from: '127.0.0.1:1', to: '127.0.0.1:2', why: 'silence' }] },
  timeline: timelineOf(60),
}

const step = (name: EvidenceLine['steps'][number]['step'], afterMs: number) => {
  const utc = new Date(Date.parse(sample.startedAt) + 1000 + afterMs).toISOString()
  return { step: name, utc, local: utc, afterMs }
}

export const savedRun: SavedRun = {
  result: savedResult,
  intervals: intervalsOf(60),
  slowest: [
    {
      ...{ rrn: null, terminal: '00000001', merchant: 'M1', batch: null, stan: '000007', type: 'sale', amount: null },
      ...{ phase: '1 hold 10/s', target: '127.0.0.1:1', outcome: 'timedOut', code: null, codeMeaning: null },
      ...{ reason: null, tries: 1, firstCode: null, responseMs: 1204, withinMs: 1000, timelyResponse: false },
      timeZone: 'UTC',
      steps: [
        step('presented', 0),
        step('takenUp', 200),
        step('written', 230),
        step('gaveUp', 1204),
        step('owed', 1204),
        step('sentAgain', 1210),
        step('acknowledged', 1500),
      ],
      ...{ request: {}, answer: null, lateAnswer: null },
      reversal: { kind: 'reversal', state: 'acknowledged', tries: 1, code: '00' },
      payout: null,
      cause: { cause: 'host-slow', confidence: 0.9, evidence: [] },
    },
  ],
  scenario: 'name: a|b\nload:\n  - { hold: { rate: 17/s, for: 60s } }\n',
}
