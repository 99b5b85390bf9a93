// A host's advice that money was paid to the merchant: the terminal says that it has heard, and which transactions it is
// for is passed on. Pure; an advice that is repeated is answered each time.

import { bareAmount } from '../../codec/amount.js'
import { compileMatch } from '../../codec/checks/match.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { PayoutAdviceRule } from '../../codec/dialect.js'
import { answerMti } from '../../codec/head/mti.js'
import type { FundsKey } from '../../measure/money/funds.js'
import type { HostRequest } from '../../transport/client/client-options.js'

/** Undefined where the dialect has no such advice. `onPaid` is called for each transaction that an advice names. */
export function createPayoutListener(options: {
  codec: Codec
  rule: PayoutAdviceRule | undefined
  onPaid: (key: FundsKey) => void
  /** Called once for each advice; `amount`: in minor units, where the advice says it. */
  onAdvice?: ((keys: readonly FundsKey[], amount: number | undefined) => void) | undefined
}): HostRequest | undefined {
  const { codec, rule, onPaid, onAdvice } = options
  if (rule === undefined) return undefined
  const isAdvice = compileMatch(rule.request)
  const set = Object.keys(rule.answer.set).map(Number)
  const values = set.map((field) => rule.answer.set[field])
  const { mti } = codec.dialect.messages[rule.message] ?? { mti: '0620' }
  const answerer = codec.answerer({ mti: answerMti(mti), echoed: rule.answer.echoed, set })

  return ({ peek, body }, reply) => {
    if (peek === undefined || !isAdvice(peek)) return false
    const keys = transactionsIn(peek, rule)
    const amount = peek.text(4)
    onAdvice?.(keys, amount === undefined ? undefined : Number(bareAmount(amount)))
    for (const key of keys) onPaid(key)
    reply(answerer.maxBytes(body.length), { write: (target, at) => answerer.write(peek, values, target, at) })
    return true
  }
}

/** Batch and STAN of each, one behind the other. What is not whole is left out. */
function transactionsIn(peek: Peek, { transactions }: PayoutAdviceRule): readonly FundsKey[] {
  const { field, from = 0, to, batchDigits, stanDigits, most } = transactions
  const text = peek.text(field)?.slice(from, to) ?? ''
  const width = batchDigits + stanDigits
  const terminal = peek.text(41)?.trimEnd() ?? ''
  const count = Math.min(most, Math.floor(text.length / width))
  return Array.from({ length: count }, (_, index) => {
    const record = text.slice(index * width, (index + 1) * width)
    return { terminal, batch: record.slice(0, batchDigits), stan: record.slice(batchDigits) }
  })
}
