import { describe, expect, test } from 'vitest'
import { type Clock, realClock } from '../../src/base/clock.js'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock, type VirtualClock } from '../../src/base/virtual-clock.js'
import { loadSchema } from '../../src/load/options.js'
import { type DueArrival, type LoadEnd, runLoad } from '../../src/load/pacer.js'
import { planLoad } from '../../src/load/plan.js'

interface Handed extends DueArrival {
  readonly at: number
}

/** Runs a load and keeps what was handed over; `serve` decides what a transaction does. */
function start(load: unknown, clock: Clock, serve: (due: DueArrival, done: () => void) => void = (_, done) => done()) {
  const handed: Handed[] = []
  const lags: number[] = []
  const controller = new AbortController()
  const ended: { value?: LoadEnd; error?: unknown } = {}
  const promise = runLoad({
    plan: planLoad(loadSchema.parse(load), createRandom(1)),
    clock,
    startAt: clock.now() + 10,
    transact(due, done) {
      handed.push({ ...due, at: clock.now() })
      serve(due, () => done(due))
    },
    onLag: (lagMs) => lags.push(lagMs),
    signal: controller.signal,
    pacing: 'precise',
  }).then(
    (value) => {
      ended.value = value
    },
    (error: unknown) => {
      ended.error = error
    },
  )
  return { handed, lags, controller, ended, promise }
}

async function runVirtual(
  load: unknown,
  serve?: (clock: VirtualClock) => (due: DueArrival, done: () => void) => void,
  untilMs?: number,
) {
  const clock = createVirtualClock()
  const run = start(load, clock, serve?.(clock))
  clock.run(untilMs)
  await Promise.resolve()
  await Promise.resolve()
  return { ...run, clock }
}

describe('open arrivals', () => {
  test('are handed over when they are due, and the run lasts as long as its plan', async () => {
    const { handed, lags, ended } = await runVirtual([{ hold: { rate: '10/s', for: '1s' } }])
    expect(handed.map(({ at }) => Math.round(at))).toEqual([10, 110, 210, 310, 410, 510, 610, 710, 810, 910])
    expect(handed.every(({ at, intendedAt }) => at === intendedAt)).toBe(true)
    expect(lags).toEqual(new Array(10).fill(0))
    expect(ended.value).toEqual({ endedAt: 1010, offered: 10 })
  })

  test('keep their times while answers are slow: none waits for another', async () => {
    const never = () => () => {}
    const { handed } = await runVirtual([{ hold: { rate: '100/s', for: '2s' } }], never)
    expect(handed).toHaveLength(200)
  })

  test('keep their intended times when the generator is held up, catch up in a burst, and report the lag', async () => {
    const holdUp = (clock: VirtualClock) => {
      let calls = 0
      // A transaction that blocks the loop for half a second: time passes inside the call.
      return () => {
        if (++calls === 3) clock.run(clock.now() + 500)
      }
    }
    const { handed, lags, ended } = await runVirtual([{ hold: { rate: '10/s', for: '1s' } }], holdUp)
    expect(handed.map(({ intendedAt }) => intendedAt)).toEqual([10, 110, 210, 310, 410, 510, 610, 710, 810, 910])
    expect(handed.map(({ at }) => at)).toEqual([10, 110, 210, 710, 710, 710, 710, 710, 810, 910])
    expect(lags).toEqual([0, 0, 0, 400, 300, 200, 100, 0, 0, 0])
    expect(ended.value?.offered).toBe(10)
  })

  test('that are overdue at the end are still handed over', async () => {
    const holdUp = (clock: VirtualClock) => {
      let calls = 0
      return () => {
        if (++calls === 1) clock.run(clock.now() + 5000)
      }
    }
    const { ended } = await runVirtual([{ hold: { rate: '1000/s', for: '1s' } }], holdUp)
    expect(ended.value).toEqual({ endedAt: 5010, offered: 1000 })
  })

  test('that are overdue leave room for other events between bursts', async () => {
    const clock = createVirtualClock()
    const order: string[] = []
    let calls = 0
    start([{ hold: { rate: '1000/s', for: '1s' } }], clock, () => {
      order.push('arrival')
      if (++calls === 1) clock.run(clock.now() + 500)
      if (calls === 2) clock.after(0, () => order.push('socket'))
    })
    clock.run()
    expect(order.indexOf('socket')).toBeGreaterThan(1)
    expect(order.indexOf('socket')).toBeLessThan(70)
  })
})

describe('closed loops', () => {
  const three = [{ concurrency: { terminals: 3, for: '10s', think: '2s' }, merchant: 'M' }]
  const answerAfter = (ms: number) => (clock: VirtualClock) => (_: DueArrival, done: () => void) =>
    void clock.after(ms, done)

  test('present the next card a think time after the answer', async () => {
    const { handed, ended } = await runVirtual(three, answerAfter(500))
    expect(handed.map(({ at }) => at)).toEqual([10, 2510, 5010, 7510].flatMap((at) => [at, at, at]))
    expect(handed[0]).toMatchObject({ phase: '1 concurrency 3', merchant: 'M' })
    expect(ended.value).toEqual({ endedAt: 10_010, offered: 12 })
  })
  test('without think time go on as fast as answers come', async () => {
    const { ended } = await runVirtual([{ concurrency: { terminals: 2, for: '1s' } }], answerAfter(50))
    expect(ended.value?.offered).toBe(40)
  })
  test('that fail at once pause instead of failing for ever in one moment', async () => {
    const { ended } = await runVirtual([{ concurrency: { terminals: 2, for: '1s' } }])
    expect(ended.value).toEqual({ endedAt: 1010, offered: 2000 })
  })
  test('never have more under way than there are terminals, even when one ends twice', async () => {
    let [underWay, most] = [0, 0]
    const twice = (clock: VirtualClock) => (_: DueArrival, done: () => void) => {
      most = Math.max(most, ++underWay)
      clock.after(30, () => {
        underWay--
        done()
        done()
      })
    }
    const { ended } = await runVirtual([{ concurrency: { terminals: 5, for: '1s' } }], twice)
    expect(most).toBe(5)
    expect(ended.value?.offered).toBe(170)
  })
  test('that get no answer wait, and the phase ends without them', async () => {
    const { ended } = await runVirtual(three, () => () => {})
    expect(ended.value).toEqual({ endedAt: 10_010, offered: 3 })
  })
  test('run beside open arrivals, in order of time', async () => {
    const load = [{ hold: { rate: '2/s', for: '2s' } }, { concurrency: { terminals: 1, for: '2s' }, during: true }]
    const { handed } = await runVirtual(load, answerAfter(600))
    expect(handed.map(({ at, phase }) => `${at} ${phase[0]}`)).toEqual([
      '10 1',
      '10 2',
      '510 1',
      '610 2',
      '1010 1',
      '1210 2',
      '1510 1',
      '1810 2',
    ])
  })
})

describe('ending', () => {
  test('a stop ends the arrivals at once', async () => {
    const clock = createVirtualClock()
    const run = start([{ hold: { rate: '10/s', for: '10s' } }], clock)
    clock.run(1000)
    run.controller.abort()
    clock.run()
    await run.promise
    expect(run.ended.value).toEqual({ endedAt: 1000, offered: 10 })
    expect(run.handed).toHaveLength(10)
  })
  test('a stop before the start offers nothing', async () => {
    const signal = AbortSignal.abort()
    const plan = planLoad(loadSchema.parse([{ hold: { rate: '10/s', for: '10s' } }]), createRandom(1))
    const nothing = () => {}
    const end = await runLoad({
      plan,
      clock: createVirtualClock(),
      startAt: 0,
      transact: nothing,
      onLag: nothing,
      signal,
      pacing: 'economy',
    })
    expect(end).toEqual({ endedAt: 0, offered: 0 })
  })
  test('an error of the caller ends the load with it', async () => {
    const { ended } = await runVirtual([{ hold: { rate: '10/s', for: '1s' } }], () => () => {
      throw new Error('broken')
    })
    expect(ended.error).toEqual(new Error('broken'))
  })
})

test('in real time every arrival comes, none before its time, each with its intended time', async () => {
  const run = start([{ hold: { rate: '500/s', for: '200ms' } }], realClock)
  await run.promise
  expect(run.handed).toHaveLength(100)
  expect(run.handed.every(({ at, intendedAt }) => at >= intendedAt)).toBe(true)
  run.handed.forEach(({ intendedAt }, index) => {
    expect(intendedAt - (run.handed[0] as Handed).intendedAt).toBeCloseTo(index * 2, 6)
  })
})

/** The instants at which a load of 20,000/s hands over, and how long the clock was allowed to nap. */
async function pacedAt(pacing: 'balanced' | 'precise', rate: string) {
  const virtual = createVirtualClock()
  const [instants, naps] = [new Set<number>(), new Set<number | undefined>()]
  let latest = 0
  const clock: Clock = {
    ...virtual,
    precisely(delayMs, action, napMs) {
      naps.add(napMs?.())
      return virtual.precisely(delayMs, action)
    },
  }
  const load = runLoad({
    plan: planLoad(loadSchema.parse([{ hold: { rate, for: '1s' } }]), createRandom(1)),
    clock,
    startAt: 10,
    transact(due, done) {
      instants.add(clock.now())
      virtual.after(0.5, () => done(due))
    },
    onLag: (ms) => {
      latest = Math.max(latest, ms)
    },
    signal: new AbortController().signal,
    pacing,
  })
  virtual.run()
  await load
  return { instants: instants.size, latest, naps }
}

test('balanced hands close arrivals over together, a fifth of a millisecond apart, and others when they are due', async () => {
  const [close, apart] = [await pacedAt('balanced', '20000/s'), await pacedAt('balanced', '1000/s')]
  expect(close.instants).toBeLessThanOrEqual(5001)
  expect(close.latest).toBeLessThanOrEqual(0.2 + 1e-9)
  expect(apart).toMatchObject({ instants: 1000, latest: 0 })
  const precise = await pacedAt('precise', '20000/s')
  expect(precise).toMatchObject({ instants: 20_000, latest: 0 })
  expect([...precise.naps]).toEqual([undefined])
})

test('balanced that is behind keeps no beat until all that were due are handed over', async () => {
  const virtual = createVirtualClock()
  const at: number[] = []
  const load = runLoad({
    plan: planLoad(loadSchema.parse([{ hold: { rate: '20000/s', for: '200ms' } }]), createRandom(1)),
    clock: virtual,
    startAt: 10,
    transact(due, done) {
      at.push(virtual.now())
      if (at.length === 1) virtual.run(virtual.now() + 100)
      done(due)
    },
    onLag: () => {},
    signal: new AbortController().signal,
    pacing: 'balanced',
  })
  virtual.run()
  await load
  expect(at).toHaveLength(4000)
  expect(at.filter((ms) => ms === 110)).toHaveLength(2000)
})

/** So many answers in one event that takes 5 ms, with an arrival due in each: how many are handed over before the event after it. */
function handedBetween(answers: number): number {
  const virtual = createVirtualClock()
  let spentMs = 0
  const clock: Clock = { ...virtual, now: () => virtual.now() + spentMs }
  const awaited: (() => void)[] = []
  const controller = new AbortController()
  void runLoad({
    plan: planLoad(loadSchema.parse([{ hold: { rate: '1000/s', for: '1s' } }]), createRandom(1)),
    clock,
    startAt: 10,
    transact: (due, done) => void awaited.push(() => done(due)),
    onLag: () => {},
    signal: controller.signal,
    pacing: 'precise',
  })
  let handed = 0
  virtual.after(100.5, () => {
    const before = awaited.length
    spentMs = 5
    for (const answer of awaited.slice(0, answers)) answer()
    virtual.soon(() => {
      handed = awaited.length - before
    })
  })
  virtual.run(100.5)
  controller.abort()
  return handed
}

test('between many answers it is looked whether arrivals are overdue', () => {
  expect(handedBetween(40)).toBe(5)
  expect(handedBetween(4)).toBe(0)
})

test('balanced naps longer while no answer is awaited', async () => {
  const { naps } = await pacedAt('balanced', '1000/s')
  const [awaiting, idle] = [...naps].map(Number).sort((a, b) => a - b) as [number, number]
  expect(naps.size).toBe(2)
  expect(awaiting).toBeLessThanOrEqual(0.2)
  expect(idle).toBeLessThanOrEqual(1)
})

/** A load on a machine where each look at the clock takes a fifth of a millisecond: some 5,000 arrivals a second at the most. */
async function onSlowMachine(rate: string, seconds: number) {
  let now = 0
  const virtual = createVirtualClock()
  const clock: Clock = {
    ...virtual,
    now: () => {
      now += 0.2
      return now
    },
    after: (_delayMs, action) => virtual.after(0, action),
    precisely: (_delayMs, action) => virtual.after(0, action),
  }
  const seen = { lags: 0, leastLeftLag: Number.POSITIVE_INFINITY, handed: 0, left: 0, calls: 0, firstLeft: -1 }
  let end: LoadEnd | undefined
  const load = runLoad({
    plan: planLoad(loadSchema.parse([{ hold: { rate, for: `${seconds}s` } }]), createRandom(1)),
    clock,
    startAt: 0,
    transact(due, done) {
      seen.handed++
      done(due)
    },
    onLag(ms, _at, count = 1) {
      seen.lags += count
      if (seen.lags > seen.handed + count) seen.leastLeftLag = Math.min(seen.leastLeftLag, ms)
    },
    onNeverBegun(due, count) {
      if (seen.calls++ === 0) seen.firstLeft = due.intendedAt
      seen.left += count
    },
    signal: new AbortController().signal,
    pacing: 'precise',
  }).then((ended) => {
    end = ended
  })
  virtual.run()
  await load
  return { ...seen, endedAt: end?.endedAt ?? Number.NaN }
}

test('what a slow machine could not begin a second after the end is left out, and told with how late it is', async () => {
  const run = await onSlowMachine('100000/s', 1)
  expect(run.handed + run.left).toBe(100_000)
  expect(run.left).toBeGreaterThan(50_000)
  expect(run.lags).toBe(100_000)
  expect(run.firstLeft).toBeGreaterThan(0)
  expect(run.endedAt).toBeLessThan(2200)
})

test('a line that is longer than a second at the end of the plan ends with the plan, told by the millisecond', async () => {
  const run = await onSlowMachine('300000/s', 4)
  expect(run.handed + run.left).toBe(1_200_000)
  expect(run.lags).toBe(1_200_000)
  expect(run.endedAt).toBeLessThan(4100)
  expect(run.calls).toBeLessThanOrEqual(4000)
  // Nobody in a line is less late than its first.
  expect(run.leastLeftLag).toBeGreaterThan(3000)
})
