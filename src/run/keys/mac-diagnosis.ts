// Why a MAC does not fit: it is tried as every algorithm, over every coverage and in every form that hosts are known for.

import type { Codec } from '../../codec/codec.js'
import { compileMti } from '../../codec/head/mti-codec.js'
import type { DerivedKey } from '../../crypto/dukpt-keys.js'
import { type MacVariant, macVariants } from '../../crypto/mac/mac-variants.js'

/** The MAC field of a message, and the bytes that the MAC may cover. */
export interface SuspectMac {
  /** MTI to last field; the field of the MAC ends it. */
  readonly body: Uint8Array
  /** Bytes of the MAC's field. */
  readonly macBytes: number
  /** The bytes in front of the body: length, TPDU and header; empty where there are none. */
  readonly front: Uint8Array
}

/** One sentence of how the MAC was computed; undefined where no way fits. */
export function diagnoseMac(codec: Codec, suspect: SuspectMac, keys: readonly DerivedKey[]): string | undefined {
  const received = suspect.body.subarray(suspect.body.length - suspect.macBytes)
  for (const coverage of coveragesOf(codec, suspect)) {
    for (const key of keys) {
      for (const variant of macVariants(key.bytes)) {
        const form = formOf(variant.mac(coverage.bytes), received)
        if (form !== undefined) return sentence(variant, key, coverage.words, form)
      }
    }
  }
  return undefined
}

const sentence = ({ name, about }: MacVariant, { name: key }: DerivedKey, coverage: string, form: string) =>
  [`valid as ${name} (${about}) with key ${key}`, coverage, form].filter((part) => part !== '').join(', ')

interface Coverage {
  readonly bytes: Uint8Array
  readonly words: string
}

/** From the MTI to the field before the MAC, as the standard has it, first. */
function coveragesOf({ dialect }: Codec, { body, macBytes, front }: SuspectMac): readonly Coverage[] {
  const at = body.length - macBytes
  const covered = body.subarray(0, at)
  const mtiBytes = compileMti(dialect.encodings.mti, '').bytes
  const withFront = (from: number) => Buffer.concat([front.subarray(from), covered])
  return [
    { bytes: covered, words: '' },
    { bytes: covered.subarray(mtiBytes), words: 'computed without the MTI' },
    { bytes: Buffer.concat([covered, new Uint8Array(macBytes)]), words: 'computed with the field of the MAC as zeros' },
    ...(front.length === 0
      ? []
      : [{ bytes: withFront(0), words: 'computed with all that stands in front of the MTI' }]),
    ...(front.length <= 2
      ? []
      : [{ bytes: withFront(2), words: 'computed with what stands between the length and the MTI' }]),
    {
      bytes: Buffer.from(Buffer.from(covered).toString('hex').toUpperCase()),
      words: 'computed over the hex digits of the message',
    },
  ]
}

/** ANSI X9.9 and X9.19 send the first 32 bits where a host wants less. */
const shortBytes = 4

/** How the MAC stands in its field, in words: empty for all of it; undefined where it does not. */
function formOf(computed: Uint8Array, received: Uint8Array): string | undefined {
  const whole = computed.subarray(0, received.length)
  if (isSame(whole, received)) return ''
  const short = computed.subarray(0, shortBytes)
  const digits = Buffer.from(Buffer.from(short).toString('hex').toUpperCase())
  if (isSame(digits, received)) return 'of which the first 4 bytes stand in the field as hex digits'
  const rest = received.subarray(shortBytes)
  const isFilled =
    rest.length > 0 && rest.every((byte) => byte === rest[0] && (byte === 0 || byte === 0x20 || byte === 0xff))
  if (isFilled && isSame(short, received.subarray(0, shortBytes)))
    return `of which the host sends the first half alone: 4 bytes, then ${rest.length} bytes of filler`
  return undefined
}

const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0
