// A key in memory. Its bytes are in nothing that prints: not in JSON, not in util.inspect, not in a loop over properties.

import { CryptoError } from '../crypto-error.js'
import { fromHex, toHex } from '../hex.js'
import { kcvAes, kcvAesLegacy, kcvDes, kcvSm4 } from './key-check-value.js'

export const keyAlgorithms = ['des', 'aes', 'sm4'] as const
export type KeyAlgorithm = (typeof keyAlgorithms)[number]

/**
 * The purpose of a key: terminal master key, PIN key, MAC key, track data key, zone PIN key, base derivation key,
 * card verification key pair, issuer master key for application cryptograms.
 */
export const keyUsages = ['tmk', 'pik', 'mak', 'tdk', 'zpk', 'bdk', 'cvk', 'mk-ac'] as const
export type KeyUsage = (typeof keyUsages)[number]

export interface Key {
  readonly kind: 'key'
  readonly name: string
  readonly usage: KeyUsage
  readonly algorithm: KeyAlgorithm
  /** Length in bits, as stored: parity bits of DES count. */
  readonly bits: number
  /** The key check value in hex: 3 bytes for DES, 5 (CMAC) for AES, 4 for SM4. */
  readonly kcv: string
  /** The key serial number with which the terminals of a base derivation key begin, in hex; left out: the standard's example. */
  readonly ksn?: string | undefined
  /** A key that everybody knows, because it comes with the product. */
  readonly test: boolean
  /** The key itself. Not enumerable. */
  readonly bytes: Uint8Array
}

/**
 * A key of these bytes, which are copied.
 * @throws CryptoError `key-length`, or `unavailable` for SM4 where OpenSSL lacks it.
 */
export function createKey(input: {
  readonly name: string
  readonly usage: KeyUsage
  readonly algorithm: KeyAlgorithm
  readonly bytes: Uint8Array
  readonly ksn?: string | undefined
  readonly test?: boolean
}): Key {
  const bytes = new Uint8Array(input.bytes)
  const { name, usage, algorithm, ksn, test = false } = input
  const shown = {
    kind: 'key',
    name,
    usage,
    algorithm,
    bits: bytes.length * 8,
    kcv: kcvOf(algorithm, bytes),
    ...(ksn !== undefined && { ksn }),
    test,
  } as const
  const hidden = {
    // Getters, because util.inspect with showHidden prints hidden values but calls no getter.
    bytes: { get: () => bytes },
    [Symbol.for('nodejs.util.inspect.custom')]: { value: () => `[key KCV=${shown.kcv}]` },
  }
  return Object.freeze(Object.defineProperties({ ...shown }, hidden)) as Key
}

/**
 * Checks the key against a check value that was announced with it: hex of 2 to 8 bytes, of which the first bytes must
 * agree. An AES key may be announced by either kind of check value.
 * @throws CryptoError `key-check`.
 */
export function requireKcv(key: Key, expected: string): void {
  const wanted = fromHex(expected, `check value of key '${key.name}'`)
  if (wanted.length >= 2 && wanted.length <= 8) {
    if (longKcvs(key, wanted.length).some((kcv) => toHex(kcv) === toHex(wanted))) return
  }
  // The announced check value is not quoted: someone may have put the key itself in its place.
  const problem = `key '${key.name}' has check value ${key.kcv}, not the one that was announced`
  throw new CryptoError('key-check', `${problem}: it is another key, or another master key wrapped it`)
}

function kcvOf(algorithm: KeyAlgorithm, bytes: Uint8Array): string {
  if (algorithm === 'des') return toHex(kcvDes(bytes))
  return toHex(algorithm === 'aes' ? kcvAes(bytes) : kcvSm4(bytes))
}

function longKcvs({ algorithm, bytes }: Key, length: number): Uint8Array[] {
  if (algorithm === 'des') return [kcvDes(bytes, length)]
  return algorithm === 'aes' ? [kcvAes(bytes, length), kcvAesLegacy(bytes, length)] : [kcvSm4(bytes, length)]
}
