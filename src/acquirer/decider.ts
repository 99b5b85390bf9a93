// The decision on a request that a worker has taken up: refused for what it is, or decided by the rules.

import type { Codec, Peek } from '../codec/codec.js'
import { classOf } from '../codec/head/mti.js'
import type { HostConditions } from '../faults/host/host-conditions.js'
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
  host?: Pick<HostConditions, 'state'> | undefined
}): Decide {
  const { codec, security, responder, gate, host } = parts
  const { malfunction } = codec.dialect.rules.codes
  let word: ThirdPartyDecision
  const refuses = (request: Peek): string | undefined => {
    const refused = gate.stranger(request) ?? gate.problem(request)?.code
    if (refused !== undefined || word === undefined) return refused
    if (word === 'declined') return malfunction
    return word.ok ? undefined : gate.codeOf(word.check)
  }

  /** A host that lies says yes to a reversal, and its books never hear of it. */
  const isIgnored = ({ mti }: Peek) => classOf(mti) === '4' && host?.state().ignoresReversals === true

  return (request, work) => {
    const { code } = work.replier
    if (code !== undefined) return { decision: responder.decisionOf(code), carriedOut: true }
    word = work.word
    const refused = security.refusal(request, work.body, refuses)
    if (refused === undefined) {
      const verdict = responder.decide(request, work.route)
      return isIgnored(request) ? { ...verdict, carriedOut: false } : verdict
    }
    const decision = responder.decisionOf(refused)
    const hint = hintIn(work.word)
    return { decision: hint === undefined ? decision : { ...decision, hint }, carriedOut: false }
  }
}

const hintIn = (word: ThirdPartyDecision) =>
  word === undefined || word === 'declined' || word.ok ? undefined : word.hint
