// Why a MAC does not fit: it is tried as every algorithm, over every coverage, with and without MTI, header and length, and in every form
// that hosts are known for.

import { counted } from '../../base/text/counted.js'
import type { Codec, Peek } from '../../codec/codec.js'
import { mostFields } from '../../codec/head/bitmap.js'
import { compileMti } from '../../codec/head/mti-codec.js'
import type { DerivedKey } from '../../crypto/dukpt-keys.js'
import { type MacVariant, macVariants } from '../../crypto/mac/mac-variants.js'
import type { Framing } from '../../framing/framing.js'
import { framings } from '../../framing/framings.js'
import { createPrefix } from '../../framing/prefix.js'
import { formOf, type MacField } from './mac-forms.js'

/** The MAC field of a message, and the bytes that the MAC may cover. */
export interface SuspectMac {
  /** MTI to last field; the field of the MAC ends it. */
  readonly body: Uint8Array
  /** Bytes of the MAC's field on the wire. */
  readonly macBytes: number
  readonly held: MacField
  /** The bytes in front of the body: length, TPDU and header; empty where there are none. */
  readonly front: Uint8Array
}

/** One sentence of how the MAC was computed; undefined where no way fits. */
export function diagnoseMac(codec: Codec, suspect: SuspectMac, keys: readonly DerivedKey[]): string | undefined {
  const ways = keys.flatMap((key) => macVariants(key.bytes).map((variant) => ({ key, variant })))
  for (const coverage of coveragesOf(codec, suspect)) {
    for (const { key, variant } of ways) {
      const form = formOf(variant.mac(coverage.bytes), suspect.held)
      if (form !== undefined) return sentence(variant, key, coverage.words, form)
    }
  }
  return undefined
}

function sentence(variant: MacVariant, key: DerivedKey, coverage: string, form: string): string {
  const { name, about } = variant
  const way = [`valid as ${name} (${about}) with key ${key.name}`, coverage, form].filter((part) => part !== '')
  return [way.join(', '), ...(coverage === '' && form === '' ? ruleFor(variant, key) : [])].join('; ')
}

/** The rule of a dialect, or the line of a key file, that is needed for the MAC to be valid. */
function ruleFor({ name, rule }: MacVariant, { algorithm, name: key }: DerivedKey): readonly string[] {
  if (rule === undefined) return []
  if (rule === algorithm) return [`the rule is security.mac.algorithm: { ${algorithm}: ${name} }`]
  return [`key ${key} has algorithm: ${algorithm} in the key file, and not ${rule}`]
}

interface Coverage {
  readonly bytes: Uint8Array
  readonly words: string
}

/** From the MTI to the field before the MAC, as the standard has it, first. */
function* coveragesOf(codec: Codec, { body, macBytes, front }: SuspectMac): Iterable<Coverage> {
  const covered = body.subarray(0, body.length - macBytes)
  const mtiBytes = compileMti(codec.dialect.encodings.mti, '').bytes
  const headBytes = body.length - bytesOfFields(codec.peek(body))
  yield { bytes: covered, words: '' }
  yield { bytes: covered.subarray(mtiBytes), words: 'computed without the MTI' }
  yield { bytes: covered.subarray(headBytes), words: 'computed without MTI and bitmap' }
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
  const digits = Buffer.from(covered).toString('hex')
  yield { bytes: Buffer.from(digits.toUpperCase()), words: 'computed over the hex digits of the message' }
  yield { bytes: Buffer.from(digits), words: 'computed over the lower-case hex digits of the message' }
}

function bytesOfFields(message: Peek): number {
  let bytes = 0
  for (let field = 1; field <= mostFields; field++) bytes += message.raw(field)?.length ?? 0
  return bytes
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
