// The keys of one transaction under DUKPT, whichever kind the base derivation key is: TDES (ANSI X9.24-1) with key serial
// numbers of 10 bytes, AES (X9.24-3) with 12. Who has the base derivation key finds them from the number alone.

import { CryptoError } from './crypto-error.js'
import { type AesDukptUsage, deriveInitialKey, deriveWorkingKey, nextAesKsn } from './dukpt-aes.js'
import { deriveIpek, deriveTransactionKey, dukptKey, nextTdesKsn } from './dukpt-tdes.js'
import { toHex } from './hex.js'
import type { Key } from './keys/key.js'
import type { KeySet } from './keys/key-set.js'
import type { PinFormat } from './pin/pin-cipher.js'

export type DerivedKey = Pick<Key, 'name' | 'algorithm' | 'bytes' | 'test'>

export interface TransactionKeys {
  /** In hex. */
  readonly ksn: string
  /** For PIN blocks under a key of this kind: an AES base derivation key has both, one of TDES has DES alone. */
  pin(algorithm: 'des' | 'aes'): DerivedKey
  /** Signs what the terminal sends. */
  readonly requestMac: DerivedKey
  /** Signs what the host answers. */
  readonly answerMac: DerivedKey
}

export interface Dukpt {
  /** @throws CryptoError `ksn` for a number that is none, `key-missing` where no base derivation key is for it. */
  keysOf(ksn: Uint8Array): TransactionKeys
}

/** Devices whose initial keys are kept, and transactions whose keys are: a host asks for those of one several times. */
const mostDevices = 100_000
const mostTransactions = 4096

/** DUKPT by the base derivation keys of the set; undefined where it has none. */
export function dukptOf({ keys }: KeySet): Dukpt | undefined {
  const bdks = keys.filter(({ usage }) => usage === 'bdk')
  return bdks.length === 0 ? undefined : createDukpt(bdks)
}

/** The base derivation key of the set for a device that enciphers PINs in this format: format 4 takes one of AES where there is one. */
export const baseKeyOf = (keys: KeySet, format: PinFormat | undefined): Key | undefined =>
  keys.findOfKind(['bdk'], format === 'iso-4' ? 'aes' : undefined)

export function createDukpt(bdks: readonly Key[]): Dukpt {
  const initialKeys = new Map<string, Uint8Array>()
  const recent = new Map<string, TransactionKeys>()
  const initialKeyOf = (bdk: Key, ksn: Uint8Array): Uint8Array => {
    const device = `${bdk.name} ${deviceOf(bdk, ksn)}`
    const known = initialKeys.get(device)
    if (known !== undefined) return known
    const made = bdk.algorithm === 'aes' ? deriveInitialKey(bdk.bytes, ksn.subarray(0, 8)) : deriveIpek(bdk.bytes, ksn)
    if (initialKeys.size >= mostDevices) initialKeys.clear()
    initialKeys.set(device, made)
    return made
  }
  return {
    keysOf(ksn) {
      const name = toHex(ksn)
      const known = recent.get(name)
      if (known !== undefined) return known
      const bdk = bdkFor(bdks, name)
      const made =
        bdk.algorithm === 'aes' ? aesKeys(bdk, initialKeyOf(bdk, ksn), ksn) : tdesKeys(bdk, initialKeyOf(bdk, ksn), ksn)
      if (recent.size >= mostTransactions) recent.clear()
      recent.set(name, made)
      return made
    },
  }
}

/** The first key serial number of a terminal, and each that follows. `terminal` counts from 0. */
export interface KeySerials {
  next(): Uint8Array
}

/** @throws CryptoError `ksn` where the number of the terminal does not fit. */
export function createKeySerials(bdk: Key, terminal: number): KeySerials {
  const isAes = bdk.algorithm === 'aes'
  const first = Buffer.from(bdk.ksn ?? exampleOf(bdk), 'hex')
  // The counter of TDES takes 21 bits, that of AES 32; the device's number stands in front of it.
  let ksn: Uint8Array = added(first, BigInt(terminal) << (isAes ? 32n : 21n))
  return {
    next() {
      ksn = isAes ? nextAesKsn(ksn) : nextTdesKsn(ksn)
      return ksn
    },
  }
}

/** The key sets of the examples in ANSI X9.24-1 and X9.24-3. */
const exampleOf = ({ algorithm }: Key) => (algorithm === 'aes' ? '123456789012345600000000' : 'FFFF9876543210E00000')

function added(first: Uint8Array, amount: bigint): Uint8Array {
  const digits = (BigInt(`0x${toHex(first)}`) + amount).toString(16).padStart(2 * first.length, '0')
  if (digits.length > 2 * first.length)
    throw new CryptoError('ksn', 'more terminals than key serial numbers from there on')
  return new Uint8Array(Buffer.from(digits, 'hex'))
}

/** The key whose key set the number names (its first 5 bytes in TDES, its first 4 in AES), else the first of its kind. */
function bdkFor(bdks: readonly Key[], ksn: string): Key {
  const algorithm = ksn.length === 24 ? 'aes' : ksn.length === 20 ? 'des' : undefined
  if (algorithm === undefined)
    throw new CryptoError('ksn', `a key serial number has 10 bytes (TDES) or 12 (AES), this one has ${ksn.length / 2}`)
  const fitting = bdks.filter((key) => key.algorithm === algorithm)
  const digits = algorithm === 'aes' ? 8 : 10
  const found = fitting.find((key) => key.ksn?.slice(0, digits) === ksn.slice(0, digits)) ?? fitting[0]
  if (found === undefined) throw new CryptoError('key-missing', `no base derivation key (usage bdk) of ${algorithm}`)
  return found
}

/** All of the key serial number but its counter. */
function deviceOf({ algorithm }: Key, ksn: Uint8Array): string {
  const hex = toHex(ksn)
  return algorithm === 'aes' ? hex.slice(0, 16) : hex.slice(0, 14) + (Number.parseInt(hex.slice(14, 15), 16) & 0xe)
}

function tdesKeys(bdk: Key, ipek: Uint8Array, ksn: Uint8Array): TransactionKeys {
  const key = deriveTransactionKey(ipek, ksn)
  const derived = (use: Parameters<typeof dukptKey>[1]): DerivedKey => keyOf(bdk, ksn, 'des', dukptKey(key, use))
  return {
    ksn: toHex(ksn),
    pin(algorithm) {
      if (algorithm === 'des') return derived('pin')
      throw new CryptoError(
        'key-length',
        `key '${bdk.name}' is a TDES key: it cannot derive the AES key that a PIN block of format 4 needs`,
      )
    },
    requestMac: derived('mac-request'),
    answerMac: derived('mac-response'),
  }
}

function aesKeys(bdk: Key, initialKey: Uint8Array, ksn: Uint8Array): TransactionKeys {
  const derived = (usage: AesDukptUsage) => keyOf(bdk, ksn, 'aes', deriveWorkingKey({ initialKey, ksn, usage }))
  return {
    ksn: toHex(ksn),
    pin: (algorithm) =>
      algorithm === 'aes'
        ? derived('pin-encryption')
        : keyOf(bdk, ksn, 'des', deriveWorkingKey({ initialKey, ksn, usage: 'pin-encryption', type: 'tdes-128' })),
    requestMac: derived('mac-generation'),
    answerMac: derived('mac-verification'),
  }
}

const keyOf = ({ name, test }: Key, ksn: Uint8Array, algorithm: 'des' | 'aes', bytes: Uint8Array): DerivedKey => ({
  ...{ name: `${name}, transaction ${transactionOf(ksn)}`, algorithm, bytes, test },
})

/** The counter of a device: a whole key serial number has as many digits as a card number, and would be masked as one. */
function transactionOf(ksn: Uint8Array): number {
  const last = Number.parseInt(toHex(ksn.subarray(-4)), 16)
  return ksn.length === 12 ? last : last & 0x1fffff
}
