import { expect, test } from 'vitest'
import { cardVerificationValue, verificationServiceCodes } from '../../../src/crypto/card/cvv.js'
import { CryptoError } from '../../../src/crypto/crypto-error.js'
import { fromHex } from '../../../src/crypto/hex.js'

const key = fromHex('0123456789ABCDEFFEDCBA9876543210')
const card = { key, pan: '4123456789012345', expiry: '8701' }

const rows = [
  { name: 'CVV with service code 101, the published example', input: { ...card, serviceCode: '101' }, value: '561' },
  { name: 'CVV2 (checked with openssl)', input: { ...card, serviceCode: verificationServiceCodes.cvv2 }, value: '636' },
  { name: 'iCVV (checked with openssl)', input: { ...card, serviceCode: verificationServiceCodes.icvv }, value: '651' },
  {
    name: 'CVV of a PAN of 19 digits (checked with openssl)',
    input: { key, pan: '6225881234567890129', expiry: '3012', serviceCode: '220' },
    value: '287',
  },
]

for (const { name, input, value } of rows) {
  test(`card verification value: ${name}`, () => expect(cardVerificationValue(input)).toBe(value))
}

const refused = [
  { name: 'a single key', input: { ...card, serviceCode: '101', key: key.subarray(8) }, message: 'this one has 8' },
  { name: 'an expiry date of 3 digits', input: { ...card, serviceCode: '101', expiry: '123' }, message: 'four digits' },
  { name: 'a service code of 2 digits', input: { ...card, serviceCode: '10' }, message: 'three digits' },
  {
    name: 'a PAN with a space',
    input: { ...card, serviceCode: '101', pan: '4123 456789012345' },
    message: '17 characters',
  },
]

for (const { name, input, message } of refused) {
  test(`card verification value: refuses ${name}`, () => {
    expect(() => cardVerificationValue(input)).toThrow(CryptoError)
    expect(() => cardVerificationValue(input)).toThrow(message)
  })
}
