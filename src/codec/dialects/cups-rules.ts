// How messages of China UnionPay's online interchange belong together: as in ISO 8583:1987, with UnionPay's response codes
// and the settlement date in every answer. The switch settles by files after its cut-over, so no totals are exchanged.

import type { AnswerRule, DialectRules, LedgerRules } from '../dialect.js'
import type { SecurityRules } from '../rules/security-rules.js'
import { cupPosRules } from './cup-pos-rules.js'
import { iso87Ledger } from './iso87-ledger.js'
import { iso87NetworkManagement, iso87Rules, iso87Security } from './iso87-rules.js'
import { keyExchangeAnswer, keyExchangeSecurity } from './key-exchange.js'

/** 重置密钥, a reset of keys; the answer has them in 48. */
export const cupsKeys = { code: '101', keysIn: 48, keyBytes: { pik: 16, mak: 16 } }

const isOfMoney = ({ request }: AnswerRule) => /^0[124]/.test([request.mti ?? ''].flat()[0] ?? '')

const settled = (rule: AnswerRule): AnswerRule =>
  isOfMoney(rule) ? { ...rule, echoed: [...rule.echoed, 60, 100], set: { ...rule.set, 15: '{local:MMDD}' } } : rule

const ledger: LedgerRules = {
  ...iso87Ledger,
  postings: iso87Ledger.postings.filter(({ effect }) => effect !== 'settle' && effect !== 'upload'),
}

const { pin } = iso87Security

/** No MAC: UnionPay's covers chosen fields, and not the message as it stands. */
const security: SecurityRules = {
  terminalField: 41,
  ...(pin && { pin: { ...pin, together: [26, 53], formatError: '99' } }),
}

const { payoutAdvice: _none, ...rules } = iso87Rules
const { approved, partial, retry, codeClasses, codes, meanings, currency } = cupPosRules

export const cupsRules: DialectRules = {
  ...rules,
  approved,
  ...(partial && { partial }),
  retry,
  ...(codeClasses && { codeClasses }),
  codes,
  ...(meanings && { meanings }),
  answers: [keyExchangeAnswer(iso87NetworkManagement, cupsKeys), ...rules.answers.map(settled)],
  security: keyExchangeSecurity(security, cupsKeys),
  ledger,
  currency,
}
