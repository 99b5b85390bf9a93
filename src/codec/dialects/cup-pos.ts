// The POS dialect of China UnionPay (银联直联POS): packed digits, text in GBK, one bitmap of 64 bits.
//
// Fixed digits of odd number are right aligned, variable ones left aligned; the one exception is data element 22.
// A prefix of digits counts digits, a prefix of binary counts bytes.

import { defineDialect, field } from '../dialect.js'
import { cupPosMessages } from './cup-pos-messages.js'
import { cupPosRules } from './cup-pos-rules.js'
import { additionalAmounts } from './layouts.js'

export const cupPos = defineDialect({
  name: 'cup-pos',
  about: 'China UnionPay POS terminals (银联POS终端): TPDU, 6-byte header, packed digits, GBK text',
  framing: 'binary2',
  // Header: application 60, software 31, normal state, no request, version 310000.
  envelope: { tpdu: '6000030000', header: '603100310000', swapTpdu: true },
  encodings: {
    mti: 'bcd',
    bitmap: { encoding: 'binary', bytes: 8, extends: 'fixed' },
    length: 'bcd',
    digits: 'bcd',
    track: 'bcd',
    text: 'gbk',
    bytes: 'binary',
    oddFixed: { align: 'right', fill: '0' },
    oddVariable: { align: 'left', fill: '0' },
  },
  fields: {
    2: field('primaryAccountNumber', 'n..19', { mask: 'pan' }),
    3: field('processingCode', 'n 6'),
    4: field('transactionAmount', 'n 12'),
    11: field('systemTraceAuditNumber', 'n 6'),
    12: field('localTransactionTime', 'n 6'), // hhmmss.
    13: field('localTransactionDate', 'n 4'), // MMDD.
    14: field('expirationDate', 'n 4'), // YYMM.
    15: field('settlementDate', 'n 4'), // MMDD.
    22: field('entryMode', 'n 3', { odd: { align: 'left', fill: '0' } }),
    23: field('cardSequenceNumber', 'n 3'),
    25: field('conditionCode', 'n 2'),
    26: field('pinCaptureCode', 'n 2'),
    32: field('acquirerId', 'n..11'),
    35: field('track2', 'z..37', { mask: 'all' }),
    36: field('track3', 'z...104', { mask: 'all' }),
    37: field('retrievalReferenceNumber', 'anp 12'),
    38: field('authorizationCode', 'anp 6'),
    39: field('responseCode', 'an 2'),
    41: field('terminalId', 'ans 8'),
    42: field('merchantId', 'ans 15'),
    43: field('merchantName', 'ans 40', { mask: 'none' }),
    44: field('institutionIds', 'ans..25', { layout: ['an 11', 'an 11'] }), // Issuer 11, acquirer 11.
    46: field('acquirerData46', 'ans...999'),
    47: field('acquirerData47', 'ans...999'),
    // Totals, tips and counts; in a batch upload also card numbers.
    48: field('totalsOrRecords', 'n...322', { mask: 'all' }),
    49: field('transactionCurrency', 'an 3'),
    52: field('pinBlock', 'b 8', { mask: 'all' }),
    // How PIN and track are encrypted; nothing secret.
    53: field('securityControl', 'n 16', { mask: 'none' }),
    54: field('balance', 'ans...20', { layout: additionalAmounts }),
    55: field('chipData', 'b...999', { inside: { kind: 'ber-tlv' }, mask: 'tlv' }),
    56: field('acquirerData56', 'ans...999'),
    57: field('acquirerData57', 'ans...999'),
    58: field('electronicPurseData', 'b...100'),
    59: field('acquirerData59', 'ans...999'),
    60: field('transactionTypeAndBatch', 'n...30', { layout: ['n 2', 'batch', 'n 3', 'n 1', 'n 1', 'n 17'] }),
    61: field('originalTransaction', 'n...29', { layout: ['batch', 'n 6', 'MMDD', 'n 2', 'n 11'] }),
    // Working keys, terminal parameters or tagged data, by use.
    62: field('keysOrParameters', 'b...999', { mask: 'all' }),
    // Operator or card scheme, and words to print.
    63: field('operatorAndNotes', 'ans...163', { mask: 'none' }),
    64: field('messageAuthenticationCode', 'b 8'),
  },
  rules: cupPosRules,
  messages: cupPosMessages,
})
