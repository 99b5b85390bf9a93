// CMAC (NIST SP 800-38B; with AES of 128 bits RFC 4493): over AES, triple DES and SM4.

import { createAes, createAesChain } from '../ciphers/aes.js'
import type { BlockCipher } from '../ciphers/block-cipher.js'
import { createDes, createDesChain } from '../ciphers/des.js'
import { padMethod2 } from '../ciphers/padding.js'
import { createSm4, createSm4Chain } from '../ciphers/sm4.js'
import { xorInto } from '../ciphers/xor.js'
import { CryptoError } from '../crypto-error.js'
import type { Mac } from './mac.js'

/**
 * CMAC with an AES key of 16, 24 or 32 bytes. Returns all 16 bytes; a field of 8 bytes carries the first 8.
 * @throws CryptoError `key-length`.
 */
export const createMacCmac = (key: Uint8Array): Mac => cmac(createAes(key), createAesChain(key))

/**
 * CMAC with triple DES, a key of 16 or 24 bytes. Returns all 8 bytes.
 * @throws CryptoError `key-length`.
 */
export function createMacTdesCmac(key: Uint8Array): Mac {
  if (key.length !== 8) return cmac(createDes(key), createDesChain(key))
  throw new CryptoError('key-length', `tdes-cmac takes a key of 16 or 24 bytes, this one has ${key.length}`)
}

/** CMAC with SM4. Returns all 16 bytes. */
export const createMacSm4Cmac = (key: Uint8Array): Mac => cmac(createSm4(key), createSm4Chain(key))

function cmac(cipher: BlockCipher, chain: (blocks: Uint8Array) => Uint8Array): Mac {
  const { blockBytes } = cipher
  const whole = double(cipher.encrypt(new Uint8Array(blockBytes)))
  const short = double(whole)
  return (bytes) => {
    const isWhole = bytes.length > 0 && bytes.length % blockBytes === 0
    const blocks = isWhole ? new Uint8Array(bytes) : padMethod2(bytes, blockBytes)
    xorInto(blocks.subarray(-blockBytes), isWhole ? whole : short)
    return chain(blocks).slice()
  }
}

/** Doubling, SP 800-38B section 6.1: shift left by one bit, and reduce when a bit falls out, by 87 in GF(2^128) and by 1B in GF(2^64). */
function double(block: Uint8Array): Uint8Array {
  const out = Uint8Array.from(block, (byte, index) => (byte << 1) | ((block[index + 1] ?? 0) >> 7))
  if (block[0]! & 0x80) out[out.length - 1]! ^= block.length === 16 ? 0x87 : 0x1b
  return out
}
