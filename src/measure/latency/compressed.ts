// HdrHistogram's V2 encodings, compressed: a cookie, the length, and the bytes of the encoding in zlib's format.

import { deflateSync, inflateSync } from 'node:zlib'

/** With words of 9 bytes at the most, as all of version 2. */
const cookie = 0x1c849314
const wordSizeMask = ~0xf0
const headBytes = 8

export function compressV2(encoding: Uint8Array): Uint8Array {
  const deflated = deflateSync(encoding)
  const bytes = new Uint8Array(headBytes + deflated.length)
  const head = new DataView(bytes.buffer)
  head.setInt32(0, cookie)
  head.setInt32(4, deflated.length)
  bytes.set(deflated, headBytes)
  return bytes
}

export function isCompressedV2(bytes: Uint8Array): boolean {
  if (bytes.length < headBytes) return false
  const found = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0)
  return (found & wordSizeMask) === (cookie & wordSizeMask)
}

/** Throws what zlib throws for bytes that are damaged, or that unpack to more than `maxBytes`. */
export function inflateV2(compressed: Uint8Array, maxBytes: number): Buffer {
  return inflateSync(compressed.subarray(headBytes), { maxOutputLength: maxBytes })
}
