// DUKPT with TDES keys (ANSI X9.24-1:2009): one key per transaction, derived from an initial key and a counter.
// A key serial number (KSN) is 10 bytes; its last 21 bits count transactions.

import { createDes } from './ciphers/des.js'
import { xor } from './ciphers/xor.js'
import { CryptoError } from './crypto-error.js'
import { advance, type CounterRule, counterOf, stepsOf, withCounter } from './dukpt-counter.js'
import { fromHex } from './hex.js'

/** The purpose that a transaction key is varied for. */
export type DukptUse = 'pin' | 'mac-request' | 'mac-response'

/**
 * The initial key of a device (IPEK), 16 bytes, from the base derivation key of 16 bytes.
 * @throws CryptoError `key-length` or `ksn`.
 */
export function deriveIpek(bdk: Uint8Array, ksn: Uint8Array): Uint8Array {
  const serial = withCounter(requireKsn(ksn), 0, rule).subarray(0, 8)
  requireDouble(bdk)
  return Buffer.concat([createDes(bdk).encrypt(serial), createDes(xor(bdk, otherHalf)).encrypt(serial)])
}

/** The key of one transaction, 16 bytes, before it is varied. Never use it as it is. */
export function deriveTransactionKey(ipek: Uint8Array, ksn: Uint8Array): Uint8Array {
  requireDouble(ipek)
  let register = withCounter(requireKsn(ksn), 0, rule)
  let key = ipek
  let counter = 0
  for (const step of stepsOf(counterOf(ksn, rule), rule)) {
    counter += step
    register = withCounter(register, counter, rule)
    key = nextKey(key, register.subarray(2))
  }
  return key
}

/** The transaction key varied for one use, 16 bytes. */
export function dukptKey(transactionKey: Uint8Array, use: DukptUse): Uint8Array {
  requireDouble(transactionKey)
  return xor(transactionKey, variants[use])
}

/**
 * The key serial number of the next transaction; counters with more than ten one bits are skipped.
 * @throws CryptoError `ksn` when the device has used up its keys.
 */
export const nextTdesKsn = (ksn: Uint8Array): Uint8Array => advance(requireKsn(ksn), rule)

const rule: CounterRule = { bits: 21, mostOnes: 10 }

const otherHalf = fromHex('C0C0C0C000000000C0C0C0C000000000')

const variants: Readonly<Record<DukptUse, Uint8Array>> = {
  pin: fromHex('00000000000000FF00000000000000FF'),
  'mac-request': fromHex('000000000000FF00000000000000FF00'),
  'mac-response': fromHex('00000000FF00000000000000FF000000'),
}

/** The non-reversible key generation process (annex A.2): the right half from the key, the left from its variant. */
function nextKey(key: Uint8Array, register: Uint8Array): Uint8Array {
  return Buffer.concat([oneHalf(xor(key, otherHalf), register), oneHalf(key, register)])
}

function oneHalf(key: Uint8Array, register: Uint8Array): Uint8Array {
  const right = key.subarray(8)
  return xor(createDes(key.subarray(0, 8)).encrypt(xor(register, right)), right)
}

function requireKsn(ksn: Uint8Array): Uint8Array {
  if (ksn.length === 10) return ksn
  throw new CryptoError(
    'ksn',
    `a key serial number of TDES DUKPT has 10 bytes, this one has ${ksn.length}; put FF in front`,
  )
}

function requireDouble(key: Uint8Array): void {
  if (key.length === 16) return
  throw new CryptoError('key-length', `TDES DUKPT takes keys of 16 bytes, this one has ${key.length}`)
}
