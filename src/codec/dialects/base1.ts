// Visa's BASE I and SMS (V.I.P. System): packed digits and EBCDIC text behind one-byte binary lengths, and a header of 22
// bytes that says of each message how long it is and where it goes.
//
// BASE I authorises: 0100 is the sale, and what it approves counts as taken, since no message here clears it. An odd number
// of digits leaves its spare half byte in front, also in fields of variable length.

import { defineDialect } from '../dialect.js'
import { base1Fields } from './base1-fields.js'
import { base1Messages } from './base1-messages.js'
import { base1Rules } from './base1-rules.js'
import { iso87Binary } from './iso87-binary.js'

export const base1 = defineDialect({
  ...iso87Binary,
  name: 'base1',
  about: 'Visa BASE I and SMS: 22-byte header, packed digits, EBCDIC text, binary lengths',
  framing: 'vap',
  // Format 1, text format 2 (a bitmap tells the fields); stations of zeros.
  envelope: { header: `160102${'00'.repeat(19)}`, headerForm: 'base1' },
  encodings: {
    ...iso87Binary.encodings,
    length: 'binary',
    text: 'ebcdic1047',
    oddVariable: { align: 'right', fill: '0' },
  },
  fields: base1Fields,
  rules: base1Rules,
  messages: base1Messages,
})
