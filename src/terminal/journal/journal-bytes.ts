// Numbers and texts as a journal's records hold them: a number in groups of 7 bits, the lowest first; a text as the number of
// its bytes in UTF-8, and these.

const firstBytes = 65_536

/** Bytes that are written one after another into a buffer that is used again. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes)
  /** The place of the next byte. */
  end = 0

  /** The bytes from `from` to the end: a view that is valid until more is written. */
  view(from = 0): Buffer {
    return this.#bytes.subarray(from, this.end)
  }

  uint32At(at: number, value: number): void {
    this.#bytes.writeUInt32BE(value, at)
  }

  byte(value: number): void {
    this.reserve(1)
    this.#bytes[this.end++] = value
  }

  /** A whole number from 0 to 2^53 - 1. */
  number(value: number): void {
    this.reserve(8)
    let left = value
    while (left >= 0x80) {
      this.#bytes[this.end++] = (left % 0x80) | 0x80
      left = Math.floor(left / 0x80)
    }
    this.#bytes[this.end++] = left
  }

  text(text: string): void {
    const { length } = text
    if (length >= 0x80) {
      this.#longText(text)
      return
    }
    this.reserve(length + 1)
    const bytes = this.#bytes
    const start = this.end
    bytes[start] = length
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code >= 0x80) {
        this.#longText(text)
        return
      }
      bytes[start + 1 + index] = code
    }
    this.end = start + 1 + length
  }

  #longText(text: string): void {
    const bytes = Buffer.byteLength(text)
    this.number(bytes)
    this.reserve(bytes)
    this.end += this.#bytes.write(text, this.end)
  }

  /** Makes room for so many bytes more. */
  reserve(bytes: number): void {
    if (this.end + bytes <= this.#bytes.length) return
    const grown = Buffer.allocUnsafeSlow(2 * (this.end + bytes))
    grown.set(this.#bytes.subarray(0, this.end))
    this.#bytes = grown
  }

  /** Begins anew, in a smaller buffer where the last one had grown. */
  clear(): void {
    this.end = 0
    if (this.#bytes.length > 16 * firstBytes) this.#bytes = Buffer.allocUnsafeSlow(firstBytes)
  }
}

/** Reads what a ByteWriter wrote. Throws RangeError where the bytes end before. */
export class ByteReader {
  readonly #bytes: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#bytes.length
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw new RangeError('a record ends in its middle')
    return byte
  }

  number(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  text(): string {
    const length = this.number()
    if (this.#at + length > this.#bytes.length) throw new RangeError('a text ends in its middle')
    const text = this.#bytes.toString('utf8', this.#at, this.#at + length)
    this.#at += length
    return text
  }
}
