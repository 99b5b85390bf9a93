// CBC-MAC with SM4 (GB/T 32907-2016): ISO/IEC 9797-1 algorithm 1 with blocks of 16 bytes.

import { padMethod1 } from '../ciphers/padding.js'
import { createSm4Chain } from '../ciphers/sm4.js'
import type { Mac } from './mac.js'

/** Initial vector zero, zero padding (ISO/IEC 9797-1 padding 1). Returns 16 bytes. */
export function createSm4CbcMac(key: Uint8Array, ciphers?: readonly string[]): Mac {
  const chain = createSm4Chain(key, ciphers)
  return (bytes) => chain(padMethod1(bytes, 16)).slice()
}
