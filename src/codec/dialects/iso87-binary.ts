// The 1987 fields with packed digits, raw binary and a binary bitmap: half the bytes on the wire.

import { defineDialect, field } from '../dialect.js'
import { iso87Ascii } from './iso87-ascii.js'

export const iso87Binary = defineDialect({
  ...iso87Ascii,
  name: 'iso87-binary',
  about: 'ISO 8583:1987, packed digits (BCD), raw binary, binary bitmap',
  encodings: {
    ...iso87Ascii.encodings,
    mti: 'bcd',
    bitmap: { encoding: 'binary', bytes: 8, extends: 'byNeed' },
    length: 'bcd',
    digits: 'bcd',
    track: 'bcd',
    bytes: 'binary',
  },
  fields: {
    ...iso87Ascii.fields,
    // Track 3 goes in ASCII also where track 2 is packed, as the packager files in use have it.
    36: field('track3', 'z...104', { data: 'ascii', mask: 'all' }),
    // Reserved in 1987, so its inside is not checked: bytes, of which chip data is the usual kind.
    55: field('chipData', 'b...999', { mask: 'all' }),
  },
})
