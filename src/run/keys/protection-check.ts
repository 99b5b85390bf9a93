// The check of the PIN block and the card of a message that was read, by the keys. The PIN itself is told to nobody.

import { type CardCheck, createCardCheck } from '../../acquirer/keys/card-check.js'
import { isPinBlock } from '../../acquirer/keys/pin-check.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import { type DerivedKey, dukptOf } from '../../crypto/dukpt-keys.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { createPinCipher, pinAlgorithm } from '../../crypto/pin/pin-cipher.js'
import { isUnderDukpt, transactionKeys } from './fill-protected.js'
import { checkMac, macVerdictLine } from './signed-message.js'

/** One thing that was checked, in words. */
export interface ProtectionFinding {
  readonly line: string
  /** A key of the set says that it is not right. */
  readonly isWrong: boolean
}

/** MAC, PIN block and card verification value, of those that the message carries. */
export function checkProtection(
  codec: Codec,
  body: Uint8Array,
  keys: KeySet,
  front?: Uint8Array,
): readonly ProtectionFinding[] {
  const verdict = checkMac(codec, body, keys, front)
  const mac = macVerdictLine(verdict)
  const peek = codec.peek(body)
  return [
    ...(mac === '' ? [] : [{ line: mac, isWrong: verdict.kind === 'wrong' }]),
    ...pinFinding(codec.dialect, peek, keys),
    ...cardFinding(codec.dialect, peek, keys),
  ]
}

function pinFinding(dialect: Dialect, message: Peek, keys: KeySet): readonly ProtectionFinding[] {
  const { pin } = dialect.rules.security ?? {}
  const block = pin && message.text(pin.field)
  if (pin === undefined || block === undefined) return []
  const place = `PIN block in field ${pin.field}`
  const algorithm = pinAlgorithm(pin.format)
  const wanted = isUnderDukpt(dialect, message) ? 'bdk' : 'pik or zpk'
  const fitting = pinKeys(dialect, message, keys, algorithm)
  if (fitting.length === 0)
    return [{ line: `${place} not checked: no ${algorithm} key for it (usage ${wanted})`, isWrong: false }]
  const key = fitting.find((each) => isPinBlock(createPinCipher(each, pin.format), block, pin, message))
  return key === undefined
    ? [{ line: `${place} wrong: no key of the file opens it as ${pin.format} for this card`, isWrong: true }]
    : [{ line: `${place} valid (${pin.format}, key ${key.name})`, isWrong: false }]
}

function pinKeys(dialect: Dialect, message: Peek, keys: KeySet, algorithm: 'des' | 'aes'): readonly DerivedKey[] {
  if (!isUnderDukpt(dialect, message))
    return keys.keys.filter((key) => (key.usage === 'pik' || key.usage === 'zpk') && key.algorithm === algorithm)
  const transaction = transactionKeys(dialect, message, dukptOf(keys))
  try {
    return transaction === undefined ? [] : [transaction.pin(algorithm)]
  } catch (error) {
    if (error instanceof CryptoError) return []
    throw error
  }
}

function cardFinding(dialect: Dialect, message: Peek, keys: KeySet): readonly ProtectionFinding[] {
  const { cardCheck } = dialect.rules.security ?? {}
  const key = keys.find('cvk')
  if (cardCheck === undefined || key === undefined) return []
  const check: CardCheck = createCardCheck(cardCheck, key.bytes)
  const verdict = check(message)
  if (verdict === undefined) return []
  const place = `card verification value of field ${cardCheck.track.field}`
  return verdict === 'valid'
    ? [{ line: `${place} valid (key ${key.name})`, isWrong: false }]
    : [{ line: `${place} wrong: key ${key.name} gives another`, isWrong: true }]
}
