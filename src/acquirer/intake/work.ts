// A request on its way to its answer. Rule: what is not answered inside the call that brought it is held as a copy,
// because its bytes are reused; and it is answered once, whoever asks again.

import type { Clock } from '../../base/clock.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { Received, Replier } from '../../transport/server/server.js'
import type { BodyWriter } from '../../transport/wire/wire.js'
import type { PlannedAnswer } from '../answers/answer-plan.js'
import type { WholeBody } from '../answers/format-error.js'
import type { AnswerRoute } from '../answers/routes.js'
import type { Protection } from '../keys/protection.js'
import type { AcquirerSecurity } from '../keys/security.js'
import type { Asker, Decision } from '../posting.js'
import type { ThirdPartyDecision } from './third-party-desk.js'

export interface QueuedRequest extends Asker {
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
  /** A request that could be read, on its way. */
  take(route: AnswerRoute, replier: Replier, received: Received): QueuedRequest
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
  return new Desk(codec, clock, security, onTrouble)
}

class Work implements QueuedRequest {
  readonly route: AnswerRoute
  readonly replier: Replier
  body: Uint8Array
  peek: Peek | undefined
  held = false
  answered = false
  word: ThirdPartyDecision = undefined
  readonly #desk: Desk

  constructor(desk: Desk, route: AnswerRoute, replier: Replier, { body, peek }: Received) {
    this.#desk = desk
    this.route = route
    this.replier = replier
    this.body = body
    this.peek = peek
  }

  conclude(final: Decision | undefined): void {
    if (final === undefined) this.#desk.drop(this)
    else this.#desk.answer(this, final)
  }
}

/** The parts of the answer that is being written. */
interface AnswerAtHand {
  planned: PlannedAnswer
  request: Peek
  decision: Decision
  protection: Protection
}

class Desk implements WorkDesk {
  readonly #codec: Codec
  readonly #clock: Clock
  readonly #security: Pick<AcquirerSecurity, 'protect'>
  readonly #onTrouble: (line: string) => void
  readonly #answers = new Map<string, { count: number }>()
  #lastCode: string | undefined
  #lastCount = { count: 0 }
  readonly #reasons = new Set<string>()
  #heldBytes = 0
  #unsendable = 0
  /** One object and one writer for all answers: each is written before the next one begins. */
  readonly #atHand: Partial<AnswerAtHand> = {}
  readonly #write: BodyWriter['write'] = (target, at) => {
    const { planned, request, decision, protection } = this.#atHand as AnswerAtHand
    return planned.write(request, decision, decision.decidedAt ?? this.#clock.wall(), target, at, protection)
  }

  constructor(
    codec: Codec,
    clock: Clock,
    security: Pick<AcquirerSecurity, 'protect'>,
    onTrouble: (line: string) => void,
  ) {
    this.#codec = codec
    this.#clock = clock
    this.#security = security
    this.#onTrouble = onTrouble
  }

  take(route: AnswerRoute, replier: Replier, received: Received): QueuedRequest {
    return new Work(this, route, replier, received)
  }

  look(work: QueuedRequest): Peek {
    work.peek ??= this.#codec.peek(work.body)
    return work.peek
  }

  putAside(work: QueuedRequest): void {
    work.peek = undefined
    if (work.held || work.answered) return
    work.held = true
    // A copy in Node's pool: much cheaper than a buffer of its own for each message.
    work.body = Buffer.from(work.body)
    this.#heldBytes += work.body.length
  }

  answer(work: QueuedRequest, decision: Decision): void {
    if (!this.#end(work)) return
    const request = this.look(work)
    const planned = work.route.planned(decision)
    const atHand = this.#atHand
    atHand.planned = planned
    atHand.request = request
    atHand.decision = decision
    atHand.protection = this.#security.protect(request, decision.code, planned.carries)
    this.#reply(work.replier, decision.code, planned.maxBytes(work.body.length), this.#write)
  }

  answerWith(replier: Replier, code: string, { maxBytes, write }: WholeBody): void {
    this.#reply(replier, code, maxBytes, write)
  }

  drop(work: QueuedRequest): void {
    if (this.#end(work)) work.replier.dismiss()
  }

  heldBytes(): number {
    return this.#heldBytes
  }

  counts(): { readonly answers: Record<string, number>; readonly unsendable: number } {
    return {
      answers: Object.fromEntries(Array.from(this.#answers, ([code, { count }]) => [code, count])),
      unsendable: this.#unsendable,
    }
  }

  /** False for what was answered, or given up, before. */
  #end(work: QueuedRequest): boolean {
    if (work.answered) return false
    work.answered = true
    if (work.held) this.#heldBytes -= work.body.length
    return true
  }

  /** An answer that cannot be written, such as one longer than a frame, costs its sender the answer and no one else. */
  #reply(replier: Replier, code: string, maxBytes: number, write: BodyWriter['write']): void {
    try {
      replier.reply(maxBytes, write)
      this.#count(code)
    } catch (error) {
      this.#unsendable++
      this.#tell((error as Error).message)
      replier.dismiss()
    }
  }

  /** Most answers bear the code of the one before. */
  #count(code: string): void {
    if (code !== this.#lastCode) {
      this.#lastCode = code
      this.#lastCount = this.#answers.get(code) ?? { count: 0 }
      this.#answers.set(code, this.#lastCount)
    }
    this.#lastCount.count++
  }

  /** Each reason once, at once. */
  #tell(reason: string): void {
    if (this.#reasons.has(reason) || this.#reasons.size >= mostReasons) return
    this.#reasons.add(reason)
    this.#onTrouble(`an answer cannot be sent: ${reason}`)
  }
}
