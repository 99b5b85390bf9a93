// The transaction counter at the right end of a DUKPT key serial number, and which of its values are used.

import { CryptoError } from './crypto-error.js'

export interface CounterRule {
  /** Width of the counter: 21 for TDES, 32 for AES. */
  readonly bits: number
  /** Values with more one bits than this are skipped, so that no key takes more steps: 10 for TDES, 16 for AES. */
  readonly mostOnes: number
}

/** The counter of a key serial number. */
export function counterOf(ksn: Uint8Array, { bits }: CounterRule): number {
  const last = new DataView(ksn.buffer, ksn.byteOffset, ksn.length).getUint32(ksn.length - 4)
  return bits === 32 ? last : last & (2 ** bits - 1)
}

/** The one bits of a counter, highest first: the steps from the initial key to the key of this transaction. */
export function stepsOf(counter: number, { bits }: CounterRule): number[] {
  const all = Array.from({ length: bits }, (_, index) => 2 ** (bits - 1 - index))
  return all.filter((bit) => Math.floor(counter / bit) % 2 === 1)
}

/**
 * The key serial number of the next transaction.
 * @throws CryptoError `ksn` when the device has used up its keys.
 */
export function advance(ksn: Uint8Array, rule: CounterRule): Uint8Array {
  let counter = counterOf(ksn, rule) + 1
  // As in the standard: too many one bits are left by adding the lowest of them, which jumps over the values between.
  for (let ones = stepsOf(counter, rule); ones.length > rule.mostOnes; ones = stepsOf(counter, rule)) {
    counter += ones.at(-1)!
  }
  if (counter >= 2 ** rule.bits)
    throw new CryptoError('ksn', 'the device has used up its keys; inject a new initial key')
  return withCounter(ksn, counter, rule)
}

/** The same key serial number with another counter. */
export function withCounter(ksn: Uint8Array, counter: number, rule: CounterRule): Uint8Array {
  const out = new Uint8Array(ksn)
  const view = new DataView(out.buffer)
  const at = out.length - 4
  const fixed = view.getUint32(at) - counterOf(ksn, rule)
  view.setUint32(at, fixed + counter)
  return out
}
