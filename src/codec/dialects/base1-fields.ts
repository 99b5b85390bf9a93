// The fields of Visa's BASE I and SMS, as public packager files have them: those of ISO 8583:1987 in other widths.

import { type FieldDefinition, type Format, field } from '../dialect.js'
import { iso87Ascii } from './iso87-ascii.js'

type Fields = Readonly<Record<string, FieldDefinition>>

/** Text that stays in ASCII. */
const asciiText = (name: string, format: Format): FieldDefinition => field(name, format, { data: 'ascii' })

/** One byte of length for up to 255 of text or bytes. */
const oneByte = { prefix: { size: 1 } } as const

const reserved = (from: number, to: number): Fields =>
  Object.fromEntries(
    Array.from({ length: to - from + 1 }, (_, index) => {
      const number = from + index
      return [number, asciiText(iso87Ascii.fields[number]?.name ?? `reserved${number}`, 'ans..99')]
    }),
  )

/** Data element 126, behind a bitmap. */
const privateUse: Fields = {
  1: field('customerName', 'ans 25'),
  2: field('customerAddress', 'ans 57'),
  3: field('billerAddress', 'ans 57'),
  4: field('billerTelephone', 'ans 18'),
  5: field('processByDate', 'ans 6'),
  6: field('cardholderCertificate', 'n..17', { prefix: { encoding: 'bcd' } }),
  7: field('merchantCertificate', 'n..17', { prefix: { encoding: 'bcd' } }),
  8: field('transactionId', 'n 40'),
  9: field('transactionStain', 'n 40'),
  10: field('cvv2Data', 'ans 6', { mask: 'all' }),
}

/** Data element 127: the record of a file. */
const fileRecord: Fields = {
  1: field('accountNumber', 'n..19', { mask: 'pan' }),
  2: field('purgeDate', 'n 4'),
  3: field('actionCode', 'ans 2'),
  4: field('regionCoding', 'ans 9'),
  5: field('filler', 'n 4'),
}

export const base1Fields: Fields = {
  ...iso87Ascii.fields,
  22: field('entryMode', 'n 4'),
  34: field('extendedPan', 'n..28', { mask: 'all' }),
  36: field('track3', 'z...104', { prefix: { encoding: 'bcd' }, mask: 'all' }),
  ...reserved(46, 47),
  48: field('additionalDataPrivate', 'b..99', { mask: 'all' }),
  49: field('transactionCurrency', 'n 3'),
  50: field('settlementCurrency', 'n 3'),
  51: field('cardholderBillingCurrency', 'n 3'),
  54: field('additionalAmounts', 'ans...120', { ...oneByte, layout: iso87Ascii.fields[54]?.layout ?? [] }),
  55: field('chipData', 'b...255', { ...oneByte, mask: 'all' }),
  ...reserved(56, 58),
  59: field('nationalPosGeographicData', 'ans..14'),
  60: field('additionalPosInformation', 'b..6'),
  61: field('otherAmounts', 'n..36'),
  62: field('customPaymentService', 'b..59', { mask: 'all' }),
  63: field('smsPrivateUse', 'b...255', { ...oneByte, mask: 'all' }),
  102: field('account1', 'ans..28', { data: 'ascii', mask: 'all' }),
  103: field('account2', 'ans..28', { data: 'ascii', mask: 'all' }),
  ...reserved(104, 114),
  115: asciiText('additionalTraceData', 'ans..24'),
  ...reserved(116, 117),
  118: field('intraCountryData', 'b..99', { mask: 'all' }),
  ...reserved(119, 119),
  120: field('auxiliaryTransactionData', 'n..4'),
  121: asciiText('issuerId', 'ans..11'),
  122: asciiText('remainingOpenToUse', 'ans..13'),
  123: field('addressVerificationData', 'ans..29'),
  124: field('freeFormText', 'b..99', { mask: 'all' }),
  125: field('supportingInformation', 'ans..99', { data: 'ascii', mask: 'all' }),
  126: field('visaPrivateUse', 'b...255', {
    ...oneByte,
    inside: { kind: 'bitmap', bitmap: { encoding: 'binary', bytes: 8, extends: 'fixed' }, fields: privateUse },
    mask: 'all',
  }),
  127: field('fileRecord', 'b...255', {
    ...oneByte,
    inside: { kind: 'positional', fills: true, fields: fileRecord },
    mask: 'all',
  }),
}
