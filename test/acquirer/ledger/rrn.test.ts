import { expect, test } from 'vitest'
import { createRrnSource, type Reserve, serialText } from '../../../src/acquirer/ledger/serials/rrn.js'
import { createZone } from '../../../src/base/zone.js'

const noon = Date.UTC(2026, 1, 3, 12)
const dayMs = 86_400_000
const zone = createZone('UTC')

test('a reference number is the year, the day of the year and a serial number, in 12 characters', () => {
  const next = createRrnSource({ zone: createZone('UTC'), now: noon })
  expect([next(noon), next(noon), next(noon + dayMs)]).toEqual(['603400000000', '603400000001', '603500000000'])
})

test('the day is that of the zone', () => {
  const next = createRrnSource({ zone: createZone('Asia/Shanghai'), now: noon })
  expect(next(Date.UTC(2026, 1, 3, 16))).toBe('603500000000')
})

test('beyond eight digits a serial number begins with a letter, so that none is given twice', () => {
  expect([99_999_999, 100_000_000, 100_000_001, 100_000_036].map(serialText)).toEqual([
    '99999999',
    'A0000000',
    'A0000001',
    'A0000010',
  ])
})

/** Numbers that hosts take from one place, which is busy or broken at times. */
function shared() {
  const taken = new Map<string, number>()
  const state: { is: 'free' | 'busy' | 'broken' } = { is: 'free' }
  const reserve: Reserve = (day, count, isUrgent) => {
    if (state.is === 'broken' || (state.is === 'busy' && !isUrgent)) return undefined
    const first = taken.get(day) ?? 0
    taken.set(day, first + count)
    return first
  }
  return { state, reserve }
}

const many = (next: (wallMs: number) => string, count: number, wallMs = noon) =>
  Array.from({ length: count }, () => next(wallMs))

test('no number is given twice by two hosts, nor after a restart', () => {
  const { reserve } = shared()
  const start = () => createRrnSource({ zone, now: noon, reserve })
  const [a, b] = [start(), start()]
  const given = [...many(a, 25_000), ...many(b, 25_000), ...many(start(), 10), ...many(a, 10)]
  expect(new Set(given).size).toBe(given.length)
})

test('a clock that is set back over midnight gives no number twice', () => {
  const { reserve } = shared()
  const next = createRrnSource({ zone, now: noon, reserve })
  const given = [0, 1, 0, 1, 0].flatMap((day) => many(next, 10, noon + day * dayMs))
  expect(new Set(given).size).toBe(given.length)
  expect(given.map((rrn) => rrn.slice(0, 4)).filter((day) => day === '6034')).toHaveLength(30)
})

test('a ledger that is busy at midnight is not waited for: numbers of the day before go on', () => {
  const { state, reserve } = shared()
  const next = createRrnSource({ zone, now: noon, reserve })
  state.is = 'busy'
  expect(many(next, 2, noon + dayMs)).toEqual(['603400000000', '603400000001'])
  state.is = 'free'
  expect(next(noon + dayMs)).toBe('603500000000')
})

test('a ledger that takes nothing is no reason to give no numbers', () => {
  const { state, reserve } = shared()
  state.is = 'broken'
  const given = many(createRrnSource({ zone, now: noon, reserve }), 30_000)
  expect(new Set(given).size).toBe(given.length)
})
