import { expect, test } from 'vitest'
import { createQueue } from '../../../src/base/collections/queue.js'

test('take() gives the first ones in their order, as many as there are, and they leave the queue', () => {
  const queue = createQueue<number | undefined>()
  for (const item of [1, undefined, 3]) queue.push(item)
  expect(queue.take(2)).toEqual([1, undefined])
  expect(queue.size).toBe(1)
  expect(queue.take(Number.POSITIVE_INFINITY)).toEqual([3])
  expect(queue.take(1)).toEqual([])
})
