// ANSI X9.19, the retail MAC: ISO/IEC 9797-1 algorithm 3 with DES. Single DES chains with the left half of the key,
// and the last block is decrypted with the right half and encrypted with the left again.

import { createDes, createDesChain } from '../ciphers/des.js'
import { padMethods } from '../ciphers/padding.js'
import { xorInto } from '../ciphers/xor.js'
import { CryptoError } from '../crypto-error.js'
import type { Mac } from './mac.js'

/**
 * X9.19 with a key of 16 bytes; the MAC is all 8 bytes. `padding` is the method of ISO/IEC 9797-1:
 * 1 zeros (X9.19 itself), 2 a byte 80 and zeros (EMV), 3 the length in front and zeros.
 * @throws CryptoError `key-length`.
 */
export function createMacX9_19(key: Uint8Array, padding: keyof typeof padMethods = 1): Mac {
  if (key.length !== 16) {
    throw new CryptoError(
      'key-length',
      `X9.19 takes a key of 16 bytes, this one has ${key.length}; 8 bytes are for X9.9`,
    )
  }
  const chain = createDesChain(key.subarray(0, 8))
  const both = createDes(key)
  const pad = padMethods[padding]
  return (bytes) => {
    const padded = pad(bytes, 8)
    const last = padded.subarray(-8)
    if (padded.length > 8) xorInto(last, chain(padded.subarray(0, -8)))
    // Encrypting the last block and then D and E of the output transformation are together one triple DES.
    return both.encrypt(last)
  }
}
