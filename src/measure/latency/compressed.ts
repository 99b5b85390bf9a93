// HdrHistogram's V2 encodings, compressed: a cookie, the length, and the bytes of the encoding in zlib's format.

import { constants, deflateSync, inflateSync } from 'node:zlib'
import { hasCookie } from './counts.js'

/** With words of 9 bytes at the most, as all of version 2. */
const cookie = 0x1c849314
const headBytes = 8

/** Counts repeat, but seldom in the same order: without a search for what repeats, a tenth less bytes in the same time. */
const deflating = { strategy: constants.Z_HUFFMAN_ONLY }

export function compressV2(encoding: Uint8Array): Uint8Array {
  const deflated = deflateSync(encoding, deflating)
  const bytes = new Uint8Array(headBytes + deflated.length)
  const head = new DataView(bytes.buffer)
  head.setInt32(0, cookie)
  head.setInt32(4, deflated.length)
  bytes.set(deflated, headBytes)
  return bytes
}

export const isCompressedV2 = (bytes: Uint8Array): boolean => bytes.length >= headBytes && hasCookie(bytes, cookie)

/** Throws what zlib throws for bytes that are damaged, or that unpack to more than `maxBytes`. */
export function inflateV2(compressed: Uint8Array, maxBytes: number): Buffer {
  return inflateSync(compressed.subarray(headBytes), { maxOutputLength: maxBytes })
}
