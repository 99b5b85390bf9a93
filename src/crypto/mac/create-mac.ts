// All MAC algorithms by name, as dialects and scenarios name them.

import { CryptoError } from '../crypto-error.js'
import type { Mac } from './mac.js'
import { createMacCmac, createMacTdesCmac } from './mac-cmac.js'
import { createMacCupEcb, createMacCupEcbSm4 } from './mac-cup-ecb.js'
import { createSm4CbcMac } from './mac-sm4.js'
import { createMacX9_9 } from './mac-x9-9.js'
import { createMacX9_19 } from './mac-x9-19.js'

/** Every name that createMac takes. */
export const macAlgorithms = [
  'cup-ecb',
  'cup-ecb-3des',
  'cup-ecb-sm4',
  'x9.9',
  'x9.19',
  'x9.19-pad2',
  'aes-cmac',
  'tdes-cmac',
  'sm4-cbc-mac',
] as const

export type MacAlgorithm = (typeof macAlgorithms)[number]

/**
 * A MAC for this key; make it once and keep it. `cup-ecb` takes single or triple DES by the key's length,
 * `cup-ecb-3des` insists on 16 or 24 bytes.
 * @throws CryptoError `key-length`, or `unavailable` for SM4 where OpenSSL lacks it.
 */
export function createMac(algorithm: MacAlgorithm, key: Uint8Array): Mac {
  return makers[algorithm](key)
}

const makers: Readonly<Record<MacAlgorithm, (key: Uint8Array) => Mac>> = {
  'cup-ecb': createMacCupEcb,
  'cup-ecb-3des': createTriple,
  'cup-ecb-sm4': createMacCupEcbSm4,
  'x9.9': createMacX9_9,
  'x9.19': (key) => createMacX9_19(key, 1),
  'x9.19-pad2': (key) => createMacX9_19(key, 2),
  'aes-cmac': createMacCmac,
  'tdes-cmac': createMacTdesCmac,
  'sm4-cbc-mac': (key) => createSm4CbcMac(key),
}

function createTriple(key: Uint8Array): Mac {
  if (key.length >= 16) return createMacCupEcb(key)
  throw new CryptoError(
    'key-length',
    `cup-ecb-3des takes a key of 16 or 24 bytes, this one has ${key.length}; use cup-ecb`,
  )
}
