// How a host keeps its books of ISO 8583:1993 messages. Data element 56 names the original: MTI 4, trace number 6, local
// date and time 12.

import type { LedgerRules, OriginalParts } from '../dialect.js'
import { isoTotals } from './iso-totals.js'

const named: OriginalParts = {
  batch: [{ field: 56, from: 10, to: 22 }],
  stan: { field: 56, from: 4, to: 10 },
  reference: { field: 37 },
}

export const iso93Ledger: LedgerRules = {
  postings: [
    { request: { mti: ['110*', '120*'], 3: '3*' }, effect: 'inquire', kind: 'balance' },
    { request: { mti: ['110*', '112*'], 3: '20*' }, effect: 'release', kind: 'preauthVoid', original: named },
    { request: { mti: ['110*', '112*'] }, effect: 'hold', kind: 'preauth' },
    { request: { mti: '120*', 3: '20*', 56: '*' }, effect: 'void', kind: 'void', original: named },
    { request: { mti: ['120*', '122*'], 3: '20*' }, effect: 'refund', kind: 'refund', original: named },
    { request: { mti: '120*', 56: '*' }, effect: 'capture', kind: 'completion', original: named },
    { request: { mti: '122*', 56: '*' }, effect: 'capture', kind: 'completionAdvice', original: named },
    { request: { mti: ['120*', '122*'] }, effect: 'charge', kind: 'sale' },
    { request: { mti: ['140*', '142*'] }, effect: 'reverse', kind: 'reversal', original: named },
    { request: { mti: ['150*', '152*'] }, effect: 'settle', kind: 'settlement' },
    { request: { mti: '132*' }, effect: 'upload', kind: 'batchUpload' },
  ],
  // Invalid transaction; invalid amount.
  codes: { notInForce: '902', amount: '110', outOfBalance: '501' },
  ownReference: true,
  mostCaptured: 115,
  totals: {
    over: 'sinceLast',
    parts: isoTotals,
    verdicts: { balanced: '', outOfBalance: '' },
    closes: 'always',
    sentAs: ['1500', '1501', '1520', '1521', '1521'],
  },
}
