// Which fields a bitmap can announce.

import type { BitmapDefinition } from '../../dialect.js'

/** A field without a bit is never sent and never expected, and is left out. Bits that announce another part are no field. */
export function hasBit({ bytes, extends: extension, parts = 2, thirdIn }: BitmapDefinition, id: number): boolean {
  if (thirdIn !== undefined && id > 128) return true
  if (extension === 'fixed') return id <= 8 * bytes
  if (id > 8 * bytes * parts) return false
  return id !== 1 && (parts < 3 || id !== 65)
}
