// A kept transaction as a line of evidence: rendered and masked, after the run.

import { currencyLetters } from '../../base/currencies.js'
import { maskText, memoized } from '../../base/mask.js'
import { formatMoney } from '../../base/units.js'
import { localInstant, type Zone } from '../../base/zone.js'
import { bareAmount } from '../../codec/amount.js'
import type { Matchable } from '../../codec/checks/match.js'
import type { Codec } from '../../codec/codec.js'
import type { Message } from '../../codec/message.js'
import type { AgreedMoney, EvidenceLine, EvidenceStep, StepName } from '../../measure/evidence.js'
import { isTimely, responseTime, type Sample } from '../../measure/sample.js'
import type { Request } from '../requests/request.js'
import { maskedMessage, maskedRequest } from './evidence.js'
import type { OwedStory, TransactionStory } from './evidence-keeper.js'

export interface EvidenceContext {
  readonly codec: Codec
  /** The zone of the terminals. */
  readonly zone: Zone
  /** Epoch ms of an instant of the run's clock. */
  readonly wallAt: (at: number) => number
  readonly timelyWithinMs: number
  readonly fundsWithinMs: number | undefined
  /** The contract's word on a sale of so many minor units; left out, or undefined: there is none. */
  readonly agreedOf?:
    | ((merchant: string, amountMinor: number, request: Matchable) => AgreedMoney | undefined)
    | undefined
  /** The verdict, by the observer's number; undefined where no cause was looked for. */
  readonly verdictOf?: ((observed: number) => EvidenceLine['cause'] | undefined) | undefined
}

export function evidenceLine(story: TransactionStory, context: EvidenceContext): EvidenceLine {
  const { sample, request, key, observed } = story
  const { codec, timelyWithinMs, zone } = context
  const { meanings } = codec.dialect.rules
  const sent = request === undefined ? null : maskedRequest(codec, request, story.sealed)
  const answer = story.answer === undefined ? null : maskedMessage(codec, story.answer)
  const lateAnswer = story.late === undefined ? null : maskedMessage(codec, story.late.answer)
  return {
    // A request that names an earlier transaction carries that one's number.
    rrn: rrnOf(answer) ?? rrnOf(lateAnswer) ?? (request?.plan.money.names === undefined ? rrnOf(sent) : null),
    terminal: label(sample.terminal),
    merchant: label(sample.merchant),
    batch: key === undefined || key.batch === '' ? null : key.batch,
    stan: sample.stan ?? null,
    type: label(sample.type),
    amount: request === undefined ? null : amountOf(codec, request),
    phase: label(sample.phase),
    target: label(sample.target),
    outcome: sample.outcome,
    code: sample.responseCode ?? null,
    codeMeaning: (sample.responseCode !== undefined && meanings?.[sample.responseCode]) || null,
    reason: sample.reason === undefined ? null : label(sample.reason),
    tries: sample.tries,
    firstCode: sample.firstCode ?? null,
    responseMs: rounded(responseTime(sample)),
    withinMs: timelyWithinMs,
    timelyResponse: isTimely(sample, timelyWithinMs),
    timeZone: zone.name,
    steps: stepsOf(story, context),
    request: sent,
    answer,
    lateAnswer,
    reversal: story.owed === undefined ? null : reversalOf(story.owed),
    payout: payoutOf(story, context),
    cause: (observed !== undefined && context.verdictOf?.(observed)) || null,
  }
}

/** Names that a user gave, and words of a host: the same few come again and again. */
const label = memoized(maskText)

const rrnField = '37'

function rrnOf(message: Message | null): string | null {
  const text = message?.fields[rrnField]
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null
}

function amountOf({ dialect: { rules } }: Codec, { plan, values }: Request): string | null {
  const minor = plan.valueOf(4, values)
  const numeric = plan.valueOf(49, values) ?? rules.currency ?? ''
  if (minor === undefined || !/^\d+$/.test(minor)) return null
  return formatMoney({ minor: Number(bareAmount(minor)), currency: currencyLetters(numeric) ?? numeric }).trimEnd()
}

const endingStep: Record<Sample['outcome'], StepName> = {
  approved: 'answered',
  declined: 'answered',
  timedOut: 'gaveUp',
  failed: 'failed',
  unsent: 'notSent',
}

function stepsOf(
  { sample, late, owed, payout }: TransactionStory,
  { wallAt, zone }: EvidenceContext,
): readonly EvidenceStep[] {
  const { intendedAt, startedAt, writtenAt, endedAt, outcome } = sample
  const steps: (readonly [StepName, number | undefined])[] = [
    ['presented', intendedAt],
    ['takenUp', startedAt],
    ['written', writtenAt],
    [endingStep[outcome], endedAt],
    ['lateAnswer', late?.at],
    ['owed', owed?.at],
    ...(owed?.sentAt ?? []).map((at) => ['sentAgain', at] as const),
    [owed?.state === 'dropped' ? 'dropped' : 'acknowledged', owed?.endedAt],
    ['paid', payout?.state === 'paid' ? payout.at : undefined],
  ]
  return steps
    .flatMap(([step, at]) => (at === undefined ? [] : [{ step, at }]))
    .sort((a, b) => a.at - b.at)
    .map(({ step, at }) => {
      const wall = Math.round(wallAt(at))
      const utc = new Date(wall).toISOString()
      return { step, utc, local: localInstant(zone, wall), afterMs: rounded(at - intendedAt) as number }
    })
}

const reversalOf = ({ kind, state, tries, code }: OwedStory): EvidenceLine['reversal'] => ({
  kind,
  state,
  tries,
  code: code ?? null,
})

function payoutOf(
  { sample, request, payout }: TransactionStory,
  { fundsWithinMs, agreedOf }: EvidenceContext,
): EvidenceLine['payout'] {
  if (payout === undefined) return null
  const afterMs = payout.at === undefined ? null : rounded(payout.at - sample.intendedAt)
  const minor = request?.plan.valueOf(4, request.values)
  const agreed =
    minor === undefined || request === undefined
      ? undefined
      : agreedOf?.(sample.merchant, Number(bareAmount(minor)), matchableOf(request))
  return { state: payout.state, afterMs, withinMs: fundsWithinMs ?? null, ...(agreed && { agreed }) }
}

const matchableOf = ({ plan, values }: Request): Matchable => ({
  mti: plan.mti,
  has: (field) => plan.valueOf(field, values) !== undefined,
  text: (field) => plan.valueOf(field, values),
})

/** To the microsecond. */
const rounded = (ms: number | undefined) => (ms === undefined ? null : Math.round(ms * 1000) / 1000)
