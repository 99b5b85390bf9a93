// SHA-256: the fingerprint of a scenario file in a result (two runs of the same text carry the same one), and MACs made of it.

import { createHash, createHmac } from 'node:crypto'

/** SHA-256 (FIPS 180-4) of UTF-8 text, lower-case hex. */
export function sha256(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex')
}

/** The same in base64, as a content security policy names a script by (CSP level 3, section 2.3.1). */
export function sha256Base64(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('base64')
}

/** HMAC (FIPS 198-1) with SHA-256: 32 bytes. */
export function hmacSha256(key: Uint8Array, bytes: Uint8Array): Uint8Array {
  return createHmac('sha256', key).update(bytes).digest()
}
