import { expect, test } from 'vitest'
import { createRrnSource, serialText } from '../../src/acquirer/rrn.js'
import { createZone } from '../../src/base/zone.js'

const noon = Date.UTC(2026, 1, 3, 12)

test('a reference number is the year, the day of the year and a serial number, in 12 characters', () => {
  const next = createRrnSource(createZone('UTC'))
  expect([next(noon), next(noon), next(noon + 86_400_000)]).toEqual(['603400000000', '603400000001', '603500000002'])
})

test('the day is that of the zone', () => {
  const next = createRrnSource(createZone('Asia/Shanghai'))
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
