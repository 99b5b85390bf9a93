// The acquirer role: requests wait for a worker, are decided, posted and answered. Network messages wait for no worker.
// With no service time and nothing to post, all of it happens inside onRequest.

import type { Clock } from '../base/clock.js'
import type { Random } from '../base/random.js'
import { createZone, type Zone } from '../base/zone.js'
import type { Codec } from '../codec/codec.js'
import { isPaymentRequest } from '../codec/head/mti.js'
import type { HostFaultState } from '../faults/fault.js'
import { type HostConditions, usualState } from '../faults/host/host-conditions.js'
import type { Received, Replier } from '../transport/server/server.js'
import { planFormatErrors } from './answers/format-error.js'
import { createResponder } from './answers/responder.js'
import { createDecider } from './decider.js'
import { createDataGate, type DataGate } from './intake/data-gate.js'
import { createIntake } from './intake/intake.js'
import type { ThirdParty } from './intake/third-party.js'
import { createThirdPartyDesk, type ThirdPartyCounts } from './intake/third-party-desk.js'
import { createWorkDesk, type QueuedRequest } from './intake/work.js'
import { type AcquirerSecurity, noSecurity, type SecurityCounts } from './keys/security.js'
import type { Reserve } from './ledger/serials/rrn.js'
import type { AcquirerOptions } from './options.js'
import { noPosting, type Posting } from './posting.js'
import type { Advices } from './settlement/advices.js'

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
  /** The zone of {local:…} and of the day in DE37; UTC when left out. */
  readonly zone?: Zone
  /** Left out: nothing is posted. */
  readonly posting?: Posting | undefined
  /** Left out: the host says nothing of its own accord. */
  readonly advices?: Pick<Advices, 'seen' | 'answered'> | undefined
  /** Left out: MACs and PIN blocks are not looked at, and no keys are given. */
  readonly security?: AcquirerSecurity
  /** Where reference numbers are reserved; left out: they are unique in this process. */
  readonly reserve?: Reserve | undefined
  /** Asked about data before a request waits for a worker; left out: nobody is. */
  readonly thirdParty?: ThirdParty | undefined
  readonly maxHeldBytes?: number
  /** Told in words what went wrong here, such as an answer that cannot be written. */
  readonly onTrouble?: (line: string) => void
  /** The trouble that the host is in, by its faults; left out: it never has any. */
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
  /** Requests that had to wait because their merchant was at its limit. */
  readonly delayed: number
  /** Left out where no third party is asked. */
  readonly thirdParty?: ThirdPartyCounts
}

export interface Acquirer {
  /** For messages that can be read and for those that cannot. Never throws for anything that a peer sends. */
  onRequest(received: Received, replier: Replier): void
  counts(): AcquirerCounts
  /** Asks nobody any more. Idempotent. */
  close(): void
}

/** Throws UsageError for options that do not suit the dialect. */
export function createAcquirer(setup: AcquirerSetup): Acquirer {
  const { codec, options, clock, random, zone = createZone('UTC'), posting = noPosting } = setup
  const { maxHeldBytes = defaultMaxHeldBytes, host, advices } = setup
  const { security = noSecurity(codec.dialect.rules.security) } = setup
  const { codes } = codec.dialect.rules
  const { rules, cardOutcomes } = options
  const responder = createResponder({
    ...{ codec, rules, cardOutcomes, clock, random: random.fork('authCode'), zone, reserve: setup.reserve },
  })
  const desk = createWorkDesk(codec, clock, security, setup.onTrouble)
  const gate = createDataGate({ codec, clock, zone, terminals: options.terminals })
  const thirdParty = thirdPartyDesk(setup, gate)
  const tally = { requests: 0, ignored: 0, malformed: 0, refused: 0 }

  const decide = createDecider({ codec, security, responder, gate, host })
  const serve = (work: QueuedRequest) => {
    const request = desk.look(work)
    const { decision, carriedOut } = decide(request, work)
    if (carriedOut) posting.post(request, decision, work)
    else desk.answer(work, decision)
    desk.putAside(work)
  }

  /** A fault names the code itself, or one of the situations of the dialect. */
  const codeOf = ({ code = 'issuerDown' }: HostFaultState) =>
    Object.hasOwn(codes, code) ? codes[code as keyof typeof codes] : code
  /**
   * Says no at the door. What it said stands in the ledger, so that a copy that comes when the door is open again is told the
   * same, and not charged after all. An advice is told again until it is taken.
   */
  const turnAway = (work: QueuedRequest, code: string) => {
    const request = desk.look(work)
    const decision = responder.decisionOf(code)
    if (!isPaymentRequest(request.mti)) return desk.answer(work, decision)
    posting.post(request, decision, work)
    desk.putAside(work)
  }
  const refuse = (work: QueuedRequest) => {
    tally.refused++
    if (host?.state().whenFull !== 'close') return turnAway(work, codes.malfunction)
    desk.drop(work)
    work.replier.connection.reset()
  }
  const intake = createIntake({ options, clock, random, host, desk, maxHeldBytes, thirdParty, serve, refuse })

  const accept = (work: QueuedRequest) => {
    tally.requests++
    advices?.seen(work.peek?.text(41)?.trimEnd() ?? '', work.replier.connection)
    const state = host?.state() ?? usualState
    if (state.outage === 'silent') return desk.drop(work)
    if (work.route.network) return serve(work)
    if (state.outage === 'answer') return turnAway(work, codeOf(state))
    intake.take(work)
  }

  const formatError = planFormatErrors(codec)
  const onMalformed = (received: Received, replier: Replier) => {
    tally.malformed++
    const answer = formatError(received)
    return answer === undefined ? replier.dismiss() : desk.answerWith(replier, codes.formatError, answer)
  }

  return {
    onRequest(received, replier) {
      const { peek } = received
      if (peek === undefined) return onMalformed(received, replier)
      const route = responder.route(peek)
      if (route) return accept(desk.take(route, replier, received))
      if (advices?.answered(peek) !== true) tally.ignored++
      replier.dismiss()
    },
    counts() {
      return {
        ...{ ...tally, ...desk.counts(), ...security.counts(), ...intake.counts() },
        ...(thirdParty && { thirdParty: thirdParty.counts() }),
      }
    },
    close: () => thirdParty?.close(),
  }
}

function thirdPartyDesk({ codec, clock, options, thirdParty }: AcquirerSetup, gate: DataGate) {
  const check = options.thirdPartyCheck
  if (check === undefined || thirdParty === undefined) return undefined
  return createThirdPartyDesk({ thirdParty, options: check, codec, gate, clock })
}
