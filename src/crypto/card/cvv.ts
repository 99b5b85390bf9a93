// Card verification values (Visa CVV, Mastercard CVC): three digits that prove that the issuer wrote the card data.

import { createDes } from '../ciphers/des.js'
import { xor } from '../ciphers/xor.js'
import { CryptoError } from '../crypto-error.js'
import { fromHex, toHex } from '../hex.js'
import { requirePan } from '../pin/pan.js'

/** Service codes that stand for something else: CVV2 on the signature panel, iCVV in the chip. */
export const verificationServiceCodes = { cvv2: '000', icvv: '999' } as const

/**
 * The verification value of a card: CVV with its service code, CVV2 with 000, iCVV with 999.
 * @param input `key` is the pair CVK A|B of 16 bytes; `expiry` four digits in the order that the issuer uses
 * (YYMM on the stripe); `serviceCode` three digits; `digits` of the value, 3 unless given, at most 5.
 * @throws CryptoError `key-length`, `pan` or `data-length`.
 */
export function cardVerificationValue(input: {
  readonly key: Uint8Array
  readonly pan: string
  readonly expiry: string
  readonly serviceCode: string
  readonly digits?: number
}): string {
  const { key, expiry, serviceCode, digits = 3 } = input
  if (key.length !== 16) throw new CryptoError('key-length', `a CVK pair has 16 bytes, this one has ${key.length}`)
  if (!/^\d{4}$/.test(expiry)) throw new CryptoError('data-length', 'an expiry date has four digits, such as YYMM')
  if (!/^\d{3}$/.test(serviceCode)) throw new CryptoError('data-length', 'a service code has three digits')
  const data = fromHex((requirePan(input.pan) + expiry + serviceCode).padEnd(32, '0'))
  const first = createDes(key.subarray(0, 8)).encrypt(data.subarray(0, 8))
  return decimals(createDes(key).encrypt(xor(first, data.subarray(8)))).slice(0, digits)
}

/** The digits 0-9 in order, then the letters in order as 0-5. */
function decimals(bytes: Uint8Array): string {
  const hex = toHex(bytes)
  const letters = [...hex.replaceAll(/\d/g, '')].map((letter) => String(Number.parseInt(letter, 16) - 10))
  return hex.replaceAll(/\D/g, '') + letters.join('')
}
