// Bytes that are ours during one call, written on. Chunks of a flood are copied into buffers that are used again: what is allocated
// for each of them is collected all at once, which stops the proxy for everybody.

import { poison, poisonsViews } from '../base/lent.js'
import type { Link } from '../transport/network/link.js'

/** Copies that wait for the next write, in this thread: as large as the largest read, and a megabyte of them at the most. */
const spare: Buffer[] = []
const spareBytes = 65_536
const mostSpare = 16
/** Node cuts smaller ones from a buffer that they share. */
const smallBytes = 4096

/** As Link.write; the bytes may change afterwards. */
export function writeCopy(to: Link, bytes: Uint8Array): boolean {
  const isLarge = bytes.length > smallBytes && bytes.length <= spareBytes
  if (!isLarge || to.hasLeft === undefined) return to.write(Buffer.from(bytes))
  const copy = spare.pop() ?? Buffer.allocUnsafeSlow(spareBytes)
  copy.set(bytes)
  const keepsUp = to.write(copy.subarray(0, bytes.length))
  if (to.hasLeft) giveBack(copy)
  return keepsUp
}

function giveBack(copy: Buffer): void {
  if (poisonsViews) copy.fill(poison)
  if (spare.length < mostSpare) spare.push(copy)
}
