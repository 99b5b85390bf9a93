// The short form of `npm run bench -- simulate`: random fault schedules in virtual time, crashes of both sides included.

import { expect, test } from 'vitest'
import { drawSchedule, type TroubleSchedule } from '../../bench/simulation/schedule.js'
import { shrink } from '../../bench/simulation/shrink.js'
import { type Simulated, simulate } from '../../bench/simulation/simulate-schedule.js'

const schedules = 100
const blocks = 10
const perBlock = schedules / blocks

for (let block = 0; block < blocks; block++) {
  test(`the books agree after every schedule, ${block * perBlock} to ${(block + 1) * perBlock - 1}`, async () => {
    const failed: Record<string, readonly string[]> = {}
    let [charged, crashes, reversals] = [0, 0, 0]
    for (let number = block * perBlock; number < (block + 1) * perBlock; number++) {
      const seed = `8583/${number}`
      const { problems, counts } = await simulate(drawSchedule(seed))
      if (problems.length > 0) failed[`npm run bench -- simulate --replay ${seed}`] = problems
      charged += counts.charged
      crashes += counts.crashes
      reversals += counts.reversals
    }
    expect(failed).toEqual({})
    // Schedules in which nothing happens would prove nothing.
    expect(charged).toBeGreaterThan(50)
    expect(crashes).toBeGreaterThan(1)
    expect(reversals).toBeGreaterThan(3)
  })
}

test('a host that has lost its working keys gets the reversal all the same: the terminal signs on again', async () => {
  const lost = { no_answer: {}, direction: 'answer', match: { mti: '0210' }, from: '0ms', for: '5s' }
  const { problems, counts } = await simulate({
    seed: '1',
    scenario: { name: 'keys lost', dialect: 'cup-pos', terminals: { timeout: '1s', mix: { sale: 1 } } },
    arrivals: [100],
    troubles: [
      { kind: 'fault', entry: lost },
      { kind: 'crash', who: 'acquirer', at: 1500, steps: 0, downMs: 100, resetsLinks: true, tornShare: 0 },
    ],
  })
  expect(problems).toEqual([])
  expect(counts).toMatchObject({ crashes: 1, reversals: 1, charged: 0 })
})

test('equal seeds take an equal course: four schedules, twice', async () => {
  for (let number = 0; number < 4; number++) {
    const seed = `again/${number}`
    const [one, other] = [await simulate(drawSchedule(seed)), await simulate(drawSchedule(seed))]
    expect(other).toEqual(one)
    expect(one.trace.length).toBeGreaterThan(5)
  }
})

test('a schedule that fails is cut down to what makes it fail', async () => {
  const crash = {
    kind: 'crash',
    who: 'terminal',
    at: 100,
    steps: 3,
    downMs: 10,
    resetsLinks: true,
    tornShare: 0,
  } as const
  const jump = { kind: 'clockJump', who: 'acquirer', byMs: 1, at: 0 } as const
  const troubles = [jump, { ...jump, at: 1 }, crash, { ...jump, at: 2 }]
  const counts = { transactions: 0, crashes: 0, reversals: 0, charged: 0, noVerdicts: 0, reached: {} }
  const run = async (schedule: TroubleSchedule): Promise<Simulated> => {
    const fails = schedule.troubles.includes(crash) && schedule.arrivals.includes(5)
    const isOther = schedule.arrivals.length < 3
    return { problems: fails ? ['wrong: terminal 00000001'] : isOther ? ['otherwise: wrong'] : [], trace: [], counts }
  }
  const { schedule } = await shrink({ seed: '1', scenario: {}, arrivals: [1, 2, 3, 4, 5, 6, 7], troubles }, run)
  expect(schedule).toMatchObject({ arrivals: [5], troubles: [crash] })
})
