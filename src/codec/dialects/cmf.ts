// The common message format of jPOS (CMF): ISO 8583:2003 with parts inside more of its fields, and settlements that are
// notified.

import { defineDialect, type FieldDefinition, field } from '../dialect.js'
import { cmfField113 } from './cmf-field113.js'
import { iso2003Binary } from './iso2003-binary.js'
import { iso2003Messages } from './iso2003-messages.js'
import { iso2003Rules } from './iso2003-rules.js'

const inOrder = (...fields: readonly FieldDefinition[]) =>
  ({ kind: 'positional', fills: true, fields: Object.fromEntries(fields.map((each, index) => [index, each])) }) as const

const digits = { data: 'ascii' } as const

const capability = inOrder(
  field('cardReadingAndVerification', 'b 8'),
  field('approvalCodeLength', 'n 1', digits),
  field('cardholderReceiptLength', 'n 3', digits),
  field('merchantReceiptLength', 'n 3', digits),
  field('cardholderDisplayLength', 'n 3', digits),
  field('merchantDisplayLength', 'n 3', digits),
  field('scriptLength', 'n 3', digits),
  field('track3Rewrite', 'ans 1'),
  field('cardCapture', 'ans 1'),
  field('pinLength', 'b 1'),
)

const merchant: Readonly<Record<string, FieldDefinition>> = {
  2: field('name', 'ans..50'),
  3: field('street', 'ans..99'),
  4: field('city', 'ans..50'),
  5: field('region', 'ans 3'),
  6: field('postalCode', 'ans 10'),
  7: field('country', 'ans 3'),
  8: field('phone', 'ans 16'),
  9: field('customerServicePhone', 'ans 16'),
  10: field('contact', 'ans..30'),
  11: field('url', 'ans...255'),
  12: field('email', 'ans..99'),
}

const verification: Readonly<Record<string, FieldDefinition>> = {
  1: field('additionalIdentificationType', 'n 1'),
  2: field('cardVerification', 'n 4', { mask: 'all' }),
  3: field('addressCompressed', 'ans 16'),
  4: field('postalCode', 'ans 10'),
  5: field('street', 'ans 40'),
  6: field('addressResult', 'ans 1'),
}

const known = iso2003Rules.ledger
const ledger = known && { ...known, totals: { ...known.totals, sentAs: ['2540', '2541', '2541', '2541'] } }

const bitmap = { encoding: 'binary', bytes: 8 } as const

export const cmf = defineDialect({
  ...iso2003Binary,
  name: 'cmf',
  about: 'jPOS common message format (CMF): ISO 8583:2003 in packed digits and raw binary',
  fields: {
    ...iso2003Binary.fields,
    21: field('transactionLifeCycle', 'b 19', {
      inside: inOrder(
        field('supportIndicator', 'ans 1'),
        field('traceIdentifier', 'ans 15'),
        field('sequenceNumber', 'n 2'),
        field('authenticationToken', 'n 4'),
      ),
    }),
    27: field('pointOfServiceCapability', 'b 27', { inside: capability }),
    30: field('originalAmounts', 'b 16', {
      inside: inOrder(field('transactionAmount', 'n 16'), field('reconciliationAmount', 'n 16')),
    }),
    43: field('merchantNameLocation', 'b....9999', {
      inside: { kind: 'bitmap', bitmap: { ...bitmap, extends: 'byNeed' }, fields: merchant },
      mask: 'none',
    }),
    49: field('verificationData', 'b....9999', {
      inside: { kind: 'bitmap', bitmap: { ...bitmap, extends: 'fixed' }, fields: verification },
      mask: 'all',
    }),
    72: field('dataRecord', 'b....9999', { mask: 'all' }),
    113: field('processorPrivate', 'b....9999', { inside: cmfField113, mask: 'all' }),
  },
  rules: { ...iso2003Rules, ...(ledger && { ledger }) },
  messages: { ...iso2003Messages, settlement: { ...iso2003Messages.settlement, mti: '2540' } },
})
