// The meaning of an answer, by the rules of its dialect: pure, and the same for every role that reads answers.

import { amountField } from '../../codec/amount.js'
import type { Peek } from '../../codec/codec.js'
import type { DialectRules } from '../../codec/dialect.js'
import type { Judgement } from '../judgement.js'
import { isLess, isPartial } from './partial.js'

/** `requested` gives the value that a request has in a field; `request` is handed on to it. */
type AnswerJudge = <Asked = undefined>(
  answer: Peek,
  requested: (field: number, request: Asked) => string | undefined,
  request: Asked,
) => Judgement

/** Judges answers of one dialect. */
export function createJudge(rules: DialectRules): AnswerJudge {
  const approved = new Set(rules.approved)
  const retry = new Set(rules.retry)

  return (answer, requested, request) => {
    const code = answer.text(rules.responseCode)
    if (code === undefined) return unusable(`answer without field ${rules.responseCode} (response code)`, undefined)
    const approves = approved.has(code)
    for (const { field, whenApproved } of rules.mustEqual) {
      if (whenApproved && !approves) continue
      if (
        field === amountField &&
        isPartial(rules, code) &&
        isLess(answer.text(field) ?? '', requested(field, request))
      )
        continue
      if (differs(answer.text(field), requested(field, request)))
        return unusable(`answer's field ${field} differs from the request's`, code)
    }
    return { outcome: approves ? 'approved' : 'declined', code, retryCode: retry.has(code), reason: undefined }
  }
}

function unusable(reason: string, code: string | undefined): Judgement {
  return { outcome: 'failed', code, retryCode: false, reason }
}

/** A field that one side does not carry cannot differ; digits may have been written without their leading zeros. */
function differs(answered: string | undefined, requested: string | undefined): boolean {
  if (answered === undefined || requested === undefined || answered === requested) return false
  return answered.padStart(requested.length, '0') !== requested.padStart(answered.length, '0')
}
