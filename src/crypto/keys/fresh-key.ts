// New key bytes, for working keys that a host makes. Odd parity, as DES key loaders want it; it hurts no other cipher's key.

import { generateKeySync } from 'node:crypto'
import type { Random } from '../../base/random.js'
import { withOddParity } from '../ciphers/des.js'

/** From the operating system's source of randomness; `length` in bytes. */
export const freshKeyBytes = (length: number): Uint8Array =>
  withOddParity(generateKeySync('hmac', { length: 8 * length }).export())

/** From seeded dice: equal seeds give equal keys. For simulated time only, because whoever knows the seed has the keys. */
export const seededKeyBytes =
  (random: Pick<Random, 'below'>) =>
  (length: number): Uint8Array =>
    withOddParity(Uint8Array.from({ length }, () => random.below(256)))
