// A message as data: what `decode --json` prints and `encode` reads. Values are strings; money and digits are never numbers.

/** `{ mti, fields }` plus the envelope that was around it, as upper-case hex, when there was one. */
export interface Message {
  readonly tpdu?: string
  readonly header?: string
  readonly mti: string
  /** The bitmap's bytes in upper-case hex, only when they are not the ones that pack() would write for these fields. */
  readonly bitmap?: string
  readonly fields: Fields
}

/** Field number or tag (upper-case hex, or the family's own spelling) to value. */
export interface Fields {
  readonly [field: string]: FieldValue
}

/**
 * Digits and text: a string without the padding that the dialect adds. Binary: upper-case hex. Nested: Fields, and for
 * tag-length-value the key `order` (a list of tags) when the order on the wire is not the order of the object's keys.
 * BER-TLV: a tag that came several times has a list of its values, and bytes of 00 or FF that are no tag stand in `order`.
 * There a tag whose length had more bytes than it needs stands with that length: `9F268108`.
 * Anything that those forms cannot carry back to the same bytes: Verbatim.
 */
export type FieldValue = string | Verbatim | Fields | readonly string[]

/** The value's bytes as they stood on the wire, after the length prefix; packs back unchanged. */
export interface Verbatim {
  readonly hex: string
  /** The number in the length prefix, when it does not follow from the bytes (an odd count of packed digits). */
  readonly length?: number
}

export function isVerbatim(value: FieldValue): value is Verbatim {
  return typeof value === 'object' && value !== null && typeof (value as Verbatim).hex === 'string'
}
