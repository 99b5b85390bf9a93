// Every way in which hosts are known to compute a MAC with one key: what a MAC that does not fit is tried against.

import { createDesChain } from '../ciphers/des.js'
import { padMethod1, padMethod2 } from '../ciphers/padding.js'
import { createSm4Chain } from '../ciphers/sm4.js'
import { CryptoError } from '../crypto-error.js'
import type { Mac } from './mac.js'
import { createMacCmac } from './mac-cmac.js'
import { createMacCupEcb, createMacCupEcbSm4 } from './mac-cup-ecb.js'
import { createSm4CbcMac } from './mac-sm4.js'
import { createMacX9_9 } from './mac-x9-9.js'
import { createMacX9_19 } from './mac-x9-19.js'

export interface MacVariant {
  /** As a dialect's `rules.security.mac.algorithm` names it, where it has a name there; else in words. */
  readonly name: string
  readonly about: string
  readonly mac: Mac
}

type Maker = (key: Uint8Array) => Mac

const half = (key: Uint8Array) => key.subarray(0, 8)
const cbc =
  (chainOf: (key: Uint8Array) => (blocks: Uint8Array) => Uint8Array, padding: 1 | 2, block: number): Maker =>
  (key) => {
    const chain = chainOf(key)
    const pad = padding === 1 ? padMethod1 : padMethod2
    return (bytes) => chain(pad(bytes, block)).slice()
  }

const variants: readonly { readonly name: string; readonly about: string; readonly make: Maker }[] = [
  { name: 'x9.19', about: 'ANSI X9.19 with zero padding (ISO 9797 padding 1)', make: (key) => createMacX9_19(key, 1) },
  { name: 'x9.19-pad2', about: 'ANSI X9.19 with ISO 9797 padding 2 (80 00 …)', make: (key) => createMacX9_19(key, 2) },
  { name: 'x9.9', about: 'ANSI X9.9, single DES in CBC with zero padding', make: createMacX9_9 },
  { name: 'x9.9 with padding 2', about: 'single DES in CBC with ISO 9797 padding 2', make: cbc(createDesChain, 2, 8) },
  { name: 'x9.9 with the left half of the key', about: 'single DES in CBC', make: (key) => createMacX9_9(half(key)) },
  { name: '3DES-CBC', about: 'triple DES in every block, zero padding', make: cbc(createDesChain, 1, 8) },
  {
    name: '3DES-CBC with padding 2',
    about: 'triple DES in every block, ISO 9797 padding 2',
    make: cbc(createDesChain, 2, 8),
  },
  { name: 'cup-ecb', about: 'the ECB MAC of China UnionPay', make: createMacCupEcb },
  {
    name: 'cup-ecb with the left half of the key',
    about: 'the ECB MAC of China UnionPay with single DES',
    make: (key) => createMacCupEcb(half(key)),
  },
  { name: 'aes-cmac', about: 'AES-CMAC (RFC 4493)', make: createMacCmac },
  { name: 'sm4-cbc-mac', about: 'SM4 in CBC with zero padding', make: createSm4CbcMac },
  {
    name: 'SM4-CBC with padding 2',
    about: 'SM4 in CBC with ISO 9797 padding 2',
    make: cbc((key) => createSm4Chain(key), 2, 16),
  },
  { name: 'cup-ecb-sm4', about: 'the ECB MAC of China UnionPay with SM4', make: createMacCupEcbSm4 },
]

/** The variants that take a key of this length, the usual ones first. */
export function macVariants(key: Uint8Array): readonly MacVariant[] {
  return variants.flatMap(({ name, about, make }) => {
    try {
      return [{ name, about, mac: make(key) }]
    } catch (error) {
      if (error instanceof CryptoError) return []
      throw error
    }
  })
}
