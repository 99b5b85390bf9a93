// The parts of a single message that need keys, beside its MAC: a key serial number, a PIN block, card verification values.

import { UsageError } from '../../base/errors.js'
import { createRandom } from '../../base/random.js'
import type { Peek } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import type { Fields, FieldValue, Message } from '../../codec/message.js'
import { cardVerificationValue, verificationServiceCodes } from '../../crypto/card/cvv.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import {
  baseKeyOf,
  createKeySerials,
  type DerivedKey,
  type Dukpt,
  dukptOf,
  type TransactionKeys,
} from '../../crypto/dukpt-keys.js'
import { fromHex, toHex } from '../../crypto/hex.js'
import type { Key } from '../../crypto/keys/key.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import { createPinCipher, type PinFormat, pinAlgorithm, testPin } from '../../crypto/pin/pin-cipher.js'

export interface FilledMessage {
  readonly fields: Fields
  readonly made: readonly string[]
  /** The keys of its transaction; undefined for a message that is not under DUKPT. */
  readonly dukpt: TransactionKeys | undefined
}

/** Throws CryptoError without a key for what is asked, UsageError where the dialect has no rule for it. */
export function fillProtected(dialect: Dialect, { fields }: Message, keys: () => KeySet): FilledMessage {
  const made: string[] = []
  const { security } = dialect.rules
  const withSerial = replaced(fields, '{ksn}', () => {
    if (security?.dukpt === undefined)
      throw new UsageError(`dialect ${dialect.name} names no field for a key serial number (security.dukpt)`)
    const key = baseKeyOf(keys(), security.pin?.format) ?? keys().forUsage('bdk')
    return toHex(createKeySerials(key, 0).next())
  })
  const serial = security?.dukpt && withSerial[security.dukpt.field]
  const dukpt =
    asksForKeys(withSerial) && typeof serial === 'string'
      ? dukptOf(keys())?.keysOf(fromHex(serial, 'key serial number'))
      : undefined
  const withPin = replaced(withSerial, '{pinBlock}', () => {
    if (security?.pin === undefined)
      throw new UsageError(`dialect ${dialect.name} has no rule for PIN blocks (security.pin)`)
    const { format } = security.pin
    const key = dukpt?.pin(pinAlgorithm(format)) ?? pinKeyOf(keys(), format)
    made.push(`PIN block (${format}) of the test PIN with ${wordsFor(key)}`)
    return toHex(createPinCipher(key, format).encipher(testPin, panOf(dialect, withSerial), createRandom(0)))
  })
  const withValues = mapTexts(withPin, (text) =>
    text.replace(/\{card\.(cvv2|cvv|icvv)\}/g, (_, which: ValueName) => {
      const key = keys().forUsage('cvk')
      made.push(`${which.toUpperCase()} with ${wordsFor(key)}`)
      return verificationValue(dialect, withPin, which, key)
    }),
  )
  return { fields: withValues, made, dukpt }
}

const asksForKeys = (fields: Fields) =>
  Object.values(fields).some((value) => value === '{mac}' || value === '{pinBlock}')

/** A key as it may be named: derived ones have no check value of their own. */
export const wordsFor = (key: DerivedKey | Key) => ('kcv' in key ? `${key.name} KCV ${key.kcv}` : key.name)

export function isUnderDukpt({ rules }: Dialect, message: Pick<Peek, 'text'>): boolean {
  return rules.security?.dukpt !== undefined && message.text(rules.security.dukpt.field) !== undefined
}

/** The keys of a message under DUKPT; undefined for another message, and without the key that they come from. */
export function transactionKeys(
  { rules }: Dialect,
  message: Pick<Peek, 'text'>,
  dukpt: Dukpt | undefined,
): TransactionKeys | undefined {
  const ksn = rules.security?.dukpt && message.text(rules.security.dukpt.field)
  if (ksn === undefined) return undefined
  try {
    return dukpt?.keysOf(fromHex(ksn, 'key serial number'))
  } catch (error) {
    if (error instanceof CryptoError) return undefined
    throw error
  }
}

/** The PIN key of a key set for blocks of this format. */
const pinKeyOf = (keys: KeySet, format: PinFormat): Key =>
  keys.findOfKind(['pik', 'zpk'], pinAlgorithm(format)) ?? keys.forUsage('pik')

/** The card number of a message: of the first field that has one. */
export function panOf({ rules }: Dialect, fields: Fields): string {
  const texts = (rules.security?.pin?.panFrom ?? [2, 35]).map((field) => fields[field])
  const text = texts.find((value) => typeof value === 'string')
  return typeof text === 'string' ? (/^\d*/.exec(text)?.[0] ?? '') : ''
}

type ValueName = 'cvv' | 'icvv' | 'cvv2'

function verificationValue(dialect: Dialect, fields: Fields, which: ValueName, { bytes: key }: Key): string {
  const check = dialect.rules.security?.cardCheck
  if (check === undefined)
    throw new UsageError(`dialect ${dialect.name} has no rule for card verification values (security.cardCheck)`)
  const track = fields[check.track.field]
  const [, trackExpiry, trackCode] = /[=D](\d{4})(\d{3})/.exec(typeof track === 'string' ? track : '') ?? []
  const given = fields[check.expiry]
  const expiry = typeof given === 'string' ? given : (trackExpiry ?? '')
  const serviceCode = which === 'cvv' ? (trackCode ?? '') : verificationServiceCodes[which]
  return cardVerificationValue({ key, pan: panOf(dialect, fields), expiry, serviceCode })
}

function replaced(fields: Fields, gap: string, value: () => string): Fields {
  return mapTexts(fields, (text) => (text === gap ? value() : text))
}

const mapTexts = (fields: Fields, change: (text: string) => string): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([field, value]): [string, FieldValue] => [
      field,
      typeof value === 'string' ? change(value) : value,
    ]),
  )
