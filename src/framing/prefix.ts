// The bytes in front of a message, compiled from a framing: written when sending, read when receiving.

import { counted } from '../base/text/counted.js'
import { FrameError } from './frame-error.js'
import type { Framing } from './framing.js'

/** The value that read() returns instead of a number of bytes. */
export const notANumber = -1
export const wrongFiller = -2
/** The length is smaller than what it must count. */
export const lengthTooSmall = -3

export interface FramePrefix {
  /** Bytes of everything in front of the message: fillers and length. */
  readonly bytes: number
  /** Where the length stands among them, and how wide it is. */
  readonly lengthAt: number
  readonly lengthBytes: number
  /** Ends every frame; empty in most framings. */
  readonly trailer: Uint8Array
  /** The bytes that a peer sends to see whether the line is alive: a length of zero. */
  readonly poll: Uint8Array
  /** Largest number of bytes (message and trailer) that the length can announce. */
  readonly maxBytes: number
  /** Writes the prefix of `bytes` bytes (message and trailer). Throws FrameError NOT_SENDABLE beyond `maxBytes`. */
  write(target: Uint8Array, at: number, bytes: number): void
  /** Bytes (message and trailer) that follow the prefix at `at`; 0 is a keepalive; negative is one of the codes above. */
  read(source: Uint8Array, at: number): number
}

/** One for each framing: every connection needs it, and it has no state. */
const compiled = new WeakMap<Framing, FramePrefix>()

/** Compiles the framing's fixed part. `none` has a prefix of no bytes that announces nothing. */
export function createPrefix(framing: Framing): FramePrefix {
  const known = compiled.get(framing)
  if (known !== undefined) return known
  const prefix = compilePrefix(framing)
  compiled.set(framing, prefix)
  return prefix
}

function compilePrefix(framing: Framing): FramePrefix {
  const before = fromHex(framing.fillerBefore)
  const after = fromHex(framing.filler)
  const adds = framing.lengthAdds ?? 0
  const number = numberOf(framing.length)
  const lengthAt = before.length
  const afterAt = lengthAt + number.bytes
  const maxBytes = number.max - adds
  const poll = new Uint8Array(afterAt + after.length)
  poll.set(before, 0)
  number.write(poll, lengthAt, 0)
  poll.set(after, afterAt)
  const checked = framing.anyFiller ? new Uint8Array(0) : after

  return {
    bytes: afterAt + after.length,
    lengthAt,
    lengthBytes: number.bytes,
    trailer: fromHex(framing.length.kind === 'end' ? framing.length.with : framing.trailer),
    poll,
    maxBytes,
    write(target, at, bytes) {
      if (bytes > maxBytes) throw tooLongToAnnounce(framing, bytes, maxBytes)
      target.set(before, at)
      number.write(target, at + lengthAt, bytes + adds)
      target.set(after, at + afterAt)
    },
    read(source, at) {
      if (!holds(source, at, before) || !holds(source, at + afterAt, checked)) return wrongFiller
      const value = number.read(source, at + lengthAt)
      if (value <= 0) return value
      return value < adds ? lengthTooSmall : value - adds
    },
  }
}

function tooLongToAnnounce(framing: Framing, bytes: number, maxBytes: number): FrameError {
  const problem = `a message of ${counted(bytes, 'byte')} does not fit framing ${framing.name}, which can announce ${maxBytes}`
  return new FrameError('NOT_SENDABLE', 0, `${problem}: choose a framing with a wider length`)
}

/** A whole number in one of the spellings. */
interface NumberForm {
  readonly bytes: number
  readonly max: number
  write(target: Uint8Array, at: number, value: number): void
  /** `notANumber` where a digit is none. */
  read(source: Uint8Array, at: number): number
}

function numberOf(length: Framing['length']): NumberForm {
  switch (length.kind) {
    case 'binary':
      return binaryForm(length.bytes)
    case 'ascii':
      return characterForm(length.digits, 10)
    case 'hex':
      return characterForm(length.digits, 16)
    case 'bcd':
      return bcdForm(length.bytes)
    case 'none':
    case 'end':
    case 'element':
      return { bytes: 0, max: Number.MAX_SAFE_INTEGER, write: () => undefined, read: () => 0 }
  }
}

function binaryForm(bytes: number): NumberForm {
  return {
    bytes,
    max: 2 ** (8 * bytes) - 1,
    write(target, at, value) {
      let rest = value
      for (let index = bytes - 1; index >= 0; index--) {
        target[at + index] = rest & 0xff
        rest = Math.floor(rest / 256)
      }
    },
    read(source, at) {
      let value = 0
      for (let index = 0; index < bytes; index++) value = value * 256 + (source[at + index] as number)
      return value
    },
  }
}

/** Letters are small, as jPOS's HEXChannel writes them; they are read in either case. */
const digitCharacters = '0123456789abcdef'

function characterForm(digits: number, radix: number): NumberForm {
  return {
    bytes: digits,
    max: radix ** digits - 1,
    write(target, at, value) {
      let rest = value
      for (let index = digits - 1; index >= 0; index--) {
        target[at + index] = digitCharacters.charCodeAt(rest % radix)
        rest = Math.floor(rest / radix)
      }
    },
    read(source, at) {
      let value = 0
      for (let index = 0; index < digits; index++) {
        const digit = digitOf(source[at + index] as number)
        if (digit >= radix) return notANumber
        value = value * radix + digit
      }
      return value
    },
  }
}

function bcdForm(bytes: number): NumberForm {
  return {
    bytes,
    max: 100 ** bytes - 1,
    write(target, at, value) {
      let rest = value
      for (let index = bytes - 1; index >= 0; index--) {
        const pair = rest % 100
        target[at + index] = (Math.floor(pair / 10) << 4) | (pair % 10)
        rest = Math.floor(rest / 100)
      }
    },
    read(source, at) {
      let value = 0
      for (let index = 0; index < bytes; index++) {
        const byte = source[at + index] as number
        if (byte >> 4 > 9 || (byte & 15) > 9) return notANumber
        value = value * 100 + (byte >> 4) * 10 + (byte & 15)
      }
      return value
    },
  }
}

/** 0 to 15 for a hexadecimal character of either case, else 99. */
function digitOf(character: number): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30
  const letter = character & 0xdf
  return letter >= 0x41 && letter <= 0x46 ? letter - 0x37 : 99
}

/** Whether `expected` stands at `at`. */
export function holds(source: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) {
    if (source[at + index] !== expected[index]) return false
  }
  return true
}

/** Bytes of a hex text of the framing's own data; an absent text is no bytes. */
function fromHex(hex = ''): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'))
}
