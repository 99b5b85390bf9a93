// ISO 8583:2003 with packed digits, raw binary and a binary bitmap, as public packager files have it. Both tracks stay in
// ASCII, and an odd number of digits leaves its spare half byte at the end.

import { defineDialect, type FieldDefinition, field } from '../dialect.js'
import { iso93Binary } from './iso93-binary.js'
import { iso2003Messages } from './iso2003-messages.js'
import { iso2003Rules } from './iso2003-rules.js'
import { additionalAmounts2003, originalData2003 } from './layouts.js'

/** Bytes without a meaning of their own yet, behind a length of four digits. */
const reserved = (from: number, to: number): Readonly<Record<string, FieldDefinition>> =>
  Object.fromEntries(
    Array.from({ length: to - from + 1 }, (_, index) => [
      from + index,
      field(`reserved${from + index}`, 'b....9999', { mask: 'all' }),
    ]),
  )

export const iso2003Binary = defineDialect({
  ...iso93Binary,
  name: 'iso2003-binary',
  about: 'ISO 8583:2003, packed digits (BCD), raw binary, binary bitmap',
  fields: {
    ...iso93Binary.fields,
    3: field('processingCode', 'an 6'),
    // Currency 3, its decimals 1, amount 12; so are the next two.
    4: field('transactionAmount', 'n 16'),
    5: field('reconciliationAmount', 'n 16'),
    6: field('cardholderBillingAmount', 'n 16'),
    8: field('cardholderBillingFee', 'n 12'),
    11: field('systemTraceAuditNumber', 'n 12'),
    12: field('localTransactionDateTime', 'n 14'), // YYYYMMDDhhmmss.
    13: field('effectiveDate', 'n 6'),
    15: field('settlementDate', 'n 8'),
    18: field('messageErrorIndicator', 'ans...140'),
    21: field('transactionLifeCycle', 'ans 22'),
    22: field('pointOfServiceDataCode', 'b 16'),
    27: field('pointOfServiceCapability', 'b 27'),
    28: field('reconciliationDate', 'n 8'),
    30: field('originalAmounts', 'n 32'),
    31: field('acquirerReferenceNumber', 'n 23'),
    34: field('electronicCommerceData', 'b....9999', { mask: 'all' }),
    35: field('track2', 'ans..37', { mask: 'all' }),
    36: field('track3', 'ans...104', { mask: 'all' }),
    39: field('actionCode', 'n 4'),
    41: field('terminalId', 'ans 16'),
    42: field('merchantId', 'ans..35'),
    43: field('merchantNameLocation', 'b....9999', { mask: 'none' }),
    44: field('additionalResponseData', 'b....9999'),
    46: field('feeAmounts', 'ans...216'),
    49: field('verificationData', 'b....9999', { mask: 'all' }),
    ...reserved(50, 51),
    54: field('additionalAmounts', 'ans...126', { layout: additionalAmounts2003 }),
    55: field('chipData', 'b....9999', { inside: { kind: 'ber-tlv' }, mask: 'tlv' }),
    56: field('originalDataElements', 'n..41', { layout: originalData2003 }),
    64: field('messageAuthenticationCode', 'b 4'),
    66: field('originalFeeAmounts', 'ans...216'),
    68: field('batchTransferMessageControl', 'ans 9'),
    69: field('batchTransferControlData', 'ans 40'),
    70: field('fileTransferDescription', 'n 18'),
    ...reserved(71, 71),
    72: field('dataRecord', 'b...999', { mask: 'all' }),
    73: field('actionDate', 'n 8'),
    // Six amounts of 16 digits, each with a number of 10: credits, chargebacks, reversals; debits alike.
    74: field('primaryReconciliationData', 'n 156'),
    75: field('secondaryReconciliationData', 'n 90'),
    ...reserved(76, 92),
    97: field('netReconciliationAmount', 'n 21'),
    99: field('settlementInstitutionId', 'ans..11'),
    101: field('fileName', 'ans..99'),
    104: field('transactionSpecificData', 'b....9999', { mask: 'all' }),
    ...reserved(105, 108),
    109: field('creditsFeeAmounts', 'ans...144'),
    110: field('debitsFeeAmounts', 'ans...144'),
    ...reserved(111, 122),
    ...reserved(124, 127),
    128: field('messageAuthenticationCode2', 'b 4'),
  },
  rules: iso2003Rules,
  messages: iso2003Messages,
})
