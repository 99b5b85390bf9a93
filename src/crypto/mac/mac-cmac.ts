// AES-CMAC (RFC 4493 for 128 bits, NIST SP 800-38B for 192 and 256).

import { createAes, createAesChain } from '../ciphers/aes.js'
import { padMethod2 } from '../ciphers/padding.js'
import { xorInto } from '../ciphers/xor.js'
import type { Mac } from './mac.js'

/**
 * CMAC with an AES key of 16, 24 or 32 bytes. Returns all 16 bytes; a field of 8 bytes carries the first 8.
 * @throws CryptoError `key-length`.
 */
export function createMacCmac(key: Uint8Array): Mac {
  const chain = createAesChain(key)
  const whole = double(createAes(key).encrypt(new Uint8Array(16)))
  const short = double(whole)
  return (bytes) => {
    const isWhole = bytes.length > 0 && bytes.length % 16 === 0
    const blocks = isWhole ? new Uint8Array(bytes) : padMethod2(bytes, 16)
    xorInto(blocks.subarray(-16), isWhole ? whole : short)
    return chain(blocks).slice()
  }
}

/** Doubling in GF(2^128), SP 800-38B section 6.1: shift left by one bit, and reduce by 87 when a bit falls out. */
function double(block: Uint8Array): Uint8Array {
  const out = new Uint8Array(16)
  for (let index = 0; index < 16; index++) out[index] = (block[index]! << 1) | ((block[index + 1] ?? 0) >> 7)
  if (block[0]! & 0x80) out[15]! ^= 0x87
  return out
}
