import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createRankedQueue } from '../../../src/base/collections/ranked-queue.js'

test('the first rank goes first, and within a rank whoever came first', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 })), (ranks) => {
      const queue = createRankedQueue<{ rank: number; index: number }>(4)
      for (const [index, rank] of ranks.entries()) queue.push({ rank, index }, rank)
      expect(queue.size).toBe(ranks.length)
      const left = ranks.map(() => queue.shift())
      const sorted = ranks.map((rank, index) => ({ rank, index })).sort((a, b) => a.rank - b.rank || a.index - b.index)
      expect(left).toEqual(sorted)
      expect(queue.shift()).toBeUndefined()
    }),
  )
})

test('a rank that there is not is the last', () => {
  const queue = createRankedQueue<string>(2)
  queue.push('beyond', 7)
  queue.push('first', 0)
  expect(queue.sizeOf(1)).toBe(1)
  expect([queue.shift(), queue.shift()]).toEqual(['first', 'beyond'])
})
