// Card brands and the outcomes that test cards stand for.

import { describe, expect, test } from 'vitest'
import { brandOf, cardBrands } from '../../../src/base/cards/brands.js'
import { cardOutcomeNames, cardOutcomes, outcomeOf } from '../../../src/base/cards/outcomes.js'

/** Numbers that schemes and processors publish for tests. */
const published = [
  ['4111111111111111', 'visa'],
  ['4012888888881881', 'visa'],
  ['5555555555554444', 'mastercard'],
  ['2223000048400011', 'mastercard'],
  ['2720990000000000', 'mastercard'],
  ['2721000000000000', undefined],
  ['378282246310005', 'amex'],
  ['341111111111111', 'amex'],
  ['3530111333300000', 'jcb'],
  ['3527999999999999', undefined],
  ['30569309025904', 'diners'],
  ['38520000023237', 'diners'],
  ['36259600000004', 'diners'],
  ['6011111111111117', 'discover'],
  ['6500000000000002', 'discover'],
  ['6212345678900000003', 'unionpay'],
  ['62123456789000003', 'unionpay'],
  ['8171999927660000', 'unionpay'],
  ['6759649826438453', 'maestro'],
  ['586824160825533338', 'maestro'],
  ['2202200000000000', undefined],
  ['4', 'visa'],
  ['', undefined],
] as const
for (const [pan, brand] of published) {
  test(`${pan.slice(0, 6)}, ${pan.length} digits: ${brand ?? 'no brand'}`, () => {
    expect(brandOf(pan)?.name).toBe(brand)
  })
}

test('every test BIN has eight digits and belongs to its own brand', () => {
  for (const { name, testBins } of cardBrands) {
    for (const bin of testBins) expect([bin.length, brandOf(bin)?.name], bin).toEqual([8, name])
  }
})

describe('what a test card stands for', () => {
  test('the two digits behind its BIN say it', () => {
    for (const name of cardOutcomeNames) expect(outcomeOf(`41111111${cardOutcomes[name]}000000`)).toBe(name)
    expect(outcomeOf('4111111100000000')).toBeUndefined()
    expect(outcomeOf('4111111199000000')).toBeUndefined()
  })

  test('a card with another BIN stands for nothing', () => {
    expect(outcomeOf('4999999941000000')).toBeUndefined()
    expect(outcomeOf('411111114')).toBeUndefined()
  })
})
