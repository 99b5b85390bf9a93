// In which field an answer carries its MAC. Pure.

import type { Peek } from '../../codec/codec.js'
import type { Dialect } from '../../codec/dialect.js'
import { macBytesOf, macFieldNumbers } from '../../transport/wire/mac-field.js'
import { isNetworkManagement } from '../answer-mti.js'

export interface AnswerMac {
  /** Fields that the answer must have room for; none where it carries no MAC. */
  readonly fields: readonly number[]
  /** The one for the answer to this request: above 64 only where another field above 64 is in the answer. */
  choose(request: Peek): number | undefined
  /** A value until the answer is signed. */
  blank(field: number): string
}

/** `echoed` and `set`: the answer's other fields. */
export function planAnswerMac(
  dialect: Dialect,
  answer: { mti: string; approved: boolean; echoed: readonly number[]; set: readonly number[] },
): AnswerMac {
  const { mti, approved, echoed, set } = answer
  const wanted = dialect.rules.security?.mac?.answers
  const carries = wanted !== undefined && (approved || wanted === 'all') && !isNetworkManagement(mti)
  const taken = new Set([...echoed, ...set])
  const fields = carries
    ? macFieldNumbers.filter((field) => !taken.has(field) && macBytesOf(dialect, field) !== undefined)
    : []
  const beyond = echoed.filter((field) => field > 64)
  const isAlwaysBeyond = set.some((field) => field > 64)
  return {
    fields,
    choose: (request) =>
      isAlwaysBeyond || beyond.some((field) => request.has(field)) ? fields.findLast((field) => field > 64) : fields[0],
    blank: (field) => '00'.repeat(macBytesOf(dialect, field) ?? 0),
  }
}
