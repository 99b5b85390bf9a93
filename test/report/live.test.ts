// The picture of a run under way: what it says, and that it fits every terminal.

import { describe, expect, test } from 'vitest'
import { displayWidth } from '../../src/report/layout/columns.js'
import { liveLine } from '../../src/report/live/line.js'
import type { RunningSnapshot, StartingSnapshot } from '../../src/report/live/snapshot.js'
import { createLiveView } from '../../src/report/live/view.js'
import { running, starting } from './live-samples.js'

describe('one plain line', () => {
  test('under load', () => {
    expect(liveLine({ ...running, faults: null })).toBe(
      '12s/1m  offered 1,200 (100/s)  approved 1,100  timedOut 3  in flight 97  p50 12.3 ms  p99 412 ms',
    )
    expect(liveLine(running)).toMatch(/ {2}faults stall$/)
  })
  test('before and after it', () => {
    expect(liveLine(starting)).toBe('starting 2s  signed on 100 of 200  connections made 140  failed 2')
    const nothing = { ...starting, done: 0, failed: 0, came: 'nothing came yet' }
    expect(liveLine(nothing)).toMatch(/signed on 0 of 200 {2}connections made 140 {2}nothing came yet$/)
    expect(liveLine({ ...starting, done: 198, waitingFor: 'the agreed start of the load' })).toContain(
      'waiting for the agreed start of the load',
    )
    expect(liveLine({ ...running, stage: 'warmup', elapsedMs: 3000 })).toMatch(/^3s\/1m warm-up/)
    expect(liveLine({ ...running, stage: 'draining', elapsedMs: 61_000 })).toMatch(/^61s\/1m draining/)
  })
})

describe('the picture', () => {
  test('says how far it is, what came of it, and whether it can be trusted', () => {
    expect(createLiveView().lines(running, { columns: 120 })).toEqual([
      '[====                ]  12s of 1m  48s left  in flight 97  asked 100/s  ended 99.5/s',
      'offered 1,200  approved 1,100  timedOut 3',
      'response time p50 12.3 ms  p99 412 ms  timely 98.82 %  failed+unsent 0 %',
      'p99 ▁  412 ms … 412 ms',
      '    ^',
      'codes 00: 1,090  51: 10',
      'faults now: stall',
      'generator keeps up  lag p99 0.40 ms  event loop p99 1.20 ms',
    ])
  })

  test('shows sign-on, warm-up and drain', () => {
    const lines = (live: RunningSnapshot | StartingSnapshot) =>
      createLiveView().lines(live, { columns: 120 }).join('\n')
    expect(lines(starting)).toBe(
      '[==========          ]  starting  2s  connected 140  signed on 100 of 200  failed 2\nwaiting for the sign-on of 98 more',
    )
    expect(lines({ ...running, stage: 'warmup', elapsedMs: 2000 })).toContain('warm-up for 3s more')
    expect(lines({ ...running, stage: 'draining', elapsedMs: 62_000 })).toContain('draining, at most 28s more')
    expect(lines({ ...running, lagP99: 300 })).toContain('generator IS LATE')
  })

  test('keeps the last seconds as bars, with marks where faults were', () => {
    const view = createLiveView()
    const p99s = [10, 10, 1000, 100, null]
    const pictures = p99s.map((p99, index) =>
      view.lines({ ...running, p99, faults: index === 2 ? ['stall'] : [] }, { columns: 80 }),
    )
    expect(pictures.at(-1)?.slice(3, 5)).toEqual(['p99 ▁▁█▄   10.0 ms … 1,000 ms', '      ^'])
  })

  const widths = Array.from({ length: 200 }, (_, index) => index + 1)
  test.each(widths)('fits %i columns', (columns) => {
    const view = createLiveView()
    const long = { ...running, faults: ['刷卡后未及时'.repeat(9), 'x'.repeat(300)] }
    const lines = Array.from({ length: 300 }, () => view.lines({ ...long }, { columns })).at(-1) ?? []
    for (const line of [...lines, ...view.lines(starting, { columns })])
      expect(displayWidth(line)).toBeLessThanOrEqual(columns)
  })

  test('fits few rows', () => {
    expect(createLiveView().lines(running, { columns: 80, rows: 4 })).toHaveLength(3)
  })
})
