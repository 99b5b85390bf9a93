// The parts of a card number that PIN blocks and key derivation take. Never quoted in an error.

import { counted } from '../../base/text/counted.js'
import { CryptoError } from '../crypto-error.js'

/**
 * The PAN as it came.
 * @throws CryptoError `pan` unless it is 8 to 19 digits (ISO/IEC 7812-1).
 */
export function requirePan(pan: string | undefined): string {
  if (pan !== undefined && /^\d{8,19}$/.test(pan)) return pan
  const found = pan === undefined ? 'none was given' : `this one has ${counted(pan.length, 'character')}`
  throw new CryptoError('pan', `a PAN of 8 to 19 digits is needed here, and ${found}`)
}

/** The rightmost 12 digits without the check digit, zeros in front when there are fewer (ISO 9564-1). */
export const accountDigits = (pan: string): string => pan.slice(0, -1).slice(-12).padStart(12, '0')
