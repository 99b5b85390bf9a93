// How a host keeps its books of ISO 8583:1987 messages. Data element 90 names the original by its trace number; its local
// time (12, 13), which tells one trace number from the same one of another day, is not in it, so the reference number is.

import type { LedgerRules, OriginalParts } from '../dialect.js'
import { isoTotals } from './iso-totals.js'

const named: OriginalParts = { stan: { field: 90, from: 4, to: 10 }, reference: { field: 37 } }

export const iso87Ledger: LedgerRules = {
  postings: [
    { request: { mti: ['010*', '020*'], 3: '3*' }, effect: 'inquire', kind: 'balance' },
    { request: { mti: ['010*', '012*'], 3: '20*' }, effect: 'release', kind: 'preauthVoid', original: named },
    { request: { mti: ['010*', '012*'] }, effect: 'hold', kind: 'preauth' },
    { request: { mti: '020*', 3: '20*', 90: '*' }, effect: 'void', kind: 'void', original: named },
    { request: { mti: ['020*', '022*'], 3: '20*' }, effect: 'refund', kind: 'refund', original: named },
    { request: { mti: '020*', 90: '*' }, effect: 'capture', kind: 'completion', original: named },
    { request: { mti: '022*', 90: '*' }, effect: 'capture', kind: 'completionAdvice', original: named },
    { request: { mti: ['020*', '022*'] }, effect: 'charge', kind: 'sale' },
    // A reversal keeps the local time of the transaction.
    {
      request: { mti: ['040*', '042*'] },
      effect: 'reverse',
      kind: 'reversal',
      original: { batch: [{ field: 13 }, { field: 12 }], stan: { field: 90, from: 4, to: 10 } },
    },
    { request: { mti: ['050*', '052*'] }, effect: 'settle', kind: 'settlement' },
    { request: { mti: '032*' }, effect: 'upload', kind: 'batchUpload' },
  ],
  codes: { notInForce: '12', amount: '64' },
  ownReference: true,
  mostCaptured: 115,
  replacement: { field: 95, from: 0, to: 12 },
  totals: {
    over: 'sinceLast',
    parts: [...isoTotals, { field: 66, total: 'verdict', digits: 1 }],
    verdicts: { balanced: '1', outOfBalance: '2' },
    closes: 'always',
    sentAs: ['0500', '0501', '0520', '0521', '0521'],
  },
}
