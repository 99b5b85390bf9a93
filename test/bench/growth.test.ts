import { expect, test } from 'vitest'
import { growthOf, growthOver } from '../../bench/growth.js'

const kib = 1024

test('a step, early or late, is no growth; a slope is', () => {
  expect(growthOf([10, 90, 90, 90, 90])).toBe(0)
  expect(growthOf([10, 10, 10, 10, 90])).toBe(0)
  expect(growthOf([10, 20, 35, 45, 60])).toBe(40)
  expect(growthOf([60, 50, 50, 50, 50])).toBeLessThanOrEqual(0)
  expect(growthOf([10])).toBe(0)
})

test('a subject that keeps a KiB of each case is found, one that keeps it for a while is not', async () => {
  const kept: Uint8Array[] = []
  const leak = await growthOver(4000, 500, (from, to) => {
    for (let number = from; number < to; number++) kept.push(new Uint8Array(kib))
  })
  expect(kept).toHaveLength(4000)
  expect(leak).toBeGreaterThan(3000 * kib)

  const last = new Map<number, Uint8Array>()
  const bounded = await growthOver(4000, 500, (from, to) => {
    for (let number = from; number < to; number++) last.set(number % 100, new Uint8Array(kib))
  })
  expect(last.size).toBe(100)
  expect(bounded).toBeLessThan(500 * kib)
})

test('every case is run once, in blocks', async () => {
  const blocks: [number, number][] = []
  await growthOver(25, 10, (from, to) => blocks.push([from, to]))
  expect(blocks[0]?.[0]).toBe(0)
  expect(blocks.at(-1)?.[1]).toBe(25)
  for (const [index, [from, to]] of blocks.entries()) {
    expect(to - from).toBeLessThanOrEqual(10)
    expect(from).toBe(blocks[index - 1]?.[1] ?? 0)
  }
})
