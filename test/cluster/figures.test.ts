// Figures on their way over a bus: what is cut once a second adds up to the whole, to the last bit of every histogram.

import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { createRecorder } from '../../src/measure/latency/recorder.js'
import type { PartRecord } from '../../src/measure/part-record.js'
import type { Sample } from '../../src/measure/sample.js'
import { differenceOf, packDelta, packFinal, TallyFold } from '../../src/run/bus/figures.js'

const outcomes = ['approved', 'declined', 'timedOut', 'failed', 'unsent'] as const
const sampleOf = ([at, ms, outcome, merchant]: readonly [number, number, number, number]): Sample => {
  const kind = outcomes[outcome] as Sample['outcome']
  const isSent = kind !== 'unsent'
  return {
    ...{ type: 'sale', terminal: 't', phase: '1 hold', merchant: `M${merchant}`, target: 'h', stan: undefined },
    ...{ intendedAt: at, startedAt: isSent ? at : undefined, writtenAt: isSent ? at + 1 : undefined, endedAt: at + ms },
    ...{ outcome: kind, responseCode: kind === 'approved' ? '00' : undefined, retryCode: false, reason: undefined },
    ...{ backPressure: false, tries: 1, firstCode: undefined },
  }
}
const fold = () => new TallyFold({ measureFromMs: 1000, timelyWithinMs: 3000 })
const recording = () => createRecorder({ startedAt: 0, measureFrom: 1000, timelyWithinMs: 3000, cuts: true })

const samples = fc.array(
  fc.tuple(fc.integer({ min: 0, max: 90_000 }), fc.integer({ min: 1, max: 40_000 }), fc.nat(4), fc.nat(9)),
  { maxLength: 60 },
)

test('any samples, cut anywhere, add up to what one recorder has', () => {
  fc.assert(
    fc.property(samples, fc.array(fc.nat(60), { maxLength: 6 }), (drawn, cuts) => {
      const recorder = recording()
      const folded = fold()
      const cut = () => folded.delta(packDelta({ handed: 0, ended: 0, tally: recorder.cut(), live: undefined }))
      drawn.forEach((each, index) => {
        recorder.inFlight(1, each[0])
        recorder.record(sampleOf(each))
        recorder.inFlight(-1, each[0] + each[1])
        if (cuts.includes(index)) cut()
      })
      cut()
      try {
        const [sums, whole] = [folded.tally(), recorder.tally()]
        expect(differenceOf(sums, whole)).toBeUndefined()
        expect(sums.responseTime).toEqual(whole.responseTime)
        const counted = ({ timeline }: typeof whole) =>
          timeline.filter(({ outcomes: row }) => Object.values(row).some((count) => count > 0))
        expect(counted(sums).map(({ atSecond, outcomes: row, timely }) => ({ atSecond, row, timely }))).toEqual(
          counted(whole).map(({ atSecond, outcomes: row, timely }) => ({ atSecond, row, timely })),
        )
      } finally {
        folded.destroy()
        recorder.destroy()
      }
    }),
    { numRuns: 15 },
  )
})

test('a whole that differs from its deltas is refused, by the figure', () => {
  const recorder = recording()
  const folded = fold()
  afterAll(() => folded.destroy())
  recorder.record(sampleOf([2000, 5, 0, 1]))
  folded.delta(packDelta({ handed: 1, ended: 1, tally: recorder.cut(), live: undefined }))
  recorder.record(sampleOf([3000, 5, 1, 1]))
  const part = {
    ...{ schema: 'isochron/part@1', share: { index: 0, of: 2 }, place: { host: 'h', pid: 1, cpus: 2 } },
    ...{ tool: { version: '1' }, scenario: { name: 's', sha256: 'x', seed: 1, remedies: [] } },
    ...{ startedAtWall: 1, endedAtWall: 2, interrupted: false, planned: 2, loadEndedMs: 1, tally: recorder.tally() },
    observations: {
      ...{ transactions: [], echoes: [], connects: [], downs: [], answers: [], gaps: [], terminals: [] },
      bins: { widthMs: 1 },
    },
  } as unknown as PartRecord
  const final = packFinal({ part, clock: { offsetMs: 0, uncertaintyMs: 0, driftMs: null } })
  expect(() => folded.final(final)).toThrow('differ from those that it sent before: outcomes')
  folded.delta(packDelta({ handed: 2, ended: 2, tally: recorder.cut(), live: undefined }))
  folded.final(final)
  expect(folded.whole?.part.planned).toBe(2)
  recorder.destroy()
})

test.each([
  ['no deflate', new Uint8Array([1, 2, 3])],
  ['another shape', packDelta({ handed: -1, ended: 0 } as never)],
])('%s is no delta', (_, bytes) => {
  const folded = fold()
  expect(() => folded.delta(bytes)).toThrow(/cannot be unpacked|not a delta/)
  folded.destroy()
})
