// A line of evidence as a run writes it, for tests that show or choose some.

import type { EvidenceLine, StepName } from '../../../src/measure/evidence.js'

export const step = (name: StepName, afterMs: number) => {
  const at = Date.UTC(2026, 0, 5, 1, 0, 0) + Math.round(afterMs)
  const local = `${new Date(at + 8 * 3_600_000).toISOString().slice(0, -1)}+08:00`
  return { step: name, utc: new Date(at).toISOString(), local, afterMs }
}

/** A sale that timed out, was answered late, and was reversed. */
export const evidenceLine: EvidenceLine = {
  rrn: '600500000288',
  terminal: '00000020',
  merchant: '000000000000001',
  batch: '000001',
  stan: '000017',
  type: 'sale',
  amount: '412.65 CNY',
  phase: '1 hold 30/s',
  target: '127.0.0.1:8583',
  outcome: 'timedOut',
  code: null,
  codeMeaning: null,
  reason: null,
  tries: 1,
  firstCode: null,
  responseMs: 4000,
  withinMs: 3000,
  timelyResponse: false,
  timeZone: 'Asia/Shanghai',
  steps: [
    step('presented', 0),
    step('takenUp', 0),
    step('written', 1.5),
    step('gaveUp', 4000),
    step('owed', 4000),
    step('lateAnswer', 5200),
    step('sentAgain', 6000),
    step('sentAgain', 7000),
    step('acknowledged', 7040),
  ],
  request: { mti: '0200', fields: { '2': '620000******1003', '11': '000017', '55': { '9F26': '****************' } } },
  answer: null,
  lateAnswer: { mti: '0210', fields: { '37': '600500000288', '39': '00' } },
  reversal: { kind: 'reversal', state: 'acknowledged', tries: 2, code: '00' },
  payout: null,
  cause: { cause: 'host-slow', confidence: 0.93, evidence: ['echoes took 2 ms at the time, financial answers 4.1 s'] },
}
