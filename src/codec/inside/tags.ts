// Tags and lengths of BER-TLV (ISO/IEC 8825-1 §8.1, EMV Book 3 Annex B): as they stand in field 55.

/** Longest tag that is read: EMV uses up to three bytes. */
export const longestTagBytes = 4

/** The end of the tag at `at`; -1 when it is cut off or too long. */
export function tagEnd(bytes: Uint8Array, at: number, end: number): number {
  if (at >= end) return -1
  let next = at + 1
  if (((bytes[at] as number) & 0x1f) !== 0x1f) return next
  for (;;) {
    if (next >= end || next - at >= longestTagBytes) return -1
    if (((bytes[next++] as number) & 0x80) === 0) return next
  }
}

export function isConstructed(firstByte: number): boolean {
  return (firstByte & 0x20) !== 0
}

/** A BER length: the number and where its value begins. Undefined when it is cut off, indefinite or beyond four bytes. */
export function readLength(bytes: Uint8Array, at: number, end: number): { size: number; at: number } | undefined {
  if (at >= end) return undefined
  const first = bytes[at] as number
  if (first < 0x80) return { size: first, at: at + 1 }
  const count = first & 0x7f
  if (count === 0 || count > 4 || at + 1 + count > end) return undefined
  let size = 0
  for (let index = at + 1; index <= at + count; index++) size = size * 256 + (bytes[index] as number)
  return { size, at: at + 1 + count }
}

/** Bytes of the shortest form of a length. */
export function lengthBytes(size: number): number {
  if (size < 0x80) return 1
  if (size < 0x100) return 2
  return size < 0x1_0000 ? 3 : 4
}

/** Writes the shortest form of at least `least` bytes; returns the end. */
export function writeLength(target: Uint8Array, at: number, size: number, least = 1): number {
  const count = Math.max(lengthBytes(size), least) - 1
  if (count === 0) target[at] = size
  else target[at] = 0x80 | count
  for (let index = 0; index < count; index++)
    target[at + 1 + index] = Math.floor(size / 256 ** (count - 1 - index)) & 0xff
  return at + 1 + count
}
