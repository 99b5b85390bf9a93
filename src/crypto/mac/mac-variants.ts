// Every way in which hosts are known to compute a MAC with one key: what a MAC that does not fit is tried against.

import { counted } from '../../base/text/counted.js'
import { createAesChain } from '../ciphers/aes.js'
import { createDesChain } from '../ciphers/des.js'
import { padMethods } from '../ciphers/padding.js'
import { createSm4Chain } from '../ciphers/sm4.js'
import { CryptoError } from '../crypto-error.js'
import { hmacSha256 } from '../sha256.js'
import { createMac, macAlgorithms } from './create-mac.js'
import type { Mac } from './mac.js'
import { createMacSm4Cmac } from './mac-cmac.js'
import { createMacCupEcb, createMacCupEcbBytes } from './mac-cup-ecb.js'
import { createMacX9_19 } from './mac-x9-19.js'

export interface MacVariant {
  /** As a dialect's `rules.security.mac.algorithm` names it, where it has a name there; else in words. */
  readonly name: string
  readonly about: string
  /** The kind of keys for which a dialect can name it; undefined for a way that no dialect has. */
  readonly rule: Cipher | undefined
  readonly mac: Mac
}

type Cipher = 'des' | 'aes' | 'sm4'
type Maker = (key: Uint8Array) => Mac
type Padding = keyof typeof padMethods
type ChainOf = (key: Uint8Array) => (blocks: Uint8Array) => Uint8Array

interface Variant {
  readonly name: string
  readonly about: string
  readonly make: Maker
}

const paddings: readonly { readonly padding: Padding; readonly name: string; readonly about: string }[] = [
  { padding: 1, name: '', about: 'zero padding (ISO 9797 padding 1)' },
  { padding: 2, name: ' with padding 2', about: 'ISO 9797 padding 2 (80 00 …)' },
  { padding: 3, name: ' with padding 3', about: 'ISO 9797 padding 3 (the length in bits in front)' },
]

/** One algorithm with each of the paddings. A name that dialects have for one of them is kept. */
const padded = (name: string, about: string, make: (padding: Padding) => Maker): readonly Variant[] =>
  paddings.map((each) => ({
    name: ruleNames.get(name + each.name) ?? name + each.name,
    about: `${about} with ${each.about}`,
    make: make(each.padding),
  }))

const ruleNames = new Map([
  ['x9.19 with padding 2', 'x9.19-pad2'],
  ['SM4-CBC', 'sm4-cbc-mac'],
])

const cbc =
  (chainOf: ChainOf, block: number) =>
  (padding: Padding): Maker =>
  (key) => {
    const chain = chainOf(key)
    return (bytes) => chain(padMethods[padding](bytes, block)).slice()
  }

/** A maker for the first bytes of a longer key. */
const firstOf =
  (bytes: number, make: Maker): Maker =>
  (key) => {
    if (key.length > bytes) return make(key.subarray(0, bytes))
    throw new CryptoError('key-length', `the key has ${counted(key.length, 'byte')}, and more than ${bytes} are needed`)
  }

/** A maker for keys of these lengths alone. */
const onlyFor =
  (lengths: readonly number[], make: Maker): Maker =>
  (key) => {
    if (lengths.includes(key.length)) return make(key)
    throw new CryptoError(
      'key-length',
      `the key has ${counted(key.length, 'byte')}, and ${lengths.join(' or ')} are needed`,
    )
  }

const desCbc = cbc(createDesChain, 8)

const variants: readonly Variant[] = [
  ...padded('x9.19', 'ANSI X9.19', (padding) => (key) => createMacX9_19(key, padding)),
  ...padded('x9.9', 'ANSI X9.9, single DES in CBC', (padding) => onlyFor([8], desCbc(padding))),
  ...padded('x9.9 with the left half of the key', 'single DES in CBC', (padding) => firstOf(8, desCbc(padding))),
  ...padded('x9.19 with the first 16 bytes of the key', 'ANSI X9.19', (padding) =>
    firstOf(16, (key) => createMacX9_19(key, padding)),
  ),
  ...padded('3DES-CBC', 'triple DES in every block', (padding) => onlyFor([16, 24], desCbc(padding))),
  { name: 'cup-ecb', about: 'the ECB MAC of China UnionPay', make: createMacCupEcb },
  {
    name: 'cup-ecb with the left half of the key',
    about: 'the ECB MAC of China UnionPay with single DES',
    make: firstOf(8, createMacCupEcb),
  },
  {
    name: 'cup-ecb in bytes',
    about: 'the ECB MAC of China UnionPay, not written as hex digits',
    make: (key) => createMacCupEcbBytes('des', key),
  },
  { name: 'aes-cmac', about: 'AES-CMAC (RFC 4493)', make: (key) => createMac('aes-cmac', key) },
  { name: 'tdes-cmac', about: 'CMAC with triple DES (SP 800-38B)', make: (key) => createMac('tdes-cmac', key) },
  ...padded('AES-CBC', 'AES in CBC', cbc(createAesChain, 16)),
  ...padded(
    'SM4-CBC',
    'SM4 in CBC',
    cbc((key) => createSm4Chain(key), 16),
  ),
  {
    name: 'cup-ecb-sm4',
    about: 'the ECB MAC of China UnionPay with SM4',
    make: (key) => createMac('cup-ecb-sm4', key),
  },
  {
    name: 'cup-ecb-sm4 in bytes',
    about: 'the ECB MAC of China UnionPay with SM4, not written as hex digits',
    make: (key) => createMacCupEcbBytes('sm4', key),
  },
  { name: 'SM4-CMAC', about: 'CMAC with SM4', make: createMacSm4Cmac },
  { name: 'HMAC-SHA256', about: 'HMAC with SHA-256 (FIPS 198-1)', make: (key) => (bytes) => hmacSha256(key, bytes) },
]

function ruleOf(name: string): Cipher | undefined {
  if (!macAlgorithms.some((each) => each === name)) return undefined
  return (['sm4', 'aes'] as const).find((cipher) => name.includes(cipher)) ?? 'des'
}

/** The variants that take a key of this length, the usual ones first. */
export function macVariants(key: Uint8Array): readonly MacVariant[] {
  return variants.flatMap(({ name, about, make }) => {
    try {
      return [{ name, about, rule: ruleOf(name), mac: make(key) }]
    } catch (error) {
      if (error instanceof CryptoError) return []
      throw error
    }
  })
}
