// How messages of Visa's BASE I belong together: as in ISO 8583:1987, without reconciliation.

import type { DialectRules, LedgerRules } from '../dialect.js'
import { iso87Ledger } from './iso87-ledger.js'
import { iso87Rules } from './iso87-rules.js'

const isOf = (...kinds: readonly string[]) => iso87Ledger.postings.filter(({ kind }) => kinds.includes(kind))

/** An authorisation is charged as it stands: the file that clears it is taken as sent. */
const ledger: LedgerRules = {
  ...iso87Ledger,
  postings: [
    ...isOf('balance'),
    ...isOf('void').map((posting) => ({ ...posting, request: { ...posting.request, mti: ['010*', '020*'] } })),
    { request: { mti: ['010*', '012*', '020*', '022*'] }, effect: 'charge', kind: 'sale' },
    ...isOf('reversal'),
  ],
}

const { payoutAdvice: _none, ...rules } = iso87Rules

export const base1Rules: DialectRules = { ...rules, reversal: '0400', ledger }
