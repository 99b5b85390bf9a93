// The 1993 fields with packed digits, raw binary and a binary bitmap. Both tracks stay in ASCII, and an odd number of
// digits leaves its spare half byte at the end, as the packager files in use have it.

import { defineDialect } from '../dialect.js'
import { iso93Ascii } from './iso93-ascii.js'

export const iso93Binary = defineDialect({
  ...iso93Ascii,
  name: 'iso93-binary',
  about: 'ISO 8583:1993, packed digits (BCD), raw binary, binary bitmap',
  encodings: {
    ...iso93Ascii.encodings,
    mti: 'bcd',
    bitmap: { encoding: 'binary', bytes: 8, extends: 'byNeed' },
    length: 'bcd',
    digits: 'bcd',
    bytes: 'binary',
  },
})
