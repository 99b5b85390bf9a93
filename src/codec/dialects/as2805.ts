// AS 2805.2, the Australian sibling of ISO 8583:1987: packed digits and raw binary, cash-out and balances in fields of
// their own, a MAC by AS 2805.4 on every financial message, advices for sign-on and keys.
//
// 53 tells which set of keys protects the message. Reversals and reconciliations are advices only: 0420 and 0520.

import { defineDialect, field } from '../dialect.js'
import { as2805Messages } from './as2805-messages.js'
import { as2805Rules } from './as2805-rules.js'
import { iso87Binary } from './iso87-binary.js'

export const as2805 = defineDialect({
  ...iso87Binary,
  name: 'as2805',
  about: 'AS 2805.2, Australian EFTPOS and ATM interchange: packed digits (BCD), raw binary, binary bitmap',
  fields: {
    ...iso87Binary.fields,
    // Tags such as TCC (terminal capability) and FCA (faulty card), each behind its name.
    47: field('additionalDataNational', 'ans...999'),
    // Random numbers, keys and check values, by message.
    48: field('additionalDataPrivate', 'b...999', { mask: 'all' }),
    57: field('cashAmount', 'n 12'),
    58: field('ledgerBalance', 'n 12'),
    59: field('clearedBalance', 'n 12'),
    117: field('cardStatusUpdateCode', 'an 2'),
    118: field('cashTotalNumber', 'n 10'),
    119: field('cashTotalAmount', 'n 16'),
  },
  rules: as2805Rules,
  messages: as2805Messages,
})
