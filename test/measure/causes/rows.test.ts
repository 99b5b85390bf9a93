import { expect, test } from 'vitest'
import { NumberedNames, Rows } from '../../../src/measure/causes/rows.js'
import { SeenLog } from '../../../src/measure/causes/seen-log.js'
import { Tracks } from '../../../src/measure/causes/tracks.js'

function filled(count: number, limit: number): number[] {
  const rows = new Rows(2, limit)
  for (let value = 0; value < count; value++) {
    const place = rows.next()
    if (place < 0) continue
    rows.numbers[place] = value
    rows.numbers[place + 1] = -value
  }
  const { numbers, length } = rows.kept()
  return Array.from({ length }, (_, row) => {
    expect(numbers[row * 2 + 1]).toBe(-(numbers[row * 2] as number))
    return numbers[row * 2] as number
  })
}

test('rows are all kept while there is room, beyond the first array too', () => {
  expect(filled(3000, 4000)).toEqual(Array.from({ length: 3000 }, (_, value) => value))
})

test('full rows are thinned to every second, fourth … of the whole run', () => {
  const kept = filled(1000, 16)
  expect(kept.length).toBeLessThanOrEqual(16)
  expect(kept[0]).toBe(0)
  expect(kept.at(-1)).toBeGreaterThan(850)
  expect(new Set(kept.slice(1).map((value, at) => value - (kept[at] as number))).size).toBe(1)
})

test('rows that come while others move up are kept as they are, whenever somebody looks', () => {
  for (const limit of [2, 16, 300])
    for (let count = 1; count < 1400; count += count < 60 ? 1 : 37) {
      const kept = filled(count, limit)
      const stride = (kept[1] ?? 1) - (kept[0] as number)
      expect(kept).toEqual(kept.map((_, index) => index * stride))
      expect(kept.length).toBeLessThanOrEqual(limit)
      expect((kept.at(-1) as number) + stride).toBeGreaterThanOrEqual(count)
    }
})

test('names are numbered once, and none is made beyond the limit', () => {
  const names = new NumberedNames(2)
  expect([names.numberOf('a'), names.numberOf('b'), names.numberOf('a')]).toEqual([0, 1, 0])
  expect([names.numberOf('c'), names.numberOf(undefined)]).toEqual([Number.NaN, Number.NaN])
  expect([names.textOf(1), names.textOf(Number.NaN)]).toEqual(['b', undefined])
})

test('a transaction is read as it was written down', () => {
  const [log, tracks] = [new SeenLog(), new Tracks()]
  tracks.opened(7, 10)
  const now = {
    ...{ at: 500, endedAt: 900, isUntimely: true, isAnswered: true, isSilent: false },
    ...{ code: '00', hasPin: true, cards: '622588', kind: 'sale', target: '127.0.0.1:1' },
    ...{ merchant: 'M1', terminal: 'T1', amount: 1234, model: 'A' },
  }
  log.push(now, tracks.ended(7, 500, 900, true))
  log.push({ ...now, at: 100, amount: undefined, hasPin: undefined, code: undefined }, undefined)
  const [first, second] = log.all()
  expect(first).toMatchObject({ at: 100, idleMs: undefined, of: { amount: undefined, pin: undefined, kind: 'sale' } })
  expect(second).toMatchObject({ at: 500, endedAt: 900, isUntimely: true, isAnswered: true, wasGood: false })
  expect(second).toMatchObject({ code: '00', idleMs: 490, openedAt: 10 })
  expect(second?.of).toMatchObject({ pin: 'with PIN', cards: '622588', amount: '1000+', connection: '7' })
})

test('what was written on a connection before it was dialled anew is of its life then', () => {
  const tracks = new Tracks()
  tracks.opened(3, 10)
  tracks.ended(3, 20, 30, true)
  tracks.opened(3, 500)
  expect(tracks.ended(3, 400, 900, false)).toMatchObject({ generation: 1, openedAt: 10, wasGood: true, idleMs: 370 })
  expect(tracks.ended(3, 700, 800, true)).toMatchObject({ generation: 2, openedAt: 500, wasGood: false, idleMs: 200 })
})
