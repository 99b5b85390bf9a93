// SM3 (GB/T 32905-2016, 国密) by Node's OpenSSL, which may have been built without it.

import { createHash, getHashes } from 'node:crypto'
import { CryptoError } from './crypto-error.js'

/** True when this Node can do SM3. `hashes` is what OpenSSL offers. */
export function hasSm3(hashes: readonly string[] = getHashes()): boolean {
  return hashes.some((name) => name.toLowerCase() === 'sm3')
}

/**
 * The SM3 digest of `bytes`: 32 bytes.
 * @throws CryptoError `unavailable` where OpenSSL lacks SM3.
 */
export function sm3(bytes: Uint8Array, hashes?: readonly string[]): Uint8Array {
  if (!hasSm3(hashes))
    throw new CryptoError('unavailable', 'this Node was built without SM3; use a Node whose OpenSSL has it')
  return createHash('sm3').update(bytes).digest()
}
