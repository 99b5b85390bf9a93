// Bytes that are being read, with their text made at most once: slicing one string costs less than many conversions.

import { latin1Text } from '../base/text/latin1.js'

const upperDigits = Buffer.from('0123456789ABCDEF', 'latin1')
/** Digits of a short value, such as a PIN block or a MAC, made without the text of the whole message. */
const upper = Buffer.alloc(64)

/** The longest text that is made by itself. */
const pieceBytes = 32

export class Source {
  readonly bytes: Uint8Array
  private latin1: string | undefined
  private hexDigits: string | undefined
  /** Short texts that are still made by themselves. */
  private pieces: number

  /** `latin1`: the bytes as text, when the caller has it already. `pieces`: so few texts will be asked for that each is made by itself. */
  constructor(bytes: Uint8Array, latin1?: string, pieces = 0) {
    this.bytes = bytes
    this.latin1 = latin1
    this.hexDigits = undefined
    this.pieces = pieces
  }

  /** One character for each byte. */
  text(at: number, end: number): string {
    if (this.pieces > 0 && end - at <= pieceBytes) {
      this.pieces--
      return latin1Text(this.bytes, at, end)
    }
    this.latin1 ??= latin1Text(this.bytes, 0, this.bytes.length)
    return this.latin1.substring(at, end)
  }

  /** Two lower-case digits for each byte; positions count half bytes. */
  hex(atNibble: number, endNibble: number): string {
    this.hexDigits ??= asBuffer(this.bytes).toString('hex')
    return this.hexDigits.substring(atNibble, endNibble)
  }

  /** Two upper-case digits for each byte: how binary values are written in messages. */
  hexUpper(at: number, end: number): string {
    const length = 2 * (end - at)
    if (length > upper.length) return this.hex(at * 2, end * 2).toUpperCase()
    for (let index = 0; index < length; index += 2) {
      const byte = this.bytes[at + index / 2] as number
      upper[index] = upperDigits[byte >> 4] as number
      upper[index + 1] = upperDigits[byte & 15] as number
    }
    return latin1Text(upper, 0, length)
  }
}

/** The same memory as a Buffer, whose conversions are native. */
export function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
