// The list of built-in dialects, by hand. To add one: its file beside this, and a line here and in load.ts.

import type { Dialect } from '../dialect.js'
import { as2805 } from './as2805.js'
import { base1 } from './base1.js'
import { base24 } from './base24.js'
import { cmf } from './cmf.js'
import { cupPos } from './cup-pos.js'
import { cups } from './cups.js'
import { iso8583 } from './iso-8583.js'
import { iso87Ascii } from './iso87-ascii.js'
import { iso87Binary } from './iso87-binary.js'
import { iso93Ascii } from './iso93-ascii.js'
import { iso93Binary } from './iso93-binary.js'
import { iso2003Binary } from './iso2003-binary.js'
import { unknownDialect } from './load.js'
import { postilion } from './postilion.js'

/** The likeliest first: a probe of a host tries them in this order. */
export const builtInDialects: readonly Dialect[] = [
  cupPos,
  iso87Ascii,
  iso87Binary,
  // In front of iso_8583, which reads all that it writes: only of its own are the bitmaps that nobody needed.
  postilion,
  iso8583,
  iso93Ascii,
  iso93Binary,
  iso2003Binary,
  as2805,
  base1,
  base24,
  cmf,
  cups,
]

/** Those of the standard itself, in its usual encodings: what a dialect file of a host's own begins with. */
export const plainDialects: readonly Dialect[] = [iso87Ascii, iso87Binary, iso93Ascii, iso93Binary, iso2003Binary]

/** The built-in dialect of that name. Throws UsageError, with the nearest name, when there is none. */
export function builtInDialect(name: string): Dialect {
  const found = builtInDialects.find((dialect) => dialect.name === name)
  if (found !== undefined) return found
  throw unknownDialect(
    name,
    builtInDialects.map((dialect) => dialect.name),
  )
}
