import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBusySet } from '../../../src/base/collections/busy-set.js'

describe('a busy set', () => {
  it('says whether there was anything to delete', () => {
    const set = createBusySet<string>()
    set.add('a')
    expect([set.delete('a'), set.delete('a'), set.delete('b')]).toEqual([true, false, false])
    expect([set.has('a'), set.size]).toEqual([false, 0])
  })

  it('does what a Set does, however much comes and goes', () => {
    const step = fc.tuple(fc.constantFrom('add', 'delete', 'fresh', 'clear'), fc.integer({ min: 0, max: 40 }))
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 300 }), (steps) => {
        const [set, model] = [createBusySet<number>(), new Set<number>()]
        steps.forEach(([what, which], at) => {
          for (const each of [set, model]) {
            if (what === 'clear' && at % 50 === 0) each.clear()
            else if (what === 'add') each.add(which)
            else if (what === 'delete') each.delete(which)
            else {
              // Members that come once are what makes a fresh set begin.
              each.add(1000 + at)
              each.delete(1000 + at)
            }
          }
          if (set.size !== model.size || set.has(which) !== model.has(which)) expect([...set]).toEqual([...model])
        })
        expect([...set]).toEqual([...model])
      }),
      { numRuns: 50 },
    )
  })
})
