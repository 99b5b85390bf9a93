// Where a message carries its MAC, and how it stands there: written into packed messages, and compared with received
// ones. Pure. Rule: the MAC is the last field and covers everything in front of it, from the MTI on.

import { UsageError } from '../../base/errors.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import type { Key } from '../../crypto/keys/key.js'
import { createMac, macAlgorithms } from '../../crypto/mac/create-mac.js'
import type { Mac } from '../../crypto/mac/mac.js'

/** The last bit of each bitmap. */
export const macFieldNumbers = [64, 128] as const

export interface MacFields {
  /** The fields among those above that can hold a MAC in the dialect. */
  readonly numbers: readonly number[]
  /** The field in which this message carries a MAC; undefined when it carries none. */
  of(message: Peek): number | undefined
  /** A value for the field until the message is signed, as pack() takes it. Throws UsageError for another field. */
  blank(field: number): string
  /** Puts the MAC into a packed message that ends with `field`. */
  sign(mac: Mac, field: number, message: Uint8Array): void
  /** Bytes that the field takes on the wire. */
  widthOf(field: number): number
  /** The wire's bytes for the 16 upper-case hex digits; undefined for a field of bytes. */
  digitsOf(field: number): Uint8Array | undefined
  /** Whether a message that ends with `field` carries this MAC there. */
  isSigned(mac: Mac, field: number, message: Uint8Array): boolean
}

/** How the bytes of a MAC stand in one field: `digits` are the bytes of the 16 hex digits where it is written as text. */
interface Shape {
  readonly macBytes: number
  readonly width: number
  readonly digits: Uint8Array | undefined
}

export function createMacFields(codec: Codec): MacFields {
  const numbers = macFieldNumbers.filter((number) => macBytesOf(codec.dialect, number) !== undefined)
  const shapes = new Map(numbers.map((number): [number, Shape] => [number, findShape(codec, number)]))
  const shapeOf = (field: number): Shape => {
    const shape = shapes.get(field)
    if (shape !== undefined) return shape
    throw new UsageError(`field ${field} of dialect ${codec.dialect.name} cannot hold a MAC: ${expected}`)
  }
  const written = new Uint8Array(2 * longestMac)

  return {
    numbers,
    of(message) {
      for (let index = numbers.length - 1; index >= 0; index--)
        if (message.has(numbers[index] as number)) return numbers[index]
      return undefined
    },
    blank: (field) => '00'.repeat(shapeOf(field).macBytes),
    widthOf: (field) => shapeOf(field).width,
    digitsOf: (field) => shapeOf(field).digits,
    sign(mac, field, message) {
      const shape = shapeOf(field)
      const at = message.length - shape.width
      writeMac(mac(message.subarray(0, at)), shape, message, at)
    },
    isSigned(mac, field, message) {
      const shape = shapeOf(field)
      const at = message.length - shape.width
      if (at < 0) return false
      writeMac(mac(message.subarray(0, at)), shape, written, 0)
      for (let index = 0; index < shape.width; index++) {
        if (written[index] !== message[at + index]) return false
      }
      return true
    },
  }
}

/**
 * The MAC of this key by the algorithm that the dialect names for its kind. X9.19 with a key of 8 bytes is X9.9.
 * Throws UsageError where the dialect names none, CryptoError where key and algorithm do not fit.
 */
export function macOf(dialect: Dialect, { algorithm, name, bytes }: Pick<Key, 'algorithm' | 'name' | 'bytes'>): Mac {
  const wanted = dialect.rules.security?.mac?.algorithm[algorithm]
  const known = macAlgorithms.find((each) => each === wanted)
  if (known === undefined) {
    const problem = wanted === undefined ? `names no MAC algorithm for ${algorithm} keys` : `names a MAC '${wanted}'`
    throw new UsageError(`dialect ${dialect.name} ${problem}, as key '${name}' needs it; known are ${knownNames}`)
  }
  return createMac(known === 'x9.19' && bytes.length === 8 ? 'x9.9' : known, bytes)
}

const knownNames = macAlgorithms.join(', ')
/** Bytes of the longest MAC: AES-CMAC and SM4. */
const longestMac = 16
/** ANSI X9.9 sends at least 32 bits. */
const shortestMac = 4

const expected = `expected field 64 or 128, of ${shortestMac} to ${longestMac} bytes such as 'b 8'`

/** Undefined for a field that the dialect has not, that is no binary, or whose length is not fixed or not a MAC's. */
export function macBytesOf({ fields }: Dialect, field: number): number | undefined {
  const bytes = Number(/^b (\d+)$/.exec(fields[field]?.format ?? '')?.[1] ?? 0)
  return bytes >= shortestMac && bytes <= longestMac ? bytes : undefined
}

function findShape(codec: Codec, field: number): Shape {
  const macBytes = macBytesOf(codec.dialect, field) ?? 0
  const packed = (digit: string) => lastField(codec, field, digit.repeat(2 * macBytes))
  const sample = packed('A')
  if (sample.length === macBytes) return { macBytes, width: macBytes, digits: undefined }
  const digits = Uint8Array.from('0123456789ABCDEF', (digit) => packed(digit)[0] as number)
  return { macBytes, width: sample.length, digits }
}

/** The field's bytes in a message that holds nothing else. */
function lastField(codec: Codec, field: number, value: string): Uint8Array {
  const message = codec.pack({ mti: '0200', fields: { [field]: value } })
  return new Uint8Array(codec.peek(message).raw(field) ?? [])
}

function writeMac(mac: Uint8Array, { macBytes, digits }: Shape, target: Uint8Array, at: number): void {
  // Beyond a MAC that is shorter than its field stand zeros.
  for (let index = 0; index < macBytes; index++) {
    const byte = mac[index] ?? 0
    if (digits === undefined) {
      target[at + index] = byte
    } else {
      target[at + 2 * index] = digits[byte >> 4] as number
      target[at + 2 * index + 1] = digits[byte & 15] as number
    }
  }
}
