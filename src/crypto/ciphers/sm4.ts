// SM4 (GB/T 32907-2016, 国密) by Node's OpenSSL, which may have been built without it.

import { getCiphers } from 'node:crypto'
import { CryptoError } from '../crypto-error.js'
import { type BlockCipher, type CipherSetup, createCbcChain, createEcb } from './block-cipher.js'

/** True when this Node can do SM4. `ciphers` is what OpenSSL offers. */
export function hasSm4(ciphers: readonly string[] = getCiphers()): boolean {
  return ciphers.includes('sm4-ecb') && ciphers.includes('sm4-cbc')
}

/**
 * SM4 in ECB with a key of 16 bytes.
 * @throws CryptoError `key-length`, or `unavailable` where OpenSSL lacks SM4.
 */
export function createSm4(key: Uint8Array, ciphers?: readonly string[]): BlockCipher {
  return createEcb(setup(key, ciphers))
}

/** The chain under CBC-MAC and CUP-ECB (see createCbcChain). */
export const createSm4Chain = (key: Uint8Array, ciphers?: readonly string[]): ((blocks: Uint8Array) => Uint8Array) =>
  createCbcChain(setup(key, ciphers))

function setup(key: Uint8Array, ciphers?: readonly string[]): CipherSetup {
  if (!hasSm4(ciphers)) {
    throw new CryptoError(
      'unavailable',
      'this Node was built without SM4; use a Node whose OpenSSL has it, or DES keys',
    )
  }
  if (key.length !== 16) throw new CryptoError('key-length', `an SM4 key has 16 bytes, this one has ${key.length}`)
  return { cipher: 'sm4', key, blockBytes: 16 }
}
