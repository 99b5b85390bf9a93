// The ECB MAC of China UnionPay's POS terminals: all blocks folded into one by xor, the result written as hex text,
// and that text enciphered in two steps. Only two blocks are enciphered, however long the message is.

import { createDesChain } from '../ciphers/des.js'
import { createSm4Chain } from '../ciphers/sm4.js'
import type { Mac } from './mac.js'

/**
 * CUP-ECB with DES: a key of 8 bytes enciphers with single DES, of 16 or 24 with triple DES. The MAC is 8 bytes:
 * the first 8 hex digits of the result, upper case, in ASCII. It covers the message from MTI to the field before 64.
 * @throws CryptoError `key-length`.
 */
export const createMacCupEcb = (key: Uint8Array): Mac => foldAndEncipher(createDesChain(key), 8)

/** CUP-ECB with SM4 (国密): the same over blocks of 16 bytes. Also 8 ASCII hex digits. */
export const createMacCupEcbSm4 = (key: Uint8Array): Mac => foldAndEncipher(createSm4Chain(key), 16)

/** CUP-ECB as some hosts send it: the bytes of the result themselves, 8 with DES and 16 with SM4, and not as hex digits. */
export function createMacCupEcbBytes(cipher: 'des' | 'sm4', key: Uint8Array): Mac {
  const encipher = cipher === 'des' ? foldInto(createDesChain(key), 8) : foldInto(createSm4Chain(key), 16)
  return (bytes) => encipher(bytes).slice()
}

/** The two steps, E(E(left half) xor right half), are what CBC does with two blocks. */
function foldInto(chain: (blocks: Uint8Array) => Uint8Array, blockBytes: number): Mac {
  const folded = new Uint8Array(blockBytes)
  const text = new Uint8Array(2 * blockBytes)
  return (bytes) => {
    fold(bytes, folded)
    writeHex(folded, blockBytes, text)
    return chain(text)
  }
}

function foldAndEncipher(chain: (blocks: Uint8Array) => Uint8Array, blockBytes: number): Mac {
  const encipher = foldInto(chain, blockBytes)
  return (bytes) => {
    const mac = new Uint8Array(8)
    writeHex(encipher(bytes), 4, mac)
    return mac
  }
}

/** Zero padding adds nothing to an xor, so the last short block is folded as it is. */
function fold(bytes: Uint8Array, into: Uint8Array): void {
  // Block sizes are powers of two, and a mask is cheaper than a division.
  const mask = into.length - 1
  into.fill(0)
  for (let index = 0; index < bytes.length; index++) into[index & mask]! ^= bytes[index]!
}

const hexDigits = Uint8Array.from('0123456789ABCDEF', (digit) => digit.charCodeAt(0))

function writeHex(bytes: Uint8Array, length: number, text: Uint8Array): void {
  for (let index = 0; index < length; index++) {
    text[2 * index] = hexDigits[bytes[index]! >> 4]!
    text[2 * index + 1] = hexDigits[bytes[index]! & 15]!
  }
}
