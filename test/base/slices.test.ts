import { expect, test } from 'vitest'
import { inOneGo, inSlices, nextTurn, sliced } from '../../src/base/slices.js'

function* sumOf(values: readonly number[]) {
  let sum = 0
  yield* sliced(
    values,
    (value) => {
      sum += value
    },
    1,
  )
  return sum
}

test('work in slices comes to the same as in one go', async () => {
  const values = Array.from({ length: 1000 }, (_, index) => index)
  expect(inOneGo(sumOf(values))).toBe(499_500)
  expect(await inSlices(sumOf(values))).toBe(499_500)
})

test('between two slices the event loop goes on', async () => {
  let turns = 0
  let isOver = false
  function* endless() {
    // Ends only because somebody else has had a turn.
    while (turns < 3) yield
  }
  const others = (async () => {
    while (!isOver) {
      await nextTurn()
      turns++
    }
  })()
  await inSlices(endless())
  isOver = true
  await others
  expect(turns).toBeGreaterThanOrEqual(3)
})

test('an error of the work is an error of the slices', async () => {
  function* failing() {
    yield
    throw new Error('no')
  }
  await expect(inSlices(failing())).rejects.toThrow('no')
})
