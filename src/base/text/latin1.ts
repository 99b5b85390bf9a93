// Text of bytes, one character for each.

interface Sliced {
  /** In every version of Node, though not in its documentation. */
  latin1Slice?(from: number, end: number): string
}

const { latin1Slice } = Buffer.prototype as Buffer & Sliced

/** As `toString('latin1', from, end)` of a Buffer, which looks the encoding up by its name first: half of the time of a short text. */
export const latin1Text: (bytes: Uint8Array, from: number, end: number) => string =
  latin1Slice === undefined
    ? (bytes, from, end) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', from, end)
    : (bytes, from, end) => latin1Slice.call(bytes, from, end)
