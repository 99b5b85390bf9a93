// Single messages with a MAC: signed before they leave, checked when they are read.

import type { Codec } from '../../codec/codec.js'
import type { Message } from '../../codec/message.js'
import { CryptoError } from '../../crypto/crypto-error.js'
import type { Key } from '../../crypto/keys/key.js'
import type { KeySet } from '../../crypto/keys/key-set.js'
import type { Mac } from '../../crypto/mac/mac.js'
import { createMacFields, macFieldNumbers, macOf } from '../../transport/wire/mac-field.js'

export interface SignedMessage {
  readonly bytes: Uint8Array
  /** What it was signed with; undefined for a message that asked for no MAC. */
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
  | { readonly kind: 'wrong'; readonly field: number }

/** Tries every key for MACs that the dialect's algorithms take. `body` is a message that can be read. */
export function checkMac(codec: Codec, body: Uint8Array, { keys }: KeySet): MacVerdict {
  if (codec.dialect.rules.security?.mac === undefined) return { kind: 'absent' }
  const macFields = createMacFields(codec)
  const field = macFields.of(codec.peek(body))
  if (field === undefined) return { kind: 'absent' }
  const macs = keys.filter(({ usage }) => usage === 'mak').flatMap((key) => usable(codec, key))
  if (macs.length === 0) return { kind: 'noKey', field }
  const found = macs.find(({ mac }) => macFields.isSigned(mac, field, body))
  return found === undefined ? { kind: 'wrong', field } : { kind: 'valid', field, key: found.name }
}

/** A verdict in words; empty for a message without a MAC. */
export function verdictLine(verdict: MacVerdict): string {
  switch (verdict.kind) {
    case 'absent':
      return ''
    case 'noKey':
      return `MAC in field ${verdict.field} not checked: no key for it (usage mak)`
    case 'valid':
      return `MAC valid (key ${verdict.key})`
    case 'wrong':
      return 'MAC wrong'
  }
}

function usable(codec: Codec, key: Key): readonly { readonly name: string; readonly mac: Mac }[] {
  try {
    return [{ name: key.name, mac: macOf(codec.dialect, key) }]
  } catch (error) {
    if (error instanceof CryptoError) return []
    throw error
  }
}
