// The padding methods of ISO/IEC 9797-1. Each returns a new array that the caller may change; never less than one block.

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

/** Method 3: method 1, behind one block that holds the length of the data in bits. */
export function padMethod3(bytes: Uint8Array, blockBytes: number): Uint8Array<ArrayBuffer> {
  const padded = padMethod1(bytes, blockBytes)
  const all = new Uint8Array(blockBytes + padded.length)
  new DataView(all.buffer).setUint32(blockBytes - 4, 8 * bytes.length)
  all.set(padded, blockBytes)
  return all
}

export const padMethods = { 1: padMethod1, 2: padMethod2, 3: padMethod3 } as const
