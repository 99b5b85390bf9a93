// ISO 9564-1 format 4: a PIN block of 16 bytes, enciphered with AES in two steps with the PAN between them.

import type { Random } from '../../base/random.js'
import { createAes } from '../ciphers/aes.js'
import { xor } from '../ciphers/xor.js'
import { CryptoError } from '../crypto-error.js'
import { fromHex, toHex } from '../hex.js'
import { requirePan } from './pan.js'
import { isPin, lengthDigit, notOfFormat } from './pin-block.js'

/**
 * The enciphered block of 16 bytes.
 * @param input `key` of 16, 24 or 32 bytes; `pin` of 4 to 12 digits; `random` fills the 8 random bytes.
 * @throws CryptoError `key-length`, `pin` or `pan`.
 */
export function encipherPinBlock4(input: {
  readonly key: Uint8Array
  readonly pin: string
  readonly pan: string
  readonly random: Pick<Random, 'below'>
}): Uint8Array {
  const aes = createAes(input.key)
  const digits = `4${lengthDigit(input.pin)}${input.pin}`.padEnd(16, 'A')
  const random = Uint8Array.from({ length: 8 }, () => input.random.below(256))
  const intermediate = aes.encrypt(Buffer.concat([fromHex(digits), random]))
  return aes.encrypt(xor(intermediate, panField(input.pan)))
}

/**
 * The PIN in an enciphered block.
 * @throws CryptoError `pin-block` when key or PAN are not the ones that made it.
 */
export function decipherPinBlock4(input: {
  readonly key: Uint8Array
  readonly block: Uint8Array
  readonly pan: string
}): string {
  if (input.block.length !== 16) {
    throw new CryptoError('data-length', `an iso-4 PIN block has 16 bytes, this one has ${input.block.length}`)
  }
  const aes = createAes(input.key)
  const digits = toHex(aes.decrypt(xor(aes.decrypt(input.block), panField(input.pan)))).slice(0, 16)
  const length = Number.parseInt(digits[1]!, 16)
  const pin = digits.slice(2, 2 + length)
  const isGood = digits[0] === '4' && isPin(pin) && /^A*$/.test(digits.slice(2 + length))
  if (!isGood) throw notOfFormat('iso-4')
  return pin
}

/** M (digits beyond 12), the PAN with zeros in front up to 12 digits, zeros behind. */
function panField(pan: string): Uint8Array {
  const digits = requirePan(pan).padStart(12, '0')
  return fromHex(`${digits.length - 12}${digits}`.padEnd(32, '0'))
}
