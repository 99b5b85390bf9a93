import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createBusyMap } from '../../../src/base/collections/busy-map.js'

describe('a busy map', () => {
  it('begins with what it is given', () => {
    const map = createBusyMap([['a', 1] as const, ['b', 2] as const])
    expect([...map.entries()]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    expect(map.size).toBe(2)
  })

  it('says whether there was anything to delete', () => {
    const map = createBusyMap<string, number>()
    map.set('a', 1)
    expect([map.delete('a'), map.delete('a'), map.delete('b')]).toEqual([true, false, false])
    expect([map.has('a'), map.get('a'), map.size]).toEqual([false, undefined, 0])
  })

  it('puts a key that comes again at the end', () => {
    const map = createBusyMap<string, number>()
    for (const key of ['a', 'b']) map.set(key, 1)
    map.delete('a')
    map.set('a', 2)
    map.set('b', 3)
    expect([...map.entries()]).toEqual([
      ['b', 3],
      ['a', 2],
    ])
  })

  it('does what a Map does, however much comes and goes', () => {
    const key = fc.integer({ min: 0, max: 40 })
    const step = fc.oneof(
      fc.tuple(fc.constant('set' as const), key),
      fc.tuple(fc.constantFrom('delete' as const, 'take' as const), key),
      fc.tuple(fc.constantFrom('fresh' as const, 'clear' as const), fc.constant(0)),
    )
    fc.assert(
      fc.property(fc.array(step, { minLength: 100, maxLength: 300 }), (steps) => {
        const [map, model] = [createBusyMap<number, string>(), new Map<number, string>()]
        steps.forEach(([what, which], at) => {
          // Keys that are used once are what makes a fresh map begin.
          const used = what === 'fresh' ? 1000 + at : which
          if (what === 'clear' && at % 50 === 0) {
            map.clear()
            model.clear()
          } else if (what === 'delete') {
            map.delete(used)
            model.delete(used)
          } else if (what === 'take') {
            expect(map.take(used)).toBe(model.get(used))
            model.delete(used)
          } else {
            if (map.has(used)) map.set(used, `${at}`)
            else map.add(used, `${at}`)
            model.set(used, `${at}`)
            if (what === 'fresh') {
              map.delete(used)
              model.delete(used)
            }
          }
          if (map.size !== model.size || map.get(used) !== model.get(used))
            expect([...map.entries()]).toEqual([...model])
        })
        expect([...map.entries()]).toEqual([...model])
        expect([...map.keys()]).toEqual([...model.keys()])
        expect([...map.values()]).toEqual([...model.values()])
      }),
      { numRuns: 50 },
    )
  })
})
