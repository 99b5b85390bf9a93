// AES (FIPS 197) with keys of 128, 192 and 256 bits: ECB for PIN blocks and key derivation, the chain for CMAC.

import { CryptoError } from '../crypto-error.js'
import { type BlockCipher, type CipherSetup, createCbcChain, createEcb } from './block-cipher.js'

/**
 * AES in ECB with a key of 16, 24 or 32 bytes.
 * @throws CryptoError `key-length`.
 */
export const createAes = (key: Uint8Array): BlockCipher => createEcb(setup(key))

/** The chain under CMAC (see createCbcChain). */
export const createAesChain = (key: Uint8Array): ((blocks: Uint8Array) => Uint8Array) => createCbcChain(setup(key))

function setup(key: Uint8Array): CipherSetup {
  if (![16, 24, 32].includes(key.length)) {
    throw new CryptoError('key-length', `an AES key has 16, 24 or 32 bytes, this one has ${key.length}`)
  }
  return { cipher: `aes-${key.length * 8}`, key, blockBytes: 16 }
}
