// Why a MAC does not fit: it is tried as every algorithm, over every coverage, with and without MTI, header and length, and in every form
// that hosts are known for.

import { counted } from '../../base/text/counted.js'
import type { Codec } from '../../codec/codec.js'
import { compileMti } from '../../codec/head/mti-codec.js'
import type { DerivedKey } from '../../crypto/dukpt-keys.js'
import { type MacVariant, macVariants } from '../../crypto/mac/mac-variants.js'
import type { Framing } from '../../framing/framing.js'
import { framings } from '../../framing/framings.js'
import { createPrefix } from '../../framing/prefix.js'

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
function* coveragesOf({ dialect }: Codec, { body, macBytes, front }: SuspectMac): Iterable<Coverage> {
  const covered = body.subarray(0, body.length - macBytes)
  const mtiBytes = compileMti(dialect.encodings.mti, '').bytes
  yield { bytes: covered, words: '' }
  yield { bytes: covered.subarray(mtiBytes), words: 'computed without the MTI' }
  yield {
    bytes: Buffer.concat([covered, new Uint8Array(macBytes)]),
    words: 'computed with the field of the MAC as zeros',
  }
  if (front.length > 0)
    yield { bytes: Buffer.concat([front, covered]), words: 'computed with all that stands in front of the MTI' }
  for (let from = 1; from < front.length; from++) {
    const words = `computed with the last ${counted(front.length - from, 'byte')} in front of the MTI`
    yield { bytes: Buffer.concat([front.subarray(from), covered]), words }
  }
  yield* withLengths(body, covered, front)
  yield {
    bytes: Buffer.from(Buffer.from(covered).toString('hex').toUpperCase()),
    words: 'computed over the hex digits of the message',
  }
}

/** A message is often pasted without its length: each is tried as it would have stood there. */
function* withLengths(body: Uint8Array, covered: Uint8Array, front: Uint8Array): Iterable<Coverage> {
  for (const framing of framings.filter(({ length }) => lengthKinds.includes(length.kind))) {
    const prefix = createPrefix(framing)
    for (const between of front.length === 0 ? [front] : [front, front.subarray(front.length)]) {
      const bytes = between.length + body.length + prefix.trailer.length
      if (bytes > prefix.maxBytes) continue
      const written = new Uint8Array(prefix.bytes)
      prefix.write(written, 0, bytes)
      const words = between.length > 0 ? 'the length in front of the header' : 'the length in front'
      yield {
        bytes: Buffer.concat([written, between, covered]),
        words: `computed with ${words}, as framing ${framing.name} writes it`,
      }
    }
  }
}

const lengthKinds: readonly string[] = ['binary', 'ascii', 'hex', 'bcd'] satisfies Framing['length']['kind'][]

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
    return `of which the host sends the first half alone: 4 bytes, then ${counted(rest.length, 'byte')} of filler`
  return undefined
}

const isSame = (one: Uint8Array, other: Uint8Array) => Buffer.compare(one, other) === 0
