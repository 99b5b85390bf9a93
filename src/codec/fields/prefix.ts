// Length prefixes: a number in ASCII, BCD, EBCDIC or binary. What the number counts is decided by the field.

import { UsageError } from '../../base/errors.js'
import type { PrefixEncoding } from '../dialect.js'
import { hexValue } from '../encodings/octets.js'

export interface PrefixCodec {
  /** Bytes on the wire. */
  readonly bytes: number
  /** The largest number that it can say. */
  readonly largest: number
  /** -1 when the bytes are no number. The caller has checked that they are there. */
  read(bytes: Uint8Array, at: number): number
  write(target: Uint8Array, at: number, value: number): void
}

/** `size`: digits, or bytes when binary. Throws UsageError that begins with `where`. */
export function compilePrefix(encoding: PrefixEncoding, size: number, where: string): PrefixCodec {
  if (!Number.isInteger(size) || size < 1 || size > 6) {
    throw new UsageError(`has a length prefix of size ${size}: expected 1 to 6`, { where })
  }
  switch (encoding) {
    case 'ascii':
      return digitPrefix(size, 0x30)
    case 'ebcdic037':
    case 'ebcdic500':
    case 'ebcdic1047':
      return digitPrefix(size, 0xf0)
    case 'bcd':
      return packedPrefix(size)
    case 'binary':
      return binaryPrefix(size)
    case 'hex':
      return hexPrefix(size)
    default:
      throw new UsageError(
        `has a length prefix in '${String(encoding)}': expected ascii, bcd, binary, hex or an ebcdic page`,
        {
          where,
        },
      )
  }
}

/** Digits stand at the same ten bytes from `zero` in ASCII and in every EBCDIC page. */
function digitPrefix(size: number, zero: number): PrefixCodec {
  return {
    bytes: size,
    largest: 10 ** size - 1,
    read(bytes, at) {
      let value = 0
      for (let index = at; index < at + size; index++) {
        const digit = (bytes[index] as number) - zero
        if (digit < 0 || digit > 9) return -1
        value = value * 10 + digit
      }
      return value
    },
    write(target, at, value) {
      let rest = value
      for (let index = at + size - 1; index >= at; index--) {
        target[index] = zero + (rest % 10)
        rest = (rest / 10) | 0
      }
    },
  }
}

/** An odd count of digits has a zero half byte in front. */
function packedPrefix(size: number): PrefixCodec {
  const width = (size + 1) >> 1
  return {
    bytes: width,
    largest: 10 ** size - 1,
    read(bytes, at) {
      let value = 0
      for (let index = at; index < at + width; index++) {
        const byte = bytes[index] as number
        if (byte >> 4 > 9 || (byte & 15) > 9) return -1
        value = value * 100 + (byte >> 4) * 10 + (byte & 15)
      }
      return value
    },
    write(target, at, value) {
      let rest = value
      for (let index = at + width - 1; index >= at; index--) {
        const pair = rest % 100
        target[index] = (((pair / 10) | 0) << 4) | (pair % 10)
        rest = (rest / 100) | 0
      }
    },
  }
}

/** Upper-case digits of base 16 in ASCII. */
function hexPrefix(size: number): PrefixCodec {
  return {
    bytes: size,
    largest: 16 ** size - 1,
    read(bytes, at) {
      let value = 0
      for (let index = at; index < at + size; index++) {
        const digit = hexValue[bytes[index] as number] as number
        if (digit < 0) return -1
        value = value * 16 + digit
      }
      return value
    },
    write(target, at, value) {
      const text = value.toString(16).toUpperCase().padStart(size, '0')
      for (let index = 0; index < size; index++) target[at + index] = text.charCodeAt(index)
    },
  }
}

function binaryPrefix(size: number): PrefixCodec {
  return {
    bytes: size,
    largest: 256 ** size - 1,
    read(bytes, at) {
      let value = 0
      for (let index = at; index < at + size; index++) value = value * 256 + (bytes[index] as number)
      return value
    },
    write(target, at, value) {
      let rest = value
      for (let index = at + size - 1; index >= at; index--) {
        target[index] = rest % 256
        rest = Math.floor(rest / 256)
      }
    },
  }
}
