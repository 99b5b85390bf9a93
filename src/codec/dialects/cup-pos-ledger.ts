// How a host keeps its books of China UnionPay POS messages. Data element 60 begins with the transaction type, which tells
// requests of one MTI and processing code apart.

import type { LedgerRules, OriginalParts, PostingRule } from '../dialect.js'

/** Data element 61: batch 6, trace number 6. */
const named: OriginalParts = {
  batch: [{ field: 61, from: 0, to: 6 }],
  stan: { field: 61, from: 6, to: 12 },
  reference: { field: 37 },
}

const financial: readonly PostingRule[] = [
  { request: { mti: '020*', 60: '01*' }, effect: 'inquire', kind: 'balance' },
  { request: { mti: '020*', 60: '22*' }, effect: 'charge', kind: 'sale' },
  { request: { mti: '020*', 60: '23*' }, effect: 'void', kind: 'void', original: named },
  { request: { mti: '022*', 60: '25*' }, effect: 'refund', kind: 'refund', original: named },
  { request: { mti: '010*', 60: '10*' }, effect: 'hold', kind: 'preauth' },
  { request: { mti: '010*', 60: '11*' }, effect: 'release', kind: 'preauthVoid', original: named },
  { request: { mti: '020*', 60: '20*' }, effect: 'capture', kind: 'completion', original: named },
  { request: { mti: '020*', 60: '21*' }, effect: 'void', kind: 'completionVoid', original: named },
  { request: { mti: '022*', 60: '24*' }, effect: 'capture', kind: 'completionAdvice', original: named },
  { request: { mti: '022*', 60: ['30*', '36*'] }, effect: 'charge', kind: 'offlineSale' },
]

export const cupPosLedger: LedgerRules = {
  postings: [
    ...financial,
    // A reversal has the batch and the trace number of what it undoes.
    {
      request: { mti: ['040*', '042*'] },
      effect: 'reverse',
      kind: 'reversal',
      original: { batch: [{ field: 60, from: 2, to: 8 }], stan: { field: 11 } },
    },
    { request: { mti: '080*', 63: '*' }, effect: 'openBatch', kind: 'signOn' },
    { request: { mti: ['050*', '052*'] }, effect: 'settle', kind: 'settlement' },
    { request: { mti: '032*' }, effect: 'upload', kind: 'batchUpload' },
  ],
  codes: { notInForce: '12', amount: '64' },
  ownReference: false,
  mostCaptured: 115,
  totals: {
    over: 'batch',
    // Domestic cards, then foreign ones.
    parts: [
      { field: 48, from: 0, to: 12, total: 'debitAmount', digits: 12 },
      { field: 48, from: 12, to: 15, total: 'debitCount', digits: 3 },
      { field: 48, from: 15, to: 27, total: 'creditAmount', digits: 12 },
      { field: 48, from: 27, to: 30, total: 'creditCount', digits: 3 },
      { field: 48, from: 30, to: 31, total: 'verdict', digits: 1 },
      { field: 48, from: 31, to: 61, total: 'none', digits: 30 },
      { field: 48, from: 61, to: 62, total: 'verdict', digits: 1 },
    ],
    verdicts: { balanced: '1', outOfBalance: '2' },
    closes: 'whenBalanced',
  },
  upload: {
    // Each record: type 2, trace number 6, card number 20, amount 12.
    records: {
      field: 48,
      countDigits: 2,
      recordDigits: 40,
      stan: { from: 2, to: 8 },
      amount: { from: 28, to: 40 },
    },
    end: { field: 60, from: 8, to: 11, values: ['202', '207'] },
  },
}
