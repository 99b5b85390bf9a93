// DUKPT with AES keys (ANSI X9.24-3:2017): 128, 192 and 256 bits.
// A key serial number is 12 bytes: the initial key id (8) and the transaction counter (4).

import { createAes } from './ciphers/aes.js'
import { CryptoError } from './crypto-error.js'
import { advance, type CounterRule, counterOf, stepsOf } from './dukpt-counter.js'

/** The purpose of a working key, and the standard's key usage indicator. */
export const aesDukptUsages = {
  'key-encryption': 0x0002,
  'pin-encryption': 0x1000,
  'mac-generation': 0x2000,
  'mac-verification': 0x2001,
  'mac-both-ways': 0x2002,
  'data-encryption': 0x3000,
  'data-decryption': 0x3001,
  'data-both-ways': 0x3002,
} as const

export type AesDukptUsage = keyof typeof aesDukptUsages

/** The kind of key that is derived: the standard's algorithm indicator, and its bits. */
export const aesDukptKeyTypes = {
  'tdes-128': { indicator: 0, bits: 128 },
  'tdes-192': { indicator: 1, bits: 192 },
  'aes-128': { indicator: 2, bits: 128 },
  'aes-192': { indicator: 3, bits: 192 },
  'aes-256': { indicator: 4, bits: 256 },
} as const

export type AesDukptKeyType = keyof typeof aesDukptKeyTypes

/**
 * The initial key of a device (IK), as long as the base derivation key.
 * @param initialKeyId 8 bytes.
 * @throws CryptoError `key-length` or `ksn`.
 */
export function deriveInitialKey(bdk: Uint8Array, initialKeyId: Uint8Array): Uint8Array {
  if (initialKeyId.length !== 8) {
    throw new CryptoError('ksn', `an initial key id has 8 bytes, this one has ${initialKeyId.length}`)
  }
  return derive(bdk, aesTypeOf(bdk), initialKeyUsage, initialKeyId)
}

/** The intermediate derivation key of one transaction, as long as the initial key. Working keys come from it. */
export function deriveIntermediateKey(initialKey: Uint8Array, ksn: Uint8Array): Uint8Array {
  const type = aesTypeOf(initialKey)
  let key = initialKey
  let counter = 0
  for (const step of stepsOf(counterOf(requireKsn(ksn), rule), rule)) {
    counter += step
    key = derive(key, type, derivationUsage, context(ksn, counter))
  }
  return key
}

/**
 * The key of one transaction for one use; of the initial key's own type unless `type` names another, which may not
 * be stronger than the initial key.
 * @throws CryptoError `key-length` or `ksn`.
 */
export function deriveWorkingKey(input: {
  readonly initialKey: Uint8Array
  readonly ksn: Uint8Array
  readonly usage: AesDukptUsage
  readonly type?: AesDukptKeyType
}): Uint8Array {
  const own = aesTypeOf(input.initialKey)
  const type = input.type ?? own
  if (type.startsWith('aes') && aesDukptKeyTypes[type].bits > aesDukptKeyTypes[own].bits) {
    throw new CryptoError('key-length', `an ${type} key cannot come from an ${own} key, which is weaker`)
  }
  const intermediate = deriveIntermediateKey(input.initialKey, input.ksn)
  return derive(intermediate, type, aesDukptUsages[input.usage], context(input.ksn, counterOf(input.ksn, rule)))
}

/**
 * The key serial number of the next transaction; counters with more than 16 one bits are skipped.
 * @throws CryptoError `ksn` when the device has used up its keys.
 */
export const nextAesKsn = (ksn: Uint8Array): Uint8Array => advance(requireKsn(ksn), rule)

const rule: CounterRule = { bits: 32, mostOnes: 16 }
const derivationUsage = 0x8000
const initialKeyUsage = 0x8001

/** Blocks of derivation data, numbered from 1, enciphered under the key that is derived from. */
function derive(from: Uint8Array, type: AesDukptKeyType, usage: number, last: Uint8Array): Uint8Array {
  const { indicator, bits } = aesDukptKeyTypes[type]
  const blocks = Array.from({ length: Math.ceil(bits / 128) }, (_, index) => {
    const head = [1, index + 1, usage >> 8, usage & 255, 0, indicator, bits >> 8, bits & 255]
    return Buffer.concat([Uint8Array.from(head), last])
  })
  return new Uint8Array(
    createAes(from)
      .encrypt(Buffer.concat(blocks))
      .subarray(0, bits / 8),
  )
}

/** The last 4 bytes of the initial key id and the counter. */
function context(ksn: Uint8Array, counter: number): Uint8Array {
  const out = new Uint8Array(ksn.slice(4, 12))
  new DataView(out.buffer).setUint32(4, counter)
  return out
}

function aesTypeOf(key: Uint8Array): AesDukptKeyType {
  if (key.length === 16) return 'aes-128'
  if (key.length === 24) return 'aes-192'
  if (key.length === 32) return 'aes-256'
  throw new CryptoError('key-length', `AES DUKPT takes keys of 16, 24 or 32 bytes, this one has ${key.length}`)
}

function requireKsn(ksn: Uint8Array): Uint8Array {
  if (ksn.length === 12) return ksn
  throw new CryptoError('ksn', `a key serial number of AES DUKPT has 12 bytes, this one has ${ksn.length}`)
}
