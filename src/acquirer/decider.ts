// The decision on a request that a worker has taken up: refused for what it is, or decided by the rules.

import type { Codec, Peek } from '../codec/codec.js'
import type { AnswerVerdict, Responder } from './answers/responder.js'
import type { DataGate } from './intake/data-gate.js'
import type { ThirdPartyDecision } from './intake/third-party-desk.js'
import type { QueuedRequest } from './intake/work.js'
import type { AcquirerSecurity } from './keys/security.js'

/** `work` may have been put aside: `request` are its fields, looked up. */
export type Decide = (request: Peek, work: Pick<QueuedRequest, 'body' | 'route' | 'word' | 'replier'>) => AnswerVerdict

export function createDecider(parts: {
  codec: Codec
  security: Pick<AcquirerSecurity, 'refusal'>
  responder: Pick<Responder, 'decide' | 'decisionOf'>
  gate: DataGate
}): Decide {
  const { codec, security, responder, gate } = parts
  const { malfunction } = codec.dialect.rules.codes
  let word: ThirdPartyDecision
  const refuses = (request: Peek): string | undefined => {
    const refused = gate.stranger(request) ?? gate.problem(request)?.code
    if (refused !== undefined || word === undefined) return refused
    if (word === 'declined') return malfunction
    return word.ok ? undefined : gate.codeOf(word.check)
  }

  return (request, work) => {
    const { code } = work.replier
    if (code !== undefined) return { decision: responder.decisionOf(code), carriedOut: true }
    word = work.word
    const refused = security.refusal(request, work.body, refuses)
    if (refused === undefined) return responder.decide(request, work.route)
    const decision = responder.decisionOf(refused)
    const hint = hintIn(work.word)
    return { decision: hint === undefined ? decision : { ...decision, hint }, carriedOut: false }
  }
}

const hintIn = (word: ThirdPartyDecision) =>
  word === undefined || word === 'declined' || word.ok ? undefined : word.hint
