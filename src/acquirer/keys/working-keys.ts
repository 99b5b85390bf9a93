// The working keys that a host makes for a terminal that signs on.

import { createKey, type Key, type KeyUsage } from '../../crypto/keys/key.js'
import type { WorkingKeys } from '../../crypto/keys/key-wrap.js'

/** Bytes of each key, as the dialect says. */
export interface KeyLengths {
  readonly pik: number
  readonly mak: number
  readonly tdk?: number
}

/**
 * New keys of the master key's kind. A master key of three parts gives its double-length keys three parts too, and SM4
 * knows one length only.
 */
export function makeWorkingKeys(
  masterKey: Key,
  { pik, mak, tdk }: KeyLengths,
  makeKey: (length: number) => Uint8Array,
): WorkingKeys {
  const { algorithm, bits, test } = masterKey
  const make = (usage: KeyUsage, length: number) => {
    const bytes = algorithm === 'sm4' ? 16 : length === 16 && bits === 192 ? 24 : length
    return createKey({ name: usage, usage, algorithm, bytes: makeKey(bytes), test })
  }
  const keys = { pik: make('pik', pik), mak: make('mak', mak) }
  return tdk === undefined ? keys : { ...keys, tdk: make('tdk', tdk) }
}
