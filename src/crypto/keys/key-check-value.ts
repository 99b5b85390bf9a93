// Key check values: a few bytes that tell two keys apart and give neither away.

import { createAes } from '../ciphers/aes.js'
import { createDes } from '../ciphers/des.js'
import { createSm4 } from '../ciphers/sm4.js'
import { createMacCmac } from '../mac/mac-cmac.js'

/** DES: the first bytes of a zero block enciphered. 3 bytes are usual; CUP sends 4. */
export const kcvDes = (key: Uint8Array, bytes = 3): Uint8Array =>
  createDes(key).encrypt(new Uint8Array(8)).slice(0, bytes)

/** AES: the first bytes of the CMAC of a zero block (ANSI X9.24-1:2017 annex A, 5 bytes). */
export const kcvAes = (key: Uint8Array, bytes = 5): Uint8Array => createMacCmac(key)(new Uint8Array(16)).slice(0, bytes)

/** AES as DES did it, by older machines: a zero block enciphered. */
export const kcvAesLegacy = (key: Uint8Array, bytes = 3): Uint8Array =>
  createAes(key).encrypt(new Uint8Array(16)).slice(0, bytes)

/** SM4: a zero block enciphered. 4 bytes, as CUP sends them. */
export const kcvSm4 = (key: Uint8Array, bytes = 4): Uint8Array =>
  createSm4(key).encrypt(new Uint8Array(16)).slice(0, bytes)
