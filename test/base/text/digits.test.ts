import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sixDigits, twelveDigits } from '../../../src/base/text/digits.js'

test('every number has all its digits', () => {
  expect([0, 7, 1000, 999_999].map(sixDigits)).toEqual(['000000', '000007', '001000', '999999'])
  fc.assert(fc.property(fc.nat(999_999), (number) => sixDigits(number) === String(number).padStart(6, '0')))
  fc.assert(
    fc.property(fc.maxSafeNat(), (number) => {
      const amount = number % 1_000_000_000_000
      return twelveDigits(amount) === String(amount).padStart(12, '0')
    }),
  )
})
