// A result with made-up, round figures, for the tests of the reports.

import type { Distribution, Result } from '../../src/measure/result.js'

export const empty: Distribution = {
  unit: 'ms',
  count: 0,
  min: null,
  mean: null,
  stdev: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  p999: null,
  p9999: null,
  max: null,
  hdrUnit: 'us',
  hdr: '',
}

export const times: Distribution = {
  ...empty,
  count: 990,
  min: 1,
  mean: 14.5,
  stdev: 3,
  p50: 12.25,
  p90: 20,
  p95: 40,
  p99: 412,
  p999: 1204,
  p9999: 1204,
  max: 1204,
}

const outcomes = { approved: 950, declined: 30, timedOut: 10, failed: 6, unsent: 4 }

export const sample: Result = {
  schema: 'isochron/result@1',
  tool: { name: 'isochron', version: '0.1.0', node: 'v20.20.2', platform: 'linux', cpus: 2 },
  scenario: { name: 'a|b', sha256: 'abc', seed: 42, remedies: [], clock: 'real' },
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:01:00.000Z',
  interrupted: false,
  offered: 1000,
  substituted: 0,
  outcomes,
  responseCodes: { '51': 30, '00': 950 },
  failures: { ECONNRESET: 6, 'queue full': 4 },
  responseTime: times,
  serviceTime: times,
  echoTime: empty,
  connectTime: { ...empty, count: 10, p50: 0.4, p90: 0.5, p95: 0.5, p99: 0.6, p999: 0.6, p9999: 0.6, max: 0.6 },
  timeToFunds: null,
  breakdown: {
    type: {
      sale: { offered: 800, outcomes: { ...outcomes, approved: 750 }, responseTime: times },
      balance: {
        offered: 200,
        outcomes: { approved: 200, declined: 0, timedOut: 0, failed: 0, unsent: 0 },
        responseTime: times,
      },
    },
    phase: { '1 hold 10/s': { offered: 1000, outcomes, responseTime: times } },
    merchant: {},
    target: {},
  },
  timeliness: { responseWithinMs: 3000, timelyRate: 0.98, fundsWithinMs: null, fundsTimelyRate: null },
  throughput: { offeredPerSecond: 16.7, answeredPerSecond: 16.3 },
  lateAnswers: 2,
  unmatched: { count: 1, examples: ['0210 STAN 000001: nobody waits for it'] },
  reversals: null,
  books: null,
  causes: null,
  generator: {
    lagMs: { p50: 0.1, p99: 1.2, max: 3 },
    eventLoopDelayMs: { p99: 11, max: 14 },
    terminalBusy: 0,
    saturated: false,
  },
  faults: null,
  timeline: [],
  thresholds: [
    { expression: 'responseTime.p99 < 800ms', actual: 412, met: true },
    { expression: 'timelyRate >= 99%', actual: 0.98, met: false },
    { expression: 'books.agree', actual: null, met: false },
  ],
  slowest: [
    {
      type: 'sale',
      terminal: '00000001',
      stan: '000007',
      phase: '1 hold 10/s',
      target: '127.0.0.1:1',
      outcome: 'approved',
      responseCode: '00',
      reason: null,
      intendedAt: 1000,
      startedAt: 1000,
      writtenAt: 1001,
      endedAt: 2204,
      cause: null,
      request: {},
      answer: {},
    },
  ],
}
