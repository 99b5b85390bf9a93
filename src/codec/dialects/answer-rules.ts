// Building blocks of answer rules: data in, data out.

import type { AnswerRule } from '../dialect.js'

/**
 * Two rules from one: a request that carries `field` gets it back, another gets `text`. For the retrieval reference
 * number, which belongs to whoever assigned it first (ISO 8583:1987, data element 37).
 */
export function echoOrSet(rule: AnswerRule, field: number, text: string): readonly AnswerRule[] {
  const echo: AnswerRule = {
    ...rule,
    request: { ...rule.request, [field]: '*' },
    echoed: [...rule.echoed, field],
  }
  return [echo, { ...rule, set: { ...rule.set, [field]: text } }]
}
