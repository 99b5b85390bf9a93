// A third bitmap that stands among the fields, as jPOS writes it in field 65: it says which fields from 129 on there are,
// and is itself announced by its bit in the second bitmap. It is no field of a message: it follows from the others.

import { UsageError } from '../../base/errors.js'
import type { FieldDefinition } from '../dialect.js'
import { type FieldList, lastOfTwo } from './bitmap.js'

const bytes = 8

export interface ThirdBitmap {
  /** The number of the field that it stands in. */
  readonly field: number
  /** Puts it into the list, which is ascending, where a field of the list needs it. */
  announce(list: FieldList): void
  /** Its value for the fields of a list: upper-case hex. */
  valueFor(list: FieldList): string
  /** Adds the fields that the value names to the list. */
  addTo(list: FieldList, value: Uint8Array): void
}

/** Throws UsageError for a field that cannot hold it. */
export function compileThird(field: number, definition: FieldDefinition | undefined, where: string): ThirdBitmap {
  if (definition === undefined || field > lastOfTwo || definition.format !== `b ${bytes}`)
    throw new UsageError(`has its third bitmap in field ${field}: expected that field to be 'b ${bytes}'`, { where })
  return {
    field,
    announce(list) {
      const { numbers, count } = list
      if (count === 0 || (numbers[count - 1] as number) <= lastOfTwo) return
      let at = count
      while (at > 0 && (numbers[at - 1] as number) > field) at--
      if (numbers[at - 1] === field) return
      numbers.copyWithin(at + 1, at, count)
      numbers[at] = field
      list.count = count + 1
    },
    valueFor(list) {
      const value = Buffer.alloc(bytes)
      for (const number of list.numbers.subarray(0, list.count)) {
        const bit = number - lastOfTwo - 1
        if (bit >= 0) value[bit >> 3] = (value[bit >> 3] as number) | (0x80 >> (bit & 7))
      }
      return value.toString('hex').toUpperCase()
    },
    addTo(list, value) {
      for (let bit = 0; bit < 8 * bytes; bit++) {
        if (((value[bit >> 3] as number) & (0x80 >> (bit & 7))) !== 0) list.numbers[list.count++] = lastOfTwo + 1 + bit
      }
    },
  }
}
