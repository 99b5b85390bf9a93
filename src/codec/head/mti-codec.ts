// The message type indicator on the wire: four digits, in two or four bytes.

import { UsageError } from '../../base/errors.js'
import { agreeing, counted } from '../../base/text/counted.js'
import type { DataEncoding } from '../dialect.js'
import { PackError } from '../pack-error.js'
import { UnpackError } from '../unpack-error.js'

export interface MtiCodec {
  readonly bytes: number
  /** Throws UnpackError. */
  read(bytes: Uint8Array): string
  /** Writes at `at`; returns the end. Throws PackError. */
  write(target: Uint8Array, at: number, mti: string): number
}

const path = ['mti']

/** One string for each number, so that reading one makes none. */
const texts: string[] = []

/** Throws UsageError that begins with `where`. */
export function compileMti(encoding: DataEncoding, where: string): MtiCodec {
  switch (encoding) {
    case 'ascii':
    case 'latin1':
      return digitMti(0x30)
    case 'ebcdic037':
    case 'ebcdic500':
    case 'ebcdic1047':
      return digitMti(0xf0)
    // Four digits in the half bytes of a binary number are the same two bytes as BCD.
    case 'bcd':
    case 'binary':
      return packedMti
    case 'hex':
      return hexMti
    default:
      throw new UsageError(`has its MTI in '${encoding}': expected ascii, bcd, binary, hex or an ebcdic page`, {
        where,
      })
  }
}

function digitMti(zero: number): MtiCodec {
  return {
    bytes: 4,
    read(bytes) {
      need(bytes, 4)
      const a = (bytes[0] as number) - zero
      const b = (bytes[1] as number) - zero
      const c = (bytes[2] as number) - zero
      const d = (bytes[3] as number) - zero
      return textOf(a, b, c, d)
    },
    write(target, at, mti) {
      check(mti)
      for (let index = 0; index < 4; index++) target[at + index] = mti.charCodeAt(index) - 0x30 + zero
      return at + 4
    },
  }
}

const packedMti: MtiCodec = {
  bytes: 2,
  read(bytes) {
    need(bytes, 2)
    const first = bytes[0] as number
    const second = bytes[1] as number
    return textOf(first >> 4, first & 15, second >> 4, second & 15)
  },
  write(target, at, mti) {
    check(mti)
    const nibble = (index: number) => mti.charCodeAt(index) - 0x30
    target[at] = (nibble(0) << 4) | nibble(1)
    target[at + 1] = (nibble(2) << 4) | nibble(3)
    return at + 2
  },
}

/** Each digit as an ASCII character, and that as two hexadecimal digits: '0200' is 30323030. */
const hexMti: MtiCodec = {
  bytes: 8,
  read(bytes) {
    need(bytes, 8)
    const digit = (index: number) => (bytes[2 * index] === 0x33 ? (bytes[2 * index + 1] as number) - 0x30 : -1)
    return textOf(digit(0), digit(1), digit(2), digit(3))
  },
  write(target, at, mti) {
    check(mti)
    for (let index = 0; index < 4; index++) {
      target[at + 2 * index] = 0x33
      target[at + 2 * index + 1] = mti.charCodeAt(index)
    }
    return at + 8
  },
}

function need(bytes: Uint8Array, length: number): void {
  if (bytes.length >= length) return
  throw new UnpackError(
    'TRUNCATED',
    path,
    0,
    `${counted(length, 'byte')}, ${bytes.length} ${agreeing(bytes.length, 'is', 'are')} there`,
  )
}

function textOf(a: number, b: number, c: number, d: number): string {
  const isNumber = a >= 0 && a <= 9 && b >= 0 && b <= 9 && c >= 0 && c <= 9 && d >= 0 && d <= 9
  if (!isNumber) throw new UnpackError('BAD_DIGIT', path, 0, 'four digits')
  const number = a * 1000 + b * 100 + c * 10 + d
  const known = texts[number]
  if (known !== undefined) return known
  const text = String(number).padStart(4, '0')
  texts[number] = text
  return text
}

function check(mti: string): void {
  const isGood =
    typeof mti === 'string' &&
    mti.length === 4 &&
    isDigit(mti, 0) &&
    isDigit(mti, 1) &&
    isDigit(mti, 2) &&
    isDigit(mti, 3)
  if (!isGood) throw new PackError('BAD_MTI', path, 'four digits')
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index)
  return code >= 0x30 && code <= 0x39
}
