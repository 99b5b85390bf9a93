// Whether a PIN block is one for the card of its message. The PIN itself is told to nobody.

import type { Peek } from '../../codec/codec.js'
import type { SecurityRules } from '../../codec/rules/security-rules.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import { fromHex } from '../../crypto/hex.js'
import type { PinCipher } from '../../crypto/pin/pin-cipher.js'

type PinRules = NonNullable<SecurityRules['pin']>

/** `hex`: the block, as it stands in the message. */
export function isPinBlock(
  cipher: PinCipher,
  hex: string,
  { panFrom }: Pick<PinRules, 'panFrom'>,
  message: Pick<Peek, 'text'>,
): boolean {
  const text = panFrom.map((field) => message.text(field)).find((value) => value !== undefined) ?? ''
  const pan = /^\d*/.exec(text)?.[0] ?? ''
  try {
    cipher.decipher(fromHex(hex, 'PIN block'), pan)
    return true
  } catch (error) {
    if (error instanceof CryptoError) return false
    throw error
  }
}
