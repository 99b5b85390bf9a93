// Padding methods 1 and 2 of ISO/IEC 9797-1. Both return a new array that the caller may change; never less than one block.

/** Method 1: zero bytes up to the next whole block, none when the data already ends on one. */
export function padMethod1(bytes: Uint8Array, blockBytes: number): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.max(1, Math.ceil(bytes.length / blockBytes)) * blockBytes)
  padded.set(bytes)
  return padded
}

/** Method 2: one byte 80, then zero bytes up to the next whole block (also ISO/IEC 7816-4 and EMV). */
export function padMethod2(bytes: Uint8Array, blockBytes: number): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array((Math.floor(bytes.length / blockBytes) + 1) * blockBytes)
  padded.set(bytes)
  padded[bytes.length] = 0x80
  return padded
}
