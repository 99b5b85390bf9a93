import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createNumbered } from '../../../src/base/collections/numbered.js'

test('begins with what it is given, in the order of the numbers', () => {
  const numbered = createNumbered([[900_000_000_000, 'b'] as const, [3, 'a'] as const])
  expect(numbered.entries()).toEqual([
    [3, 'a'],
    [900_000_000_000, 'b'],
  ])
})

test('one that stays while millions come and go is found again', () => {
  const numbered = createNumbered([[1, 'old'] as [number, string]])
  for (let number = 2; number < 100_000; number++) {
    numbered.set(number, 'new')
    if (number > 70) numbered.take(number - 64)
  }
  expect([numbered.get(1), numbered.take(1), numbered.get(1), numbered.take(1)]).toEqual([
    ...['old', 'old', undefined, undefined],
  ])
})

test('does what a Map does, however much comes and goes', () => {
  const step = fc.tuple(fc.constantFrom('new' as const, 'again' as const, 'take' as const), fc.nat(300))
  fc.assert(
    fc.property(fc.array(step, { minLength: 200, maxLength: 800 }), (steps) => {
      const [numbered, model] = [createNumbered<string>(), new Map<number, string>()]
      let count = 0
      for (const [what, back] of steps) {
        const number = what === 'new' ? ++count : Math.max(0, count - back)
        if (what === 'take') {
          expect(numbered.take(number)).toBe(model.get(number))
          model.delete(number)
        } else {
          numbered.set(number, `${what} ${back}`)
          model.set(number, `${what} ${back}`)
        }
        expect([numbered.size, numbered.get(number)]).toEqual([model.size, model.get(number)])
      }
      expect(numbered.entries()).toEqual([...model].sort(([one], [other]) => one - other))
    }),
    { numRuns: 50 },
  )
})
