// The acquirer role: requests wait for a worker, are decided, posted and answered. Network messages wait for no worker.
// With no service time and nothing to post, all of it happens inside onRequest.

import type { Clock } from '../base/clock.js'
import { logNormal } from '../base/distributions.js'
import type { Random } from '../base/random.js'
import { createZone, type Zone } from '../base/zone.js'
import type { Codec } from '../codec/codec.js'
import type { HostState } from '../faults/fault.js'
import { type HostConditions, usualState } from '../faults/host/host-conditions.js'
import type { Received, Replier } from '../transport/server.js'
import { answerFormatError } from './format-error.js'
import type { AcquirerOptions } from './options.js'
import { noPosting, type Posting } from './posting.js'
import { createResponder } from './responder.js'
import { type AcquirerSecurity, noSecurity, type SecurityCounts } from './security.js'
import { createServiceModel } from './service-model.js'
import type { Advices } from './settlement/advices.js'
import { createWorkDesk, type Work } from './work.js'

/**
 * Bytes of requests that may be held for a later answer; one more is answered as if the line were full. 200,000 usual
 * requests fit; requests of the largest frame, 64 KiB, reach it before they hurt the process.
 */
export const defaultMaxHeldBytes = 67_108_864

export interface AcquirerSetup {
  readonly codec: Codec
  readonly options: AcquirerOptions
  readonly clock: Clock
  readonly random: Random
  /** Of {local:…} and of the day in DE37; UTC when left out. */
  readonly zone?: Zone
  /** Left out: nothing is posted. */
  readonly posting?: Posting | undefined
  /** Left out: the host says nothing of its own accord. */
  readonly advices?: Pick<Advices, 'seen' | 'answered'> | undefined
  /** Left out: MACs and PIN blocks are not looked at, and no keys are given. */
  readonly security?: AcquirerSecurity
  readonly maxHeldBytes?: number
  /** What is the matter with the host; left out: nothing ever is. */
  readonly host?: HostConditions
}

export interface AcquirerCounts extends SecurityCounts {
  /** Requests and advices that could be read. */
  readonly requests: number
  /** Response code to answers. */
  readonly answers: Readonly<Record<string, number>>
  /** Responses and notifications: nothing to answer. */
  readonly ignored: number
  /** Messages that could not be read, answered with a format error or not at all. */
  readonly malformed: number
  /** Answers that could not be sent: longer than a frame. */
  readonly unsendable: number
  /** Requests that were answered with a malfunction, because too many were waiting. */
  readonly refused: number
  /** Requests that workers work on now, and that wait for one. */
  readonly busy: number
  readonly queued: number
  /** The longest that the line of waiting requests was. */
  readonly queueHighWater: number
}

export interface Acquirer {
  /** For messages that can be read and for those that cannot. Never throws for anything that a peer sends. */
  onRequest(received: Received, replier: Replier): void
  counts(): AcquirerCounts
}

/** Throws UsageError for options that do not suit the dialect. */
export function createAcquirer(setup: AcquirerSetup): Acquirer {
  const { codec, options, clock, random, zone = createZone('UTC'), posting = noPosting } = setup
  const { maxHeldBytes = defaultMaxHeldBytes, host, advices } = setup
  const { security = noSecurity(codec.dialect.rules.security) } = setup
  const { codes } = codec.dialect.rules
  const responder = createResponder({ codec, rules: options.rules, clock, random: random.fork('authCode'), zone })
  const desk = createWorkDesk(codec, clock, security)
  const tally = { requests: 0, ignored: 0, malformed: 0, refused: 0 }

  const serve = (work: Work) => {
    const request = desk.look(work)
    const refused = security.refusal(request, work.body)
    const { decision, carriedOut } =
      refused === undefined
        ? responder.decide(request, work.route)
        : { decision: responder.decisionOf(refused), carriedOut: false }
    if (carriedOut) posting.post(request, decision, (final) => desk.answer(work, final))
    else desk.answer(work, decision)
    desk.putAside(work)
  }

  const { serviceTime } = options
  const service = createServiceModel<Work>({
    workers: options.workers,
    queueLimit: options.queueLimit,
    serviceMs: serviceTime && logNormal(serviceTime, random.fork('serviceTime')),
    clock,
    complete: serve,
    condition: host && (() => host.state()),
  })
  host?.onChange((begun) => {
    if (begun.some(({ losesLine }) => losesLine === true)) for (const work of service.lose()) desk.drop(work)
    service.changed()
  })

  /** A fault names the code itself, or one of the situations of the dialect. */
  const codeOf = ({ code = 'issuerDown' }: HostState) =>
    Object.hasOwn(codes, code) ? codes[code as keyof typeof codes] : code
  const hangUp = (work: Work) => {
    desk.drop(work)
    work.replier.connection.reset()
  }

  const accept = (work: Work) => {
    tally.requests++
    advices?.seen(work.peek?.text(41)?.trimEnd() ?? '', work.replier.connection)
    const state = host?.state() ?? usualState
    if (state.outage === 'silent') return desk.drop(work)
    if (work.route.network) return serve(work)
    if (state.outage === 'answer') return desk.answer(work, responder.decisionOf(codeOf(state)))
    if (desk.heldBytes() > maxHeldBytes || !service.submit(work)) {
      tally.refused++
      if (state.whenFull === 'close') hangUp(work)
      else desk.answer(work, responder.decisionOf(codes.malfunction))
    }
    desk.putAside(work)
  }

  const onMalformed = (body: Uint8Array, replier: Replier) => {
    tally.malformed++
    const answer = answerFormatError(codec, body)
    if (answer === undefined) replier.dismiss()
    else desk.answerWith(replier, answer, codes.formatError)
  }

  return {
    onRequest({ peek, body }, replier) {
      if (peek === undefined) return onMalformed(body, replier)
      const route = responder.route(peek)
      if (route !== undefined) return accept({ route, replier, body, peek, held: false, answered: false })
      if (advices?.answered(peek) !== true) tally.ignored++
      replier.dismiss()
    },
    counts() {
      const { busy, queued, queueHighWater } = service.counts()
      return { ...tally, ...desk.counts(), ...security.counts(), busy, queued, queueHighWater }
    },
  }
}
