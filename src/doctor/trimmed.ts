// A dialect with no more fields than some messages have: compiled in a fraction of the time, it reads these as the whole
// one does. Changes are tried on such dialects by the thousand.

import type { Dialect } from '../codec/dialect.js'
import { type BitmapCodec, compileBitmap, createFieldList } from '../codec/head/bitmap.js'
import { compileMti, type MtiCodec } from '../codec/head/mti-codec.js'
import { isKnownMti } from './plausibility.js'

/** Undefined where no message has a type and a bitmap that this dialect can read: it need not be tried on them. */
export function trimmedTo(bodies: readonly Uint8Array[], dialect: Dialect): Dialect | undefined {
  const start = startOf(dialect)
  if (start === undefined) return undefined
  const named = new Set(bodies.flatMap((body) => fieldsNamed(body, start)))
  if (named.size === 0) return undefined
  // The highest field says how many bitmaps there may be.
  const highest = Math.max(...start.numbers)
  const kept = Object.entries(dialect.fields).filter(([key]) => named.has(Number(key)) || Number(key) === highest)
  return { ...dialect, fields: Object.fromEntries(kept) }
}

interface Start {
  readonly mti: MtiCodec
  readonly bitmap: BitmapCodec
  readonly numbers: readonly number[]
}

function startOf({ encodings, fields }: Dialect): Start | undefined {
  const numbers = Object.keys(fields).map(Number)
  try {
    const mti = compileMti(encodings.mti, '')
    return {
      mti,
      numbers,
      bitmap: compileBitmap({ definition: encodings.bitmap, fields: numbers, path: [], where: '' }),
    }
  } catch {
    // A change that such a dialect cannot have.
    return undefined
  }
}

function fieldsNamed(body: Uint8Array, { mti, bitmap }: Start): readonly number[] {
  const list = createFieldList()
  try {
    if (!isKnownMti(mti.read(body))) return []
    bitmap.read(body, mti.bytes, body.length, list)
    return [...list.numbers.subarray(0, list.count)]
  } catch {
    return []
  }
}
