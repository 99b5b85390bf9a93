// Single messages with a MAC: signed before they leave, checked when they are read.

import { UsageError } from '../../base/errors.js'
import type { Codec } from '../../codec/codec.js'
import type { Message } from '../../codec/message.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import type { Key } from '../../crypto/keys/key.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { Mac } from '../../crypto/mac/mac.js'
import { createMacFields, macFieldNumbers, macOf } from '../../transport/wire/mac-field.js'
import { diagnoseMac } from './mac-diagnosis.js'

export interface SignedMessage {
  readonly bytes: Uint8Array
  /** The key that signed the message; undefined for a message that asked for no MAC. */
  readonly signedWith: Key | undefined
}

/**
 * Packs a message; where field 64 or 128 is the text `{mac}`, its MAC is put there.
 * Throws PackError, CryptoError without a key for MACs, UsageError for a field that cannot hold one.
 */
export function packSigned(codec: Codec, message: Message, keys: () => KeySet): SignedMessage {
  const field = macFieldNumbers.find((number) => message.fields[number] === '{mac}')
  if (field === undefined) return { bytes: codec.pack(message), signedWith: undefined }
  const macFields = createMacFields(codec)
  const bytes = codec.pack({ ...message, fields: { ...message.fields, [field]: macFields.blank(field) } })
  const key = keys().forUsage('mak')
  macFields.sign(macOf(codec.dialect, key), field, bytes)
  return { bytes, signedWith: key }
}

/** Whether a message carries the MAC of one of the keys. */
export type MacVerdict =
  | { readonly kind: 'absent' }
  | { readonly kind: 'noKey'; readonly field: number }
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
export function checkMac(codec: Codec, body: Uint8Array, { keys }: KeySet, front: Uint8Array = noBytes): MacVerdict {
  if (codec.dialect.rules.security?.mac === undefined) return { kind: 'absent' }
  const macFields = createMacFields(codec)
  const field = macFields.of(codec.peek(body))
  if (field === undefined) return { kind: 'absent' }
  const macKeys = keys.filter(({ usage }) => usage === 'mak')
  if (macKeys.length === 0) return { kind: 'noKey', field }
  const macs = macKeys.flatMap((key) => usable(codec, key))
  const found = macs.find(({ mac }) => macFields.isSigned(mac, field, body))
  if (found !== undefined) return { kind: 'valid', field, key: found.name }
  const macBytes = macFields.widthOf(field)
  return { kind: 'wrong', field, diagnosis: diagnoseMac(codec, { body, macBytes, front }, macKeys) }
}

/** A verdict in words; empty for a message without a MAC. */
export function macVerdictLine(verdict: MacVerdict): string {
  switch (verdict.kind) {
    case 'absent':
      return ''
    case 'noKey':
      return `MAC in field ${verdict.field} not checked: no key for it (usage mak)`
    case 'valid':
      return `MAC valid (key ${verdict.key})`
    case 'wrong':
      return verdict.diagnosis === undefined
        ? 'MAC wrong: no known algorithm, padding or coverage gives it with the keys of the file'
        : `MAC wrong for this dialect: ${verdict.diagnosis}`
  }
}

function usable(codec: Codec, key: Key): readonly { readonly name: string; readonly mac: Mac }[] {
  try {
    return [{ name: key.name, mac: macOf(codec.dialect, key) }]
  } catch (error) {
    // A key that the dialect has no algorithm for may still have made the MAC: the diagnosis tries it.
    if (error instanceof CryptoError || error instanceof UsageError) return []
    throw error
  }
}
