import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { eachNode, processorsIn } from '../../bench/processor.js'
import { createQuiet } from '../../bench/quiet.js'

const calm = [1, 2]
const busy = [1, 3.3]

/** A machine whose gauge reads these in turn, the last for ever, and whose time passes only in sleep and work. */
function machineOf(readings: readonly (readonly number[])[]) {
  let read = 0
  let ms = 0
  return {
    gauge: async () => readings[Math.min(read++, readings.length - 1)] as readonly number[],
    now: () => ms,
    sleep: async (longer: number) => {
      ms += longer
    },
    work(longer: number) {
      ms += longer
      return ms
    },
  }
}

/** The best is known after eight readings. */
const known = Array.from({ length: 8 }, () => calm)

describe('a quiet moment', () => {
  test('is one in which every processor is about as fast as at its best, before and after', async () => {
    const machine = machineOf([...known, [1.1, 2.2]])
    const quiet = createQuiet(60_000, machine)
    expect(await quiet.measured(async () => machine.work(1000))).toBe(1000)
    expect(quiet.counts()).toEqual({ waitedMs: 0, takenAgain: 0, disturbed: 0 })
  })

  test('is waited for before anything is measured', async () => {
    const machine = machineOf([...known, busy, busy, calm])
    const quiet = createQuiet(60_000, machine)
    expect(await quiet.measured(async () => machine.work(1000))).toBe(1500)
    expect(quiet.counts()).toEqual({ waitedMs: 500, takenAgain: 0, disturbed: 0 })
  })

  test('that was over when the figure was there: it is measured again, whatever it was', async () => {
    const machine = machineOf([...known, calm, busy, calm, calm])
    const quiet = createQuiet(60_000, machine)
    const figures = [9000, 1]
    expect(await quiet.measured(async () => figures.shift())).toBe(1)
    expect(quiet.counts()).toEqual({ waitedMs: 0, takenAgain: 1, disturbed: 0 })
  })

  test('that never comes: the last of three figures stands, and is counted as disturbed', async () => {
    const machine = machineOf([...known, calm, busy, calm, busy, calm, busy])
    const quiet = createQuiet(60_000, machine)
    let tries = 0
    expect(await quiet.measured(async () => ++tries)).toBe(3)
    expect(quiet.counts()).toEqual({ waitedMs: 0, takenAgain: 2, disturbed: 1 })
    expect(quiet.words()).toBe('waited 0 s for quiet processors; 2 measurements taken again, 1 kept although disturbed')
  })

  test('is not waited for beyond the patience, all waits and all work in vain together', async () => {
    const machine = machineOf([...known, busy])
    const quiet = createQuiet(2000, machine)
    await quiet.measured(async () => machine.work(1000))
    expect(quiet.counts()).toEqual({ waitedMs: 2000, takenAgain: 0, disturbed: 1 })
    expect(await quiet.measured(async () => machine.work(1000))).toBe(4000)
    expect(quiet.counts()).toEqual({ waitedMs: 2000, takenAgain: 0, disturbed: 2 })
  })

  test('is judged anew when a processor turns out to be faster than it was', async () => {
    const machine = machineOf([...known.map(() => busy), calm, calm, busy, calm, calm])
    const quiet = createQuiet(60_000, machine)
    let tries = 0
    await quiet.measured(async () => ++tries)
    await quiet.measured(async () => ++tries)
    expect(quiet.counts()).toEqual({ waitedMs: 250, takenAgain: 0, disturbed: 0 })
  })

  test('is not asked for with a patience of 0', async () => {
    const quiet = createQuiet(0, { ...machineOf([]), gauge: () => Promise.reject(new Error('asked')) })
    expect(await quiet.measured(async () => 5)).toBe(5)
    expect(quiet.words()).toContain('--patience 0')
  })
})

test('Node starts on every processor that this process may use', () => {
  expect(eachNode.length).toBeGreaterThan(0)
  for (const [program, ...before] of eachNode)
    expect(spawnSync(program, [...before, '--version'], { encoding: 'utf8' }).stdout).toBe(`${process.version}\n`)
})

test('a list of processors is read as Linux writes it', () => {
  expect(processorsIn('0-2,7')).toEqual([0, 1, 2, 7])
  expect(processorsIn('3')).toEqual([3])
  expect(processorsIn('')).toEqual([])
})
