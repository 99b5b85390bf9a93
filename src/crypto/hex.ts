// Bytes and digits to and from hexadecimal text. Text that is no hex is refused without being quoted: it may be a key.

import { counted } from '../base/text/counted.js'
import { CryptoError } from './crypto-error.js'

/** Upper-case hex, two digits a byte. */
export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex').toUpperCase()
}

/**
 * Hex of even length, in either case, to bytes.
 * @throws CryptoError `hex`; `what` names the value in it.
 */
export function fromHex(text: string, what = 'value'): Uint8Array {
  if (text.length % 2 !== 0 || /[^0-9A-Fa-f]/.test(text)) {
    throw new CryptoError('hex', `the ${what} (${counted(text.length, 'character')}) is not hex of an even length`)
  }
  return new Uint8Array(Buffer.from(text, 'hex'))
}
