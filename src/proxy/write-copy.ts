// Bytes that are ours during one call, written on. Chunks of a flood are copied into buffers that are used again: what is allocated
// for each of them is collected all at once, which stops the proxy for everybody.

import { type Link, readBytes } from '../transport/network/link.js'
import { createSpareBuffers } from '../transport/network/spare-buffers.js'

/** For what one read brings, and a megabyte at the most. */
const spares = createSpareBuffers(readBytes, 16)
/** Node cuts smaller ones from a buffer that they share. */
const smallBytes = 4096

/** As Link.write; the bytes may change afterwards. */
export function writeCopy(to: Link, bytes: Uint8Array): boolean {
  const isLarge = bytes.length > smallBytes && bytes.length <= readBytes
  if (!isLarge || to.hasLeft === undefined) return to.write(Buffer.from(bytes))
  const copy = spares.take()
  copy.set(bytes)
  const keepsUp = to.write(copy.subarray(0, bytes.length))
  if (to.hasLeft) spares.giveBack(copy)
  return keepsUp
}
