// Random keys, PINs and card numbers for the properties of this folder.

import fc from 'fast-check'

export const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
export const digitsOf = (minLength: number, maxLength: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength, maxLength }).map((digits) => digits.join(''))

export const desKey = fc.constantFrom(8, 16, 24).chain(bytesOf)
export const doubleKey = bytesOf(16)
export const aesKey = fc.constantFrom(16, 24, 32).chain(bytesOf)
export const pin = digitsOf(4, 12)
export const pan = digitsOf(13, 19)
