// How messages of AS 2805 belong together: as in ISO 8583:1987, with totals that are told and never asked for.

import type { DialectRules, LedgerRules } from '../dialect.js'
import { iso87Ledger } from './iso87-ledger.js'
import { iso87NetworkManagement, iso87Rules, iso87Security } from './iso87-rules.js'
import { keyExchangeAnswer, keyExchangeSecurity } from './key-exchange.js'

/** Session keys are changed by an advice under code 101; a PIN protect key and a MAC key of 128 bits each (AS 2805.6.1). */
export const as2805Keys = { code: '101', keysIn: 48, keyBytes: { pik: 16, mak: 16 } }

const ledger: LedgerRules = {
  ...iso87Ledger,
  totals: { ...iso87Ledger.totals, sentAs: ['0520', '0521', '0521', '0521'] },
}

const { payoutAdvice: _none, ...rules } = iso87Rules

export const as2805Rules: DialectRules = {
  ...rules,
  answers: [keyExchangeAnswer(iso87NetworkManagement, as2805Keys), ...rules.answers],
  // AS 2805.4.1: the MAC of ANSI X9.19, with a key of double length.
  security: keyExchangeSecurity(iso87Security, as2805Keys),
  ledger,
  currency: '036',
}
