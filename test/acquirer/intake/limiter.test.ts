import { describe, expect, test } from 'vitest'
import { createLimiter, type Limits } from '../../../src/acquirer/intake/limiter.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'

interface Arrival {
  readonly at: number
  readonly merchant: string
}

/** When each arrival went on, in virtual ms; 'full' for one that found its line full. */
function passed(limits: Limits, arrivals: readonly Arrival[], queueLimit = 1000) {
  const clock = createVirtualClock()
  const fates: (number | 'full' | undefined)[] = arrivals.map(() => undefined)
  const limiter = createLimiter<number>({
    ...{ limits, queueLimit, clock },
    release: (index) => {
      fates[index] = clock.now()
    },
  })
  arrivals.forEach(({ at, merchant }, index) => {
    clock.after(at, () => {
      const verdict = limiter.enter(index, merchant)
      if (verdict !== 'waits') fates[index] = verdict === 'full' ? 'full' : clock.now()
    })
  })
  clock.run()
  return { fates, counts: limiter.counts() }
}

const atOnce = (count: number, merchant: string, at = 0) => Array.from({ length: count }, () => ({ at, merchant }))

describe('a merchant at its limit', () => {
  test('waits in its own line, first come first served, at its rate', () => {
    const { fates, counts } = passed({ M1: 10 }, atOnce(4, 'M1'))
    expect(fates).toEqual([0, 100, 200, 300])
    expect(counts).toEqual({ waiting: 0, delayed: 3 })
  })

  test('may use a tenth of a second of its rate at once', () => {
    expect(passed({ M1: 50 }, atOnce(7, 'M1')).fates).toEqual([0, 0, 0, 0, 0, 20, 40])
  })

  test('gets no more over a long time, however it comes', () => {
    const arrivals = Array.from({ length: 20 }, (_, second) => atOnce(100, 'M1', second * 1000)).flat()
    const { fates } = passed({ M1: 40 }, arrivals, 5000)
    const inFirst20s = fates.filter((at) => typeof at === 'number' && at < 20_000).length
    expect(inFirst20s).toBeGreaterThanOrEqual(40 * 20)
    expect(inFirst20s).toBeLessThanOrEqual(40 * 20 + 4)
  })

  test('is told when its line is full', () => {
    expect(passed({ M1: 10 }, atOnce(4, 'M1'), 2).fates).toEqual([0, 100, 200, 'full'])
  })

  test('is in nobody else’s way', () => {
    const { fates } = passed({ M1: 1 }, [...atOnce(3, 'M1'), ...atOnce(3, 'M2')])
    expect(fates.slice(3)).toEqual([0, 0, 0])
  })
})

test('* limits each of the others, and not all of them together', () => {
  const limits = { M1: 1000, '*': 10 }
  const { fates } = passed(limits, [...atOnce(2, 'M2'), ...atOnce(2, 'M3'), ...atOnce(2, 'M1')])
  expect(fates).toEqual([0, 100, 0, 100, 0, 0])
})

test('what waits can be lost, and what comes afterwards is served', () => {
  const clock = createVirtualClock()
  const released: string[] = []
  const limiter = createLimiter<string>({
    ...{ limits: { M: 10 }, queueLimit: 10, clock },
    release: (item) => released.push(item),
  })
  for (const item of ['now', 'lost', 'lost too']) limiter.enter(item, 'M')
  expect(limiter.lose()).toEqual(['lost', 'lost too'])
  expect(limiter.enter('next', 'M')).toBe('waits')
  clock.run()
  expect(released).toEqual(['next'])
})
