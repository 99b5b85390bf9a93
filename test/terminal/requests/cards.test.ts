import { expect, test } from 'vitest'
import { createRandom } from '../../../src/base/random.js'
import { createAmounts } from '../../../src/terminal/requests/amounts.js'
import { testBins, testCards, withCheckDigit } from '../../../src/terminal/requests/cards.js'

test('check digits are those of the published test cards', () => {
  expect(withCheckDigit('411111111111111')).toBe('4111111111111111')
  expect(withCheckDigit('555555555555444')).toBe('5555555555554444')
  expect(withCheckDigit('620000000000000')).toBe('6200000000000005')
})

test('test cards are different, have test BINs only, and track 2 fits DE35', () => {
  const cards = testCards(500, createRandom(1))
  expect(new Set(cards.map(({ pan }) => pan)).size).toBe(500)
  for (const { pan, track2, expiry } of cards) {
    expect(testBins.some((bin) => pan.startsWith(bin))).toBe(true)
    expect(withCheckDigit(pan.slice(0, -1))).toBe(pan)
    expect(track2.startsWith(`${pan}=${expiry}`)).toBe(true)
    expect(track2.length).toBeLessThanOrEqual(37)
  }
})

const cny = (minor: number) => ({ minor, currency: 'CNY' })
const amountCases = [
  { name: 'one amount', options: cny(990), from: 990, to: 990 },
  { name: 'evenly between two, both possible', options: { from: cny(1), to: cny(3) }, from: 1, to: 3 },
  { name: 'log-normal', options: { p50: cny(3500), p99: cny(90_000) }, from: 1, to: 999_999_999_999 },
  { name: 'by default 1.00 to 500.00', options: undefined, from: 100, to: 50_000 },
] as const
for (const { name, options, from, to } of amountCases) {
  test(`amounts: ${name}`, () => {
    const amounts = createAmounts(options, '156', createRandom(1))
    const drawn = Array.from({ length: 2000 }, () => amounts.next())
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(from)
    expect(Math.max(...drawn)).toBeLessThanOrEqual(to)
    expect(drawn.every(Number.isInteger)).toBe(true)
    expect(amounts.currency).toBe('156')
  })
}

test('two currencies in one range are refused', () => {
  expect(() => createAmounts({ from: cny(1), to: { minor: 2, currency: 'USD' } }, '156', createRandom(1))).toThrow(
    'two currencies',
  )
})
