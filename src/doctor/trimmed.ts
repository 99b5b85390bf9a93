// A dialect with no more fields than some messages have: compiled in a fraction of the time, it reads these as the whole
// one does. Changes are tried on such dialects by the thousand.

import type { Dialect } from '../codec/dialect.js'
import { type BitmapCodec, compileBitmap, createFieldList } from '../codec/head/bitmap.js'
import { compileMti, type MtiCodec } from '../codec/head/mti-codec.js'
import { isKnownMti, isMtiOf } from './plausibility.js'

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

/** Bytes that may stand in front of a message: a CUPS header has 46, and a TPDU and a length may come before it. */
export const mostFrontBytes = 64
/** A message names itself by more than one field: STAN and date, or STAN and terminal. */
const fewestFields = 2

/**
 * Offsets at which a type of the dialect's versions stands, and a bitmap of fields that the dialect has: where the message
 * may begin behind a header of an unknown shape. Never 0.
 */
export function messageStarts(frame: Uint8Array, dialect: Dialect): readonly number[] {
  const start = startOf(dialect)
  const any = startOf({ ...dialect, fields: everyField(dialect) })
  if (start === undefined || any === undefined) return []
  const known = new Set(start.numbers)
  const found: number[] = []
  for (let at = 1; at <= Math.min(mostFrontBytes, frame.length - start.mti.bytes - 8); at++) {
    const body = frame.subarray(at)
    if (!isTypeAt(body, start, dialect)) continue
    const named = fieldsNamed(body, any)
    const share = named.filter((field) => known.has(field)).length / Math.max(1, named.length)
    if (named.length >= fewestFields && share >= knownShare) found.push(at)
  }
  return found
}

/** Share of the fields that the dialect must know: a host sends one or two that no table has. */
const knownShare = 0.8

/** Every number that the bitmap has a bit for; the compiler of the bitmap looks at nothing else. */
function everyField({ encodings, fields }: Dialect): Dialect['fields'] {
  const most =
    encodings.bitmap.extends === 'fixed' ? encodings.bitmap.bytes * 8 : Math.max(...Object.keys(fields).map(Number))
  const [field] = Object.values(fields)
  if (field === undefined) return {}
  const numbers = Array.from({ length: most - 1 }, (_, index) => index + 2)
  return Object.fromEntries(numbers.filter((number) => number !== 65).map((number) => [number, field]))
}

function isTypeAt(body: Uint8Array, { mti }: Start, dialect: Dialect): boolean {
  try {
    return isMtiOf(mti.read(body), dialect)
  } catch {
    return false
  }
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
