// Those that wait for their money: the same as a map would have them, in memory and on disk.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Awaited, type FundsKey } from '../../../src/measure/money/awaited.js'
import { memorySpill } from './memory-spill.js'

const anyKey: fc.Arbitrary<FundsKey> = fc.record({
  terminal: fc.constantFrom('T1', 'T2'),
  batch: fc.constantFrom('', '1', '000001'),
  stan: fc.oneof(
    fc.integer({ min: 1, max: 60 }).map((stan) => String(stan).padStart(6, '0')),
    fc.constantFrom('1', 'AB', ''),
  ),
})
const anyStep = fc.oneof(
  { arbitrary: fc.record({ add: anyKey, at: fc.double({ noNaN: true }) }), weight: 5 },
  { arbitrary: fc.record({ take: anyKey }), weight: 4 },
  { arbitrary: fc.record({ isFull: fc.boolean() }), weight: 1 },
)
const tiny = { places: 8, kept: 1 }
const textOf = ({ terminal, batch, stan }: FundsKey) => `${terminal} ${batch} ${stan}`
const key = (stan: number): FundsKey => ({ terminal: 'T1', batch: '1', stan: String(stan).padStart(6, '0') })

describe('those that wait', () => {
  test('are found by name with their time, once, whatever the disk does', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 120 }), (steps) => {
        const spill = memorySpill()
        const awaited = new Awaited({ ...tiny, spill })
        const model = new Map<string, number>()
        for (const step of steps) {
          if ('isFull' in step) spill.isFull = step.isFull
          else if ('take' in step) {
            expect(awaited.take(step.take)).toBe(model.get(textOf(step.take)))
            model.delete(textOf(step.take))
          } else if (!model.has(textOf(step.add))) {
            awaited.add(step.add, step.at)
            model.set(textOf(step.add), step.at)
          }
          expect(awaited.size).toBe(model.size)
        }
      }),
    )
  })

  test('use the disk for the waiting, and not for all that ever waited', () => {
    const spill = memorySpill()
    const awaited = new Awaited({ places: 64, kept: 1, spill })
    for (let stan = 1; stan <= 10_000; stan++) {
      awaited.add(key(stan), stan)
      if (stan % 50 > 0) expect(awaited.take(key(stan))).toBe(stan)
    }
    expect(awaited.size).toBe(200)
    expect(spill.size).toBeLessThanOrEqual(64 * 20 * 20)
    for (let stan = 50; stan <= 10_000; stan += 50) expect(awaited.take(key(stan))).toBe(stan)
    expect(awaited.size).toBe(0)
  })

  test('are counted when the disk does not give them back', () => {
    const spill = memorySpill()
    const awaited = new Awaited({ ...tiny, spill })
    for (let stan = 1; stan <= 12; stan++) awaited.add(key(stan), stan)
    expect(spill.size).toBe(8 * 20)
    spill.unreadableFrom = 0
    expect(awaited.take(key(1))).toBeUndefined()
    expect([awaited.size, awaited.lost]).toEqual([6, 6])
    expect(awaited.take(key(12))).toBe(12)
  })
})
