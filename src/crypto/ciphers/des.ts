// Single, double and triple DES (FIPS 46-3, ANSI X9.52) in ECB, their CBC chain, and the parity and weakness of DES keys.
//
// OpenSSL 3 keeps single DES in a provider that Node does not load, so every length runs as EDE3: K as K|K|K, which
// is single DES, and K1|K2 as K1|K2|K1.

import { CryptoError } from '../crypto-error.js'
import { toHex } from '../hex.js'
import { type BlockCipher, type CipherSetup, createCbcChain, createEcb } from './block-cipher.js'

/**
 * DES in ECB with a key of 8, 16 or 24 bytes.
 * @throws CryptoError `key-length`.
 */
export const createDes = (key: Uint8Array): BlockCipher => createEcb(setup(key))

/** The chain under X9.9 and X9.19 (see createCbcChain). */
export const createDesChain = (key: Uint8Array): ((blocks: Uint8Array) => Uint8Array) => createCbcChain(setup(key))

/** True when every byte has an odd number of one bits, as FIPS 46-3 wants of a key. */
export const hasOddParity = (key: Uint8Array): boolean => key.every((byte) => oddParityOf(byte) === byte)

/** The same key with the lowest bit of each byte set so that the byte's parity is odd. DES itself ignores that bit. */
export const withOddParity = (key: Uint8Array): Uint8Array => Uint8Array.from(key, oddParityOf)

/** True when a part of 8 bytes is one of the 4 weak or 12 semi-weak keys of DES (NIST SP 800-67), parity aside. */
export function hasWeakPart(key: Uint8Array): boolean {
  return parts(key).some((part) => weakParts.has(toHex(withOddParity(part))))
}

/** True when a double or triple length key repeats a part side by side, which leaves only single DES. */
export function isSingleInDisguise(key: Uint8Array): boolean {
  const [first, second, third] = parts(key).map((part) => toHex(withOddParity(part)))
  return second !== undefined && (first === second || second === third)
}

const weakParts = new Set(
  `0101010101010101 FEFEFEFEFEFEFEFE E0E0E0E0F1F1F1F1 1F1F1F1F0E0E0E0E
   011F011F010E010E 1F011F010E010E01 01E001E001F101F1 E001E001F101F101
   01FE01FE01FE01FE FE01FE01FE01FE01 1FE01FE00EF10EF1 E01FE01FF10EF10E
   1FFE1FFE0EFE0EFE FE1FFE1FFE0EFE0E E0FEE0FEF1FEF1FE FEE0FEE0FEF1FEF1`.split(/\s+/),
)

function setup(key: Uint8Array): CipherSetup {
  return { cipher: 'des-ede3', key: asTriple(key), blockBytes: 8 }
}

function asTriple(key: Uint8Array): Uint8Array {
  if (key.length === 24) return key
  if (key.length === 16) return Buffer.concat([key, key.subarray(0, 8)])
  if (key.length === 8) return Buffer.concat([key, key, key])
  throw new CryptoError('key-length', `a DES key has 8, 16 or 24 bytes, this one has ${key.length}`)
}

function oddParityOf(byte: number): number {
  let ones = 0
  for (let rest = byte >> 1; rest !== 0; rest >>= 1) ones += rest & 1
  return (byte & 0xfe) | (ones % 2 === 0 ? 1 : 0)
}

function parts(key: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(key.length / 8) }, (_, index) => key.subarray(index * 8, index * 8 + 8))
}
