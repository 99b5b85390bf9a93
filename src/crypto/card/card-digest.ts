// The digest of a card number that a ledger keeps: a keyed hash, from which nobody without the key can find the number.

import { createHmac, generateKeySync } from 'node:crypto'

/** Bytes of the hash that are kept: two cards of a ledger never share 128 bits. */
const digestBytes = 16
export const cardKeyBytes = 32
/** Cards whose hashes are remembered, in this process only: as many as a run has, as a rule. */
const mostRemembered = 10_000

export type CardDigest = (pan: string) => Uint8Array

/** HMAC-SHA-256 (FIPS 198-1) of the digits, cut to 16 bytes. */
export function createCardDigest(key: Uint8Array): CardDigest {
  const known = new Map<string, Uint8Array>()
  return (pan) => {
    const remembered = known.get(pan)
    if (remembered !== undefined) return remembered
    const digest = createHmac('sha256', key).update(pan, 'ascii').digest().subarray(0, digestBytes)
    if (known.size >= mostRemembered) known.clear()
    known.set(pan, digest)
    return digest
  }
}

/** A new key from the operating system's source of randomness. */
export const freshCardKey = (): Uint8Array => generateKeySync('hmac', { length: 8 * cardKeyBytes }).export()
