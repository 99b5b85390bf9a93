// When `npm run bench -- agreement` may say that virtual time tells what real time would.

import { describe, expect, test } from 'vitest'
import { agreementRow, type RealRun, shortcomingsOf } from '../../bench/agreement-verdict.js'

const run = (realMs: number, machineMs = 0.2, saturated = false): RealRun => ({ realMs, machineMs, saturated })
const busy = run(500, 400, true)
const nothing =
  'nothing can be said, 1 of 3 runs count and 2 must: in the others this machine was the bottleneck, so let it do nothing else or use more --rounds'

describe('a percentile of 10 ms in virtual time', () => {
  const cases: readonly { name: string; runs: readonly RealRun[]; holds: string; says: string[] }[] = [
    { name: 'holds when the median is near', runs: [run(10), run(11.9), run(90)], holds: 'yes', says: [] },
    { name: 'holds also when real time is faster', runs: [run(8.1), run(8.1)], holds: 'yes', says: [] },
    {
      name: 'does not hold when real time is later',
      runs: [run(12.1), run(12.2), run(12.3)],
      holds: 'no',
      says: [' differs: 12.20 ms in real time, 10.00 ms in virtual time, 0.20 ms of bare bytes'],
    },
    {
      name: 'does not hold when real time is earlier, however late bare bytes are',
      runs: [run(5, 50), run(5, 50)],
      holds: 'no',
      says: [' differs: 5.00 ms in real time, 10.00 ms in virtual time, 50.00 ms of bare bytes'],
    },
    {
      name: 'is not shown where it holds only less the machine',
      runs: [run(15, 3), run(15, 3), run(15, 3)],
      holds: 'less the machine',
      says: [
        ' is not shown on this machine, it holds only less what bare bytes take here: 15.00 ms in real time, 10.00 ms in virtual time, 3.00 ms of bare bytes',
      ],
    },
    {
      name: 'differs by more than bare bytes take',
      runs: [run(15, 2.9), run(15, 2.9)],
      holds: 'no',
      says: [' differs: 15.00 ms in real time, 10.00 ms in virtual time, 2.90 ms of bare bytes'],
    },
    { name: 'is judged by the runs that count', runs: [busy, run(10), run(10)], holds: 'yes', says: [] },
    {
      name: 'is not judged by one run',
      runs: [busy, busy, run(10)],
      holds: 'nothing can be said',
      says: [`: ${nothing}`],
    },
    { name: 'of no answers holds never', runs: [run(Number.NaN), run(Number.NaN)], holds: 'no', says: [' differs'] },
  ]
  for (const { name, runs, holds, says } of cases) {
    test(name, () => {
      const row = agreementRow({ scenario: 'a host', percentile: 'p99', virtualMs: 10 }, runs)
      expect(row.holds).toBe(holds)
      expect(shortcomingsOf([row])).toEqual(says.map((text) => expect.stringContaining(`a host, p99${text}`)))
    })
  }
})
