// The list of built-in dialects, by hand. To add one: its file beside this, and a line here and in load.ts.

import type { Dialect } from '../dialect.js'
import { cupPos } from './cup-pos.js'
import { iso8583 } from './iso-8583.js'
import { iso87Ascii } from './iso87-ascii.js'
import { iso87Binary } from './iso87-binary.js'
import { iso93Ascii } from './iso93-ascii.js'
import { iso93Binary } from './iso93-binary.js'
import { unknownDialect } from './load.js'

export const builtInDialects: readonly Dialect[] = [cupPos, iso8583, iso87Ascii, iso87Binary, iso93Ascii, iso93Binary]

/** The built-in dialect of that name. Throws UsageError, with the nearest name, when there is none. */
export function builtInDialect(name: string): Dialect {
  const found = builtInDialects.find((dialect) => dialect.name === name)
  if (found !== undefined) return found
  throw unknownDialect(
    name,
    builtInDialects.map((dialect) => dialect.name),
  )
}
