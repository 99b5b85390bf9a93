// The acquirer's answer to a request: the code that its rules give, with the numbers that every answer carries.
// Pure but for the clock and the dice it was given; knows no connection, no queue and no ledger.

import { outcomeOf } from '../../base/cards/outcomes.js'
import type { Clock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import type { Random } from '../../base/random.js'
import { sixDigits } from '../../base/text/digits.js'
import type { Zone } from '../../base/zone.js'
import { cardNumberIn } from '../../codec/checks/card-condition.js'
import { compileMatch } from '../../codec/checks/match.js'
import type { Codec, Peek } from '../../codec/codec.js'
import { isPaymentRequest } from '../../codec/head/mti.js'
import { createPartRule, type PartOf } from '../ledger/part.js'
import { createRrnSource, type Reserve } from '../ledger/serials/rrn.js'
import type { AcquirerOptions } from '../options.js'
import type { Decision } from '../posting.js'
import { type AnswerRoute, createRoutes } from './routes.js'

export interface ResponderOptions {
  readonly codec: Codec
  /** The scenario's rules: the first match decides the code. */
  readonly rules: AcquirerOptions['rules']
  /** Test cards are answered as their numbers say, where no rule matches. */
  readonly cardOutcomes?: boolean | undefined
  readonly clock: Clock
  readonly random: Random
  readonly zone: Zone
  /** Left out: reference numbers are unique in this process. */
  readonly reserve?: Reserve | undefined
}

export interface AnswerVerdict {
  readonly decision: Decision
  /** False when the request is not carried out, so that there is nothing to post. */
  readonly carriedOut: boolean
}

export interface Responder {
  /** The route of a request; undefined for messages that are not answered: responses, notifications, no MTI. */
  route(request: Peek): AnswerRoute | undefined
  decide(request: Peek, route: AnswerRoute): AnswerVerdict
  /** A decision with this code that no rule was asked for: a malfunction, a format error. */
  decisionOf(code: string): Decision
}

/** The balance of every account while no ledger knows it: 10,000.00 in most currencies. */
const balanceWithoutLedger = '000001000000'
const firstBatch = '000001'

/** Throws UsageError for a rule of the scenario or of the dialect that cannot be used with this dialect. */
export function createResponder(options: ResponderOptions): Responder {
  const { codec, rules, clock, random, zone, reserve } = options
  const { codes, matchBy } = codec.dialect.rules
  const checked = rules.map((rule, index) => checkedRule(codec, rule, `acquirer.rules[${index}]`))
  const cardCode = options.cardOutcomes === true ? cardCodes(codec) : () => undefined
  const nextRrn = createRrnSource({ zone, now: clock.wall(), reserve })

  const decisionOf = (code: string): Decision => ({
    code,
    rrn: nextRrn(clock.wall()),
    authCode: sixDigits(random.below(1_000_000)),
    balance: balanceWithoutLedger,
    batch: firstBatch,
  })
  // Without any of these fields an answer could not be told from others: the part that matters most is missing.
  const isNamed = (request: Peek) => {
    for (const field of matchBy) if (request.has(field)) return true
    return false
  }
  const ruleFor = (request: Peek) => {
    for (const rule of checked) if (rule.fits(request)) return rule
    return undefined
  }

  return {
    route: createRoutes(codec, zone),
    decisionOf,
    decide(request, route) {
      if (!route.supported) return { decision: decisionOf(codes.notSupported), carriedOut: false }
      if (!route.network && !isNamed(request)) return { decision: decisionOf(codes.formatError), carriedOut: false }
      const rule = ruleFor(request)
      const amount = rule?.partOf?.(request)
      const isWhole = rule === undefined || (rule.partOf !== undefined && amount === undefined)
      const refused = rule === undefined ? cardCode(request) : undefined
      const decision = decisionOf(isWhole ? (refused ?? route.approvedCode) : rule.code)
      return { decision: amount === undefined ? decision : { ...decision, amount }, carriedOut: true }
    },
  }
}

/**
 * The code that a request's test card stands for. Only a request for an approval is refused: an advice or a reversal tells of
 * what was done. Throws UsageError for a dialect that has no such codes, or cannot pack one.
 */
function cardCodes(codec: Codec): (request: Peek) => string | undefined {
  const { responseCode, cardOutcomes } = codec.dialect.rules
  const where = 'acquirer.cardOutcomes:'
  if (cardOutcomes === undefined)
    throw new UsageError(`dialect ${codec.dialect.name} does not say its codes: add dialectRules.cardOutcomes`, {
      where,
    })
  for (const [outcome, code] of Object.entries(cardOutcomes))
    requirePackable(codec, responseCode, code, `${where} ${outcome}:`)
  return (request) => {
    if (!isPaymentRequest(request.mti)) return undefined
    const outcome = outcomeOf(cardNumberIn(request) ?? '')
    return outcome && cardOutcomes[outcome]
  }
}

function requirePackable(codec: Codec, field: number, code: string, where: string): void {
  try {
    codec.pack({ mti: '0210', fields: { [field]: code } })
  } catch (cause) {
    throw new UsageError((cause as Error).message, { where, cause })
  }
}

interface CheckedRule {
  readonly fits: (request: Peek) => boolean
  readonly code: string
  /** Left out: the code is of the whole amount. */
  readonly partOf?: PartOf
}

function checkedRule(codec: Codec, rule: AcquirerOptions['rules'][number], where: string): CheckedRule {
  const { match, answer, amount } = rule
  requirePackable(codec, codec.dialect.rules.responseCode, answer, `${where}.answer:`)
  const fits = checkedMatch(match, where)
  if (amount === undefined) return { fits, code: answer }
  const { isFor, partOf } = createPartRule(codec, { match, answer, amount }, where)
  return { fits: (request) => fits(request) && isFor(request), code: answer, partOf }
}

function checkedMatch(match: AcquirerOptions['rules'][number]['match'], where: string) {
  try {
    return compileMatch(match)
  } catch (cause) {
    throw new UsageError((cause as Error).message, { where: `${where}.match:`, cause })
  }
}
