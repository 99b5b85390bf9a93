// Which requests are one group of the ledger: those of one turn of the event loop, and of the turns after it while they are few.

import { expect, test } from 'vitest'
import { createBooks } from './books.js'

/** Posts what comes in turn after turn, so many requests in each, and says how large the groups were. */
function groupsOf(turns: readonly number[]): readonly number[] {
  const books = createBooks()
  const groups: number[] = []
  const { post } = books.ledger
  Object.assign(books.ledger, {
    post(...args: Parameters<typeof post>) {
      groups.push(args[0].length)
      post(...args)
    },
  })
  let stan = 0
  const fates: ReturnType<typeof books.tell>[] = []
  const bring = (turn: number) => {
    for (let count = turns[turn] ?? 0; count > 0; count--)
      fates.push(books.tell('sale', { stan: String(++stan).padStart(6, '0') }))
    if (turn + 1 < turns.length) books.clock.precisely(0, () => bring(turn + 1))
  }
  bring(0)
  books.clock.run(books.clock.now())
  expect(fates.map(({ answers }) => answers.length)).toEqual(fates.map(() => 1))
  return groups
}

const cases: readonly [what: string, turns: readonly number[], groups: readonly number[]][] = [
  ['one request', [1], [1]],
  ['a few in each turn, as long as each turn brings some', [3, 4, 5, 0, 6], [12, 6]],
  ['until there are many', [20, 20, 20, 20, 20], [80, 20]],
  ['many at once, which wait for nothing', [64, 5], [64, 5]],
  ['more than one group takes', [600, 1], [500, 101]],
]
test.each(cases)('%s', (_, turns, groups) => {
  expect(groupsOf(turns)).toEqual(groups)
})
