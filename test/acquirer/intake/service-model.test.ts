import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createServiceModel } from '../../../src/acquirer/intake/service-model.js'
import { logNormal } from '../../../src/base/distributions.js'
import { createRandom } from '../../../src/base/random.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'

interface Setup {
  readonly workers: number
  readonly queueLimit: number
  readonly arrivals: readonly number[]
  /** The service times of the accepted requests, in the order of their service. */
  readonly serviceTimes: readonly number[]
}

type Completions = (number | undefined)[]

/** When each request is complete in virtual time; undefined for one that is refused. */
function served({ workers, queueLimit, arrivals, serviceTimes }: Setup): Completions {
  const clock = createVirtualClock()
  const completions: Completions = arrivals.map(() => undefined)
  let drawn = 0
  const service = createServiceModel<number>({
    workers,
    queueLimit,
    serviceMs: () => serviceTimes[drawn++] as number,
    clock,
    complete: (index) => {
      completions[index] = clock.now()
    },
  })
  arrivals.forEach((at, index) => {
    clock.after(at, () => service.submit(index))
  })
  clock.run()
  const done = completions.filter((at) => at !== undefined).length
  expect(service.counts()).toMatchObject({ busy: 0, queued: 0, served: done, refused: arrivals.length - done })
  return completions
}

/** The same by definition: a request starts when fewer than `workers` of those accepted before it are unfinished. */
function naive({ workers, queueLimit, arrivals, serviceTimes }: Setup): Completions {
  const accepted: { start: number; end: number }[] = []
  return arrivals.map((at) => {
    const unfinished = accepted.filter(({ end }) => end > at).length
    const waiting = accepted.filter(({ start }) => start > at).length
    if (unfinished >= workers && waiting >= queueLimit) return undefined
    const freeAt = accepted.map(({ end }) => end).sort((a, b) => b - a)[workers - 1] ?? 0
    const start = Math.max(at, freeAt)
    const end = start + (serviceTimes[accepted.length] as number)
    accepted.push({ start, end })
    return end
  })
}

const anySetup = fc
  .record({
    workers: fc.integer({ min: 1, max: 5 }),
    queueLimit: fc.integer({ min: 0, max: 10 }),
    steps: fc.array(fc.record({ gap: fc.integer({ min: 0, max: 20 }), service: fc.integer({ min: 1, max: 60 }) }), {
      maxLength: 60,
    }),
  })
  .map(({ workers, queueLimit, steps }): Setup => {
    let at = 0
    return {
      workers,
      queueLimit,
      arrivals: steps.map(({ gap }) => {
        at += gap
        return at
      }),
      // Fractions that add up to no whole number, so that nothing is complete in the instant of an arrival.
      serviceTimes: steps.map(({ service }, index) => service + (index + 1) * 1e-4),
    }
  })

describe('the service model', () => {
  test('completes each request when a naive simulation does, and refuses the same ones', () => {
    fc.assert(
      fc.property(anySetup, (setup) => {
        const expected = naive(setup).map((at) => at?.toFixed(6))
        expect(served(setup).map((at) => at?.toFixed(6))).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  const cases = [
    { name: 'one worker: one after another', workers: 1, queueLimit: 9, expected: [10, 20, 30, 40] },
    { name: 'two workers: two at a time', workers: 2, queueLimit: 9, expected: [10, 10, 20, 20] },
    { name: 'enough workers: all at once', workers: 4, queueLimit: 0, expected: [10, 10, 10, 10] },
    {
      name: 'a line of one: the third is refused',
      workers: 1,
      queueLimit: 1,
      expected: [10, 20, undefined, undefined],
    },
    { name: 'no line', workers: 1, queueLimit: 0, expected: [10, undefined, undefined, undefined] },
  ]
  for (const { name, expected, ...capacity } of cases) {
    test(`four at the same time, 10 ms each, ${name}`, () => {
      expect(served({ ...capacity, arrivals: [0, 0, 0, 0], serviceTimes: [10, 10, 10, 10] })).toEqual(expected)
    })
  }

  test('completes inside submit, without a timer, when there is no service time', () => {
    const clock = createVirtualClock()
    const completed: string[] = []
    const service = createServiceModel<string>({
      workers: 1,
      queueLimit: 0,
      clock,
      complete: (request) => completed.push(request),
    })
    expect(['a', 'b', 'c'].map((request) => service.submit(request))).toEqual([true, true, true])
    expect(completed).toEqual(['a', 'b', 'c'])
    expect(clock.pending).toBe(0)
  })

  test('never has more timers than workers, and remembers the longest line', () => {
    const clock = createVirtualClock()
    const service = createServiceModel<number>({
      workers: 3,
      queueLimit: 100,
      serviceMs: () => 5,
      clock,
      complete: () => {},
    })
    for (let index = 0; index < 50; index++) service.submit(index)
    expect(clock.pending).toBe(3)
    expect(service.counts()).toEqual({ busy: 3, queued: 47, queueHighWater: 47, served: 0, refused: 0 })
    while (clock.step()) expect(clock.pending).toBeLessThanOrEqual(3)
    expect(service.counts()).toEqual({ busy: 0, queued: 0, queueHighWater: 47, served: 50, refused: 0 })
  })

  test('accepts a request from inside complete', () => {
    const clock = createVirtualClock()
    const completed: number[] = []
    const service = createServiceModel<number>({
      workers: 1,
      queueLimit: 1,
      serviceMs: () => 10,
      clock,
      complete: (index) => {
        completed.push(clock.now())
        if (index < 3) service.submit(index + 1)
      },
    })
    service.submit(1)
    clock.run()
    expect(completed).toEqual([10, 20, 30])
  })

  const lateTimers = [
    { name: 'gives a few milliseconds of lateness back', lateMs: 2, expected: [12, 22, 32] },
    { name: 'does no work in the time that the process was stopped', lateMs: 1000, expected: [1010, 2000, 2990] },
  ]
  for (const { name, lateMs, expected } of lateTimers) {
    test(`with timers that fire ${lateMs} ms late: ${name}`, () => {
      const clock = createVirtualClock()
      const completions: number[] = []
      const service = createServiceModel<number>({
        workers: 1,
        queueLimit: 9,
        serviceMs: () => 10,
        clock: { ...clock, after: (delayMs, action) => clock.after(delayMs + lateMs, action) },
        complete: () => completions.push(clock.now()),
      })
      for (let index = 0; index < 3; index++) service.submit(index)
      clock.run()
      expect(completions).toEqual(expected)
    })
  }

  test('a service time by p50 and p99 has that median and that tail', () => {
    const draw = logNormal({ p50: 40, p99: 180 }, createRandom('service'))
    const draws = Array.from({ length: 100_000 }, draw).sort((a, b) => a - b)
    expect(draws[50_000]).toBeGreaterThan(39)
    expect(draws[50_000]).toBeLessThan(41)
    expect(draws[99_000]).toBeGreaterThan(172)
    expect(draws[99_000]).toBeLessThan(188)
  })
})
