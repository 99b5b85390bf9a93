// Exclusive or of byte strings of equal length.

/** A new array: `a` xor `b`. */
export function xor(a: Uint8Array, b: Uint8Array): Uint8Array {
  const out = new Uint8Array(a.length)
  for (let index = 0; index < out.length; index++) out[index] = a[index]! ^ b[index]!
  return out
}

/** Changes `target` to `target` xor `other`. */
export function xorInto(target: Uint8Array, other: Uint8Array): void {
  for (let index = 0; index < target.length; index++) target[index]! ^= other[index]!
}
