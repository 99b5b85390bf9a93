// Samples for the tests of this folder: an approved sale that took 100 ms, but for what is given.
// Its four instants differ, so that a figure that begins at the wrong one fails a test.

import type { Sample } from '../../src/measure/sample.js'

export function sampleOf(over: Partial<Sample> & { tookMs?: number } = {}): Sample {
  const { tookMs = 100, ...given } = over
  const intendedAt = given.intendedAt ?? 0
  return {
    type: 'sale',
    terminal: '00000001',
    merchant: 'M1',
    target: '127.0.0.1:8583',
    phase: '1 hold 10/s',
    stan: '000001',
    intendedAt,
    startedAt: intendedAt + 0.2 * tookMs,
    writtenAt: intendedAt + 0.3 * tookMs,
    endedAt: intendedAt + tookMs,
    outcome: 'approved',
    responseCode: '00',
    retryCode: false,
    reason: undefined,
    backPressure: false,
    tries: 1,
    firstCode: undefined,
    ...given,
  }
}
