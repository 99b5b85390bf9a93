// A field of EBCDIC text around sub-fields: jPOS packs them as ASCII and then translates every byte.

import type { DataEncoding, FieldDefinition, Inside, LengthPrefix, PrefixEncoding } from '../dialect.js'
import { refuseSpec, type SpecPlace } from './spec-error.js'

const page = 'ebcdic1047'

/** The same sub-fields as they stand on the wire. Throws UsageError where bytes would be translated that are no text. */
export function throughEbcdic(inside: Inside, place: SpecPlace): Inside {
  switch (inside.kind) {
    case 'positional':
      return { ...inside, fields: all(inside.fields) }
    case 'tlv':
      return {
        ...inside,
        tag: { ...inside.tag, encoding: number(inside.tag.encoding as PrefixEncoding) },
        length: prefix(inside.length),
        ...(inside.leading === undefined ? {} : { leading: translate(inside.leading) }),
        ...(inside.fields === undefined ? {} : { fields: all(inside.fields) }),
      }
    case 'bitmap': {
      if (inside.bitmap.encoding !== 'hex') impossible()
      return { ...inside, bitmap: { ...inside.bitmap, encoding: 'ebcdic-hex' }, fields: all(inside.fields) }
    }
    case 'datasets':
    case 'ber-tlv':
      return inside
  }

  function all(fields: Readonly<Record<string, FieldDefinition>>): Record<string, FieldDefinition> {
    return Object.fromEntries(Object.entries(fields).map(([key, definition]) => [key, translate(definition)]))
  }

  function translate(definition: FieldDefinition): FieldDefinition {
    return {
      ...definition,
      data: data(definition.data),
      ...(definition.prefix === undefined ? {} : { prefix: prefix(definition.prefix as LengthPrefix) }),
      ...(definition.inside === undefined ? {} : { inside: throughEbcdic(definition.inside, place) }),
    }
  }

  function prefix(own: LengthPrefix): LengthPrefix {
    return { ...own, encoding: number(own.encoding) }
  }

  function number(encoding: PrefixEncoding): PrefixEncoding {
    return encoding === 'ascii' ? page : impossible()
  }

  function data(encoding: DataEncoding | undefined): DataEncoding {
    if (encoding === 'hex') return 'ebcdic-hex'
    return encoding === 'ascii' || encoding === 'latin1' ? page : impossible()
  }

  function impossible(): never {
    refuseSpec(place, 'is EBCDIC text around sub-fields that are not ASCII text: jPOS would translate their bytes')
  }
}
