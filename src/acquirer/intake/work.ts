// A request on its way to its answer. Rule: what is not answered inside the call that brought it is held as a copy,
// because its bytes are reused; and it is answered once, whoever asks again.

import type { Clock } from '../../base/clock.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { Replier } from '../../transport/server/server.js'
import type { BodyWriter } from '../../transport/wire/wire.js'
import type { WholeBody } from '../answers/format-error.js'
import type { AnswerRoute } from '../answers/routes.js'
import type { AcquirerSecurity } from '../keys/security.js'
import type { Decision } from '../posting.js'
import type { ThirdPartyDecision } from './third-party-desk.js'

export interface QueuedRequest {
  readonly route: AnswerRoute
  readonly replier: Replier
  body: Uint8Array
  /** Undefined while the work is put aside: other messages are looked at meanwhile. */
  peek: Peek | undefined
  held: boolean
  answered: boolean
  /** The word of a third party about it. */
  word: ThirdPartyDecision
}

export interface WorkDesk {
  /** The request's fields, looked up again where that is needed. Valid until the next peek. */
  look(work: QueuedRequest): Peek
  /** Puts the work aside unless it is answered: to be called before control returns to the one who owns the bytes. */
  putAside(work: QueuedRequest): void
  answer(work: QueuedRequest, decision: Decision): void
  /** Answers with a body that says everything itself. */
  answerWith(replier: Replier, code: string, body: WholeBody): void
  /** No answer will ever come: the host is silent, or has lost the work. */
  drop(work: QueuedRequest): void
  /** Bytes of the requests that are held. */
  heldBytes(): number
  counts(): { readonly answers: Record<string, number>; readonly unsendable: number }
}

/** Most different reasons that are told: a peer that finds ever new ones fills no log. */
const mostReasons = 20

export function createWorkDesk(
  codec: Codec,
  clock: Clock,
  security: Pick<AcquirerSecurity, 'protect'>,
  onTrouble: (line: string) => void = () => {},
): WorkDesk {
  const answers = new Map<string, number>()
  let heldBytes = 0
  let unsendable = 0
  const reasons = new Set<string>()

  /** Each reason once, at once. */
  const tell = (reason: string) => {
    if (reasons.has(reason) || reasons.size >= mostReasons) return
    reasons.add(reason)
    onTrouble(`an answer cannot be sent: ${reason}`)
  }

  /** An answer that cannot be written, such as one longer than a frame, costs its sender the answer and no one else. */
  const reply = (replier: Replier, code: string, maxBytes: number, write: BodyWriter['write']) => {
    try {
      replier.reply(maxBytes, write)
      answers.set(code, (answers.get(code) ?? 0) + 1)
    } catch (error) {
      unsendable++
      tell((error as Error).message)
      replier.dismiss()
    }
  }

  const look = (work: QueuedRequest): Peek => {
    work.peek ??= codec.peek(work.body)
    return work.peek
  }

  return {
    look,
    putAside(work) {
      work.peek = undefined
      if (work.held || work.answered) return
      work.held = true
      // A copy in Node's pool: much cheaper than a buffer of its own for each message.
      work.body = Buffer.from(work.body)
      heldBytes += work.body.length
    },
    answer(work, decision) {
      if (work.answered) return
      work.answered = true
      if (work.held) heldBytes -= work.body.length
      const request = look(work)
      const planned = work.route.planned(decision)
      const protection = security.protect(request, decision.code, planned.carries)
      reply(work.replier, decision.code, planned.maxBytes(work.body.length), (target, at) =>
        planned.write(request, decision, decision.decidedAt ?? clock.wall(), target, at, protection),
      )
    },
    answerWith: (replier, code, { maxBytes, write }) => reply(replier, code, maxBytes, write),
    drop(work) {
      if (work.answered) return
      work.answered = true
      if (work.held) heldBytes -= work.body.length
      work.replier.dismiss()
    },
    heldBytes: () => heldBytes,
    counts: () => ({ answers: Object.fromEntries(answers), unsendable }),
  }
}
