// Single messages that keys protect: made before they leave; their MAC is checked when they are read.

import { UsageError } from '../../base/errors.js'
import type { Codec } from '../../codec/codec.js'
import type { Message } from '../../codec/message.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import { type DerivedKey, dukptOf, type TransactionKeys } from '../../crypto/dukpt-keys.js'
import type { KeyUsage } from '../../crypto/keys/key.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { Mac } from '../../crypto/mac/mac.js'
import { createMacFields, macFieldNumbers, macOf } from '../../transport/wire/mac-field.js'
import { isResponse } from '../../transport/wire/match-key.js'
import { fillProtected, isUnderDukpt, transactionKeys, wordsFor } from './fill-protected.js'
import { diagnoseMac } from './mac-diagnosis.js'
import { readMacField } from './mac-forms.js'

export interface ProtectedBytes {
  readonly bytes: Uint8Array
  /** In words: what was made with which key; empty for a message that asked for nothing. */
  readonly made: readonly string[]
}

/**
 * Packs a message and makes what it asks for: `{ksn}` the first key serial number, `{pinBlock}` the block of a test PIN, `{card.cvv}`,
 * `{card.icvv}` and `{card.cvv2}` in any text, and `{mac}` in field 64 or 128.
 * Throws PackError, CryptoError without a key for it, UsageError for a field that cannot hold it.
 */
export function packProtected(codec: Codec, message: Message, keys: () => KeySet): ProtectedBytes {
  const filled = fillProtected(codec.dialect, message, keys)
  const field = macFieldNumbers.find((number) => filled.fields[number] === '{mac}')
  if (field === undefined) return { bytes: codec.pack({ ...message, fields: filled.fields }), made: filled.made }
  const macFields = createMacFields(codec)
  const bytes = codec.pack({ ...message, fields: { ...filled.fields, [field]: macFields.blank(field) } })
  const key = filled.dukpt?.requestMac ?? keys().forUsage('mak')
  macFields.sign(macOf(codec.dialect, key), field, bytes)
  return { bytes, made: [`signed with ${wordsFor(key)}`, ...filled.made] }
}

/** Whether a message carries the MAC of one of the keys. */
export type MacVerdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'noKey'; readonly field: number; readonly usage: KeyUsage }
  | { readonly kind: 'valid'; readonly field: number; readonly key: string }
  | {
      readonly kind: 'wrong'
      readonly field: number
      /** How it was computed instead of as the dialect says; undefined where no known way fits. */
      readonly diagnosis: string | undefined
    }

const noBytes = new Uint8Array(0)

/**
 * Tries every key for MACs that the dialect's algorithms take. `body` is a message that can be read, `front` what stood in
 * front of it.
 */
export function checkMac(codec: Codec, body: Uint8Array, keys: KeySet, front: Uint8Array = noBytes): MacVerdict {
  if (codec.dialect.rules.security?.mac === undefined) return { kind: 'absent' }
  const macFields = createMacFields(codec)
  const field = macFields.of(codec.peek(body))
  if (field === undefined) return { kind: 'absent' }
  const peek = codec.peek(body)
  const transaction = transactionKeys(codec.dialect, peek, dukptOf(keys))
  const isAnswer = isResponse(peek.mti)
  const derived = transaction && (isAnswer ? transaction.answerMac : transaction.requestMac)
  const macKeys = [...(derived === undefined ? [] : [derived]), ...keys.keys.filter(({ usage }) => usage === 'mak')]
  if (macKeys.length === 0) return { kind: 'noKey', field, usage: isUnderDukpt(codec.dialect, peek) ? 'bdk' : 'mak' }
  const macs = macKeys.flatMap((key) => usable(codec, key))
  const found = macs.find(({ mac }) => macFields.isSigned(mac, field, body))
  if (found !== undefined) return { kind: 'valid', field, key: found.name }
  const macBytes = macFields.widthOf(field)
  const held = readMacField(body.subarray(body.length - macBytes), macFields.digitsOf(field))
  const suspects = [...macKeys, ...(transaction === undefined ? [] : [otherWay(transaction, isAnswer)])]
  return { kind: 'wrong', field, diagnosis: diagnoseMac(codec, { body, macBytes, held, front }, suspects) }
}

/** The older DUKPT has one MAC key for both ways, and some hosts take the wrong one. */
function otherWay({ requestMac, answerMac }: TransactionKeys, isAnswer: boolean): DerivedKey {
  const [key, way] = isAnswer ? [requestMac, 'request'] : [answerMac, 'answer']
  return { ...key, name: `${key.name} of the ${way}` }
}

/** A verdict in words; empty for a message without a MAC. */
export function macVerdictLine(verdict: MacVerdict): string {
  switch (verdict.kind) {
    case 'absent':
      return ''
    case 'noKey':
      return `MAC in field ${verdict.field} not checked: no key for it (usage ${verdict.usage})`
    case 'valid':
      return `MAC valid (key ${verdict.key})`
    case 'wrong':
      return verdict.diagnosis === undefined
        ? 'MAC wrong: no known algorithm, padding or coverage gives it with the keys of the file'
        : `MAC wrong for this dialect: ${verdict.diagnosis}`
  }
}

function usable(codec: Codec, key: DerivedKey): readonly { readonly name: string; readonly mac: Mac }[] {
  try {
    return [{ name: key.name, mac: macOf(codec.dialect, key) }]
  } catch (error) {
    // A key that the dialect has no algorithm for may still have made the MAC: the diagnosis tries it.
    if (error instanceof CryptoError || error instanceof UsageError) return []
    throw error
  }
}
