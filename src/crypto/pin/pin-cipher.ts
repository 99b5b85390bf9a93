// PIN blocks under a PIN key, of every format: made by a terminal, opened by a host.

import type { Random } from '../../base/random.js'
import { createDes } from '../ciphers/des.js'
import { CryptoError } from '../crypto-error.js'
import { decodePinBlock, encodePinBlock, type PinBlockFormat } from './pin-block.js'
import { decipherPinBlock4, encipherPinBlock4 } from './pin-block-4.js'

/** Those of ISO 9564-1, and China UnionPay's without a card number. */
export type PinFormat = PinBlockFormat | 'iso-4'

/** The PIN of every test card: six digits, as UnionPay's are. */
export const testPin = '123456'

export interface PinCipher {
  /** The enciphered block: 8 bytes, in format 4 16. @throws CryptoError `pin` or `pan`. */
  encipher(pin: string, pan: string, random: Pick<Random, 'below'>): Uint8Array
  /** The PIN. @throws CryptoError `pin-block` where another key, card number or format made the block. */
  decipher(block: Uint8Array, pan: string): string
}

/** The kind of key that enciphers blocks of this format: format 4 is made for AES, all others for DES. */
export const pinAlgorithm = (format: PinFormat) => (format === 'iso-4' ? 'aes' : 'des')

/** @throws CryptoError `key-length`, also where the key is of another kind than the format wants. */
export function createPinCipher(
  { algorithm, bytes: key }: { readonly algorithm: string; readonly bytes: Uint8Array },
  format: PinFormat,
): PinCipher {
  const wanted = pinAlgorithm(format)
  if (algorithm !== wanted)
    throw new CryptoError(
      'key-length',
      `a PIN block of format ${format} takes a key of ${wanted}, this is one of ${algorithm}`,
    )
  if (format === 'iso-4') {
    return {
      encipher: (pin, pan, random) => encipherPinBlock4({ key, pin, pan, random }),
      decipher: (block, pan) => decipherPinBlock4({ key, block, pan }),
    }
  }
  const des = createDes(key)
  return {
    encipher: (pin, pan, random) => des.encrypt(encodePinBlock({ format, pin, pan, random })),
    decipher(block, pan) {
      if (block.length !== 8)
        throw new CryptoError('data-length', `a PIN block has 8 bytes, this one has ${block.length}`)
      return decodePinBlock({ format, block: des.decrypt(block), pan })
    },
  }
}
