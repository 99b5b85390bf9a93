// Block ciphers of node:crypto without padding, ready for use per message: setting up a context costs more than the
// few blocks of a payment message, so a context is made once per key and kept.

import { createCipheriv, createDecipheriv } from 'node:crypto'
import { agreeing, counted } from '../../base/text/counted.js'
import { CryptoError } from '../crypto-error.js'

/** One key of one cipher. Data must be whole blocks; `CryptoError` `data-length` otherwise. */
export interface BlockCipher {
  /** 8 for DES, 16 for AES and SM4. */
  readonly blockBytes: number
  /** ECB. */
  encrypt(bytes: Uint8Array): Uint8Array
  /** ECB. */
  decrypt(bytes: Uint8Array): Uint8Array
}

/** The name of a cipher in OpenSSL, and its key as OpenSSL wants it. */
export interface CipherSetup {
  /** OpenSSL's name without the mode: 'des-ede3', 'aes-128', 'sm4'. */
  readonly cipher: string
  readonly key: Uint8Array
  readonly blockBytes: number
}

/** ECB. A kept context is safe here, because ECB carries nothing from block to block. */
export function createEcb({ cipher, key, blockBytes }: CipherSetup): BlockCipher {
  let encryptor: ReturnType<typeof createCipheriv> | undefined
  let decryptor: ReturnType<typeof createDecipheriv> | undefined
  return {
    blockBytes,
    encrypt(bytes) {
      requireBlocks(bytes, blockBytes)
      encryptor ??= createCipheriv(`${cipher}-ecb`, key, null).setAutoPadding(false)
      return encryptor.update(bytes)
    },
    decrypt(bytes) {
      requireBlocks(bytes, blockBytes)
      decryptor ??= createDecipheriv(`${cipher}-ecb`, key, null).setAutoPadding(false)
      return decryptor.update(bytes)
    },
  }
}

/**
 * The last block of CBC with initial vector zero over whole blocks: the chain under CBC-MAC, X9.9, X9.19 and CMAC.
 * `blocks` is overwritten; the block returned is only good until the next call.
 */
export function createCbcChain({ cipher, key, blockBytes }: CipherSetup): (blocks: Uint8Array) => Uint8Array {
  const last = new Uint8Array(blockBytes)
  const encryptor = createCipheriv(`${cipher}-cbc`, key, last).setAutoPadding(false)
  return (blocks) => {
    // The kept context still chains from the message before; undoing that in the first block makes the vector zero again.
    for (let index = 0; index < blockBytes; index++) blocks[index]! ^= last[index]!
    const out = encryptor.update(blocks)
    const from = out.length - blockBytes
    for (let index = 0; index < blockBytes; index++) last[index] = out[from + index]!
    return last
  }
}

function requireBlocks(bytes: Uint8Array, blockBytes: number): void {
  if (bytes.length % blockBytes === 0) return
  throw new CryptoError(
    'data-length',
    `${counted(bytes.length, 'byte')} ${agreeing(bytes.length, 'is', 'are')} not whole blocks of ${blockBytes}; pad them first`,
  )
}
