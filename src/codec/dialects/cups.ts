// China UnionPay's online interchange (银联联机交易, CUPS) between institutions: digits in ASCII, text in GBK, a binary
// bitmap, and a header of 46 bytes that says how long a message is, where it goes and why it was rejected.
//
// cup-pos is what a terminal speaks to its acquirer; this is what the acquirer speaks to the switch.

import { defineDialect, field } from '../dialect.js'
import { cupsMessages } from './cups-messages.js'
import { cupsRules } from './cups-rules.js'
import { iso87Ascii } from './iso87-ascii.js'
import { additionalAmounts } from './layouts.js'

/** Length 46, version 2, total length, a made-up switch and institution, nothing reserved, nothing rejected. */
const header = ['\u002e\u0002', '0000', '00010000   ', '99990001   ', '\0\0\0', '\0', '00000000', '\0', '00000']

export const cups = defineDialect({
  ...iso87Ascii,
  name: 'cups',
  about: 'China UnionPay online interchange (银联联机交易): 46-byte header, ASCII digits, GBK text, binary bitmap',
  framing: 'ascii4',
  envelope: { header: Buffer.from(header.join(''), 'latin1').toString('hex').toUpperCase(), headerForm: 'cups' },
  encodings: {
    ...iso87Ascii.encodings,
    bitmap: { encoding: 'binary', bytes: 8, extends: 'byNeed' },
    text: 'gbk',
    bytes: 'binary',
  },
  fields: {
    ...iso87Ascii.fields,
    48: field('additionalDataPrivate', 'ans...512', { mask: 'all' }),
    // Which key is changed or how the PIN is made, and the algorithm; nothing secret.
    53: field('securityControl', 'n 16', { mask: 'none' }),
    54: field('additionalAmounts', 'ans...40', { layout: additionalAmounts }),
    55: field('chipData', 'b...255', { inside: { kind: 'ber-tlv' }, mask: 'tlv' }),
    56: field('additionalData56', 'ans...512'),
    57: field('additionalTransactionData', 'ans...100'),
    59: field('inquiredDetails', 'ans...600'),
    // Reason 4, how the card was read 11, and more.
    60: field('reasonAndEntry', 'ans...100'),
    61: field('cardholderAuthentication', 'ans...200', { mask: 'all' }),
    62: field('switchingData', 'ans...200', { mask: 'all' }),
    63: field('financialNetworkData', 'ans...512', { mask: 'all' }),
    104: field('additionalData104', 'ans...512'),
    113: field('additionalData113', 'ans...512'),
    116: field('additionalData116', 'ans...512'),
    117: field('additionalData117', 'ans...256'),
    121: field('switchReserved', 'ans...100'),
    122: field('acquirerReserved', 'ans...100'),
    123: field('issuerReserved', 'ans...100'),
    125: field('additionalData125', 'ans...256', { mask: 'all' }),
    126: field('additionalData126', 'ans...256'),
  },
  rules: cupsRules,
  messages: cupsMessages,
})
