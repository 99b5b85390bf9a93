// Working keys under a master key: enciphered in ECB, and delivered in DE62 of a CUP sign-on answer, each with the
// first bytes of its check value. The length of DE62 decides its layout.

import type { BlockCipher } from '../ciphers/block-cipher.js'
import { createDes } from '../ciphers/des.js'
import { createSm4 } from '../ciphers/sm4.js'
import { CryptoError } from '../crypto-error.js'
import { toHex } from '../hex.js'
import { createKey, type Key, type KeyAlgorithm, requireKcv } from './key.js'
import { kcvDes, kcvSm4 } from './key-check-value.js'

/** The working keys of a terminal after sign-on. `tdk` only where the layout has one. */
export interface WorkingKeys {
  readonly pik: Key
  readonly mak: Key
  readonly tdk?: Key
}

/** A key's bytes enciphered under a master key, ECB. @throws CryptoError `data-length` or `key-length`. */
export const wrapKey = (masterKey: Key, bytes: Uint8Array): Uint8Array => cipherOf(masterKey).encrypt(bytes)

/** The same back. */
export const unwrapKey = (masterKey: Key, wrapped: Uint8Array): Uint8Array => cipherOf(masterKey).decrypt(wrapped)

/**
 * The working keys in DE62 of a sign-on answer: 24, 40, 56, 57, 60 or 84 bytes. A key whose place is longer than it
 * is filled up with zero bytes, on the wire or under the wrapping.
 * @throws CryptoError `data-length` for another length, `key-check` when a key does not have its check value.
 */
export function readSignOnKeys(masterKey: Key, bytes: Uint8Array): WorkingKeys {
  const layout = layouts.find(({ names, keyBytes, kcvBytes }) => names.length * (keyBytes + kcvBytes) === bytes.length)
  if (layout === undefined)
    throw new CryptoError('data-length', `sign-on keys have ${known} bytes, these have ${bytes.length}`)
  const step = layout.keyBytes + layout.kcvBytes
  const keys = layout.names.map((name, index) => {
    const part = bytes.subarray(index * step, (index + 1) * step)
    return readOne(masterKey, name, part.subarray(0, layout.keyBytes), part.subarray(layout.keyBytes))
  })
  const [pik, mak, tdk] = keys as [Key, Key, Key?]
  return tdk === undefined ? { pik, mak } : { pik, mak, tdk }
}

/**
 * DE62 of a sign-on answer for these keys: places of 8, 16 or 24 bytes as the longest key needs, check values of 4.
 * @throws CryptoError `data-length` when no layout has such places: single length keys together with a TDK.
 */
export function buildSignOnKeys(masterKey: Key, { pik, mak, tdk }: WorkingKeys): Uint8Array {
  const keys = tdk === undefined ? [pik, mak] : [pik, mak, tdk]
  const keyBytes = Math.max(...keys.map((key) => key.bytes.length))
  const fits = layouts.some(
    (row) => row.names.length === keys.length && row.keyBytes === keyBytes && row.kcvBytes === 4,
  )
  if (!fits) throw new CryptoError('data-length', `no CUP sign-on carries ${keys.length} keys of ${keyBytes} bytes`)
  return Buffer.concat(keys.flatMap((key) => buildOne(masterKey, key, keyBytes)))
}

type WorkingName = keyof WorkingKeys

interface Layout {
  readonly names: readonly WorkingName[]
  readonly keyBytes: number
  readonly kcvBytes: number
}

const two = ['pik', 'mak'] as const
const three = ['pik', 'mak', 'tdk'] as const

const layouts: readonly Layout[] = [
  { names: two, keyBytes: 8, kcvBytes: 4 },
  { names: two, keyBytes: 16, kcvBytes: 4 },
  { names: two, keyBytes: 24, kcvBytes: 4 },
  // Seen at one acquirer.
  { names: three, keyBytes: 16, kcvBytes: 3 },
  { names: three, keyBytes: 16, kcvBytes: 4 },
  { names: three, keyBytes: 24, kcvBytes: 4 },
]

const known = layouts.map((row) => row.names.length * (row.keyBytes + row.kcvBytes)).join(', ')

function readOne(masterKey: Key, name: WorkingName, wrapped: Uint8Array, kcv: Uint8Array): Key {
  const bytes = withoutFill(masterKey, wrapped)
  const key = createKey({ name, usage: name, algorithm: masterKey.algorithm, bytes, test: masterKey.test })
  requireKcv(key, toHex(kcv))
  return key
}

/** Hosts fill a short key up before or after wrapping it; both are taken. A key part of zeros is no real key. */
function withoutFill(masterKey: Key, wrapped: Uint8Array): Uint8Array {
  const unwrapped = unwrapKey(masterKey, wrapped)
  if (masterKey.algorithm !== 'des') return unwrapped
  let end = wrapped.length
  while (end > 8 && (isZero(wrapped.subarray(end - 8, end)) || isZero(unwrapped.subarray(end - 8, end)))) end -= 8
  return unwrapped.subarray(0, end)
}

function buildOne(masterKey: Key, key: Key, keyBytes: number): Uint8Array[] {
  const fill = new Uint8Array(keyBytes - key.bytes.length)
  return [wrapKey(masterKey, key.bytes), fill, kcvOf(key.algorithm, key.bytes)]
}

const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0)

const kcvOf = (algorithm: KeyAlgorithm, bytes: Uint8Array): Uint8Array =>
  algorithm === 'sm4' ? kcvSm4(bytes, 4) : kcvDes(bytes, 4)

function cipherOf(masterKey: Key): BlockCipher {
  if (masterKey.algorithm === 'des') return createDes(masterKey.bytes)
  if (masterKey.algorithm === 'sm4') return createSm4(masterKey.bytes)
  throw new CryptoError(
    'key-length',
    `key '${masterKey.name}' is AES; CUP working keys come under a DES or SM4 master key`,
  )
}
