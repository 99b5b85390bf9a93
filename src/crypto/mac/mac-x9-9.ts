// ANSI X9.9 (ISO 8731-1): CBC-DES with a single length key, initial vector zero, zero padding.

import { createDesChain } from '../ciphers/des.js'
import { padMethod1 } from '../ciphers/padding.js'
import { CryptoError } from '../crypto-error.js'
import type { Mac } from './mac.js'

/**
 * X9.9 with a key of 8 bytes. The MAC is all 8 bytes of the last block; hosts that send 4 take the first 4.
 * @throws CryptoError `key-length`.
 */
export function createMacX9_9(key: Uint8Array): Mac {
  if (key.length !== 8) {
    throw new CryptoError(
      'key-length',
      `X9.9 takes a key of 8 bytes, this one has ${key.length}; 16 bytes are for X9.19`,
    )
  }
  const chain = createDesChain(key)
  return (bytes) => chain(padMethod1(bytes, 8)).slice()
}
