// The kind of a field in the standard, for specs that do not name it: there, BCD digits and bytes are the same.

import type { Kind } from '../dialect.js'
import { iso87Ascii } from '../dialects/iso87-ascii.js'

/** The kind that ISO 8583:1987 gives the field; undefined for one that it has not. */
export function usualKind(number: number): Kind | undefined {
  return iso87Ascii.fields[String(number)]?.format.split(/[ .]/)[0] as Kind | undefined
}
