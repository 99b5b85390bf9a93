// Which answer rule of the dialect fits a request. What an MTI can be answered with is worked out once, when it is first seen.

import { UsageError } from '../../base/errors.js'
import type { Zone } from '../../base/zone.js'
import { amountField } from '../../codec/amount.js'
import { compileMatch } from '../../codec/checks/match.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { AnswerRule } from '../../codec/dialect.js'
import { isNetworkManagement, mtiOfAnswer } from '../answer-mti.js'
import { type PlannedAnswer, planAnswer } from '../answers/answer-plan.js'
import { approvesInPart } from '../ledger/part.js'
import { writeTotals } from '../ledger/totals.js'
import type { Decision } from '../posting.js'

/** How requests of one MTI that one answer rule fits are answered. */
export interface AnswerRoute {
  /** Served beside the workers. */
  readonly network: boolean
  /** False where the dialect has no rule for the request. */
  readonly supported: boolean
  /** The code that the rule gives when nothing is wrong. */
  readonly approvedCode: string
  /** The answer with this response code; with room for a hint, or for an amount of its own, where there is one. */
  planned(decision: Said): PlannedAnswer
}

type Said = Pick<Decision, 'code' | 'hint' | 'amount'>

type Rule = Omit<AnswerRule, 'request'>

interface Candidate {
  readonly fits: (request: Peek) => boolean
  readonly route: AnswerRoute
}

/** Returns the finder: undefined for a message that is not answered. Throws UsageError for a rule that cannot be packed. */
export function createRoutes(codec: Codec, zone: Zone): (request: Peek) => AnswerRoute | undefined {
  const rules = codec.dialect.rules.answers.map((rule, index) => checkedRule(codec, rule, index, zone))
  const noRule = ruleOfUnsupported(codec)
  /** At most one entry per request MTI, of which there are 2000. */
  const candidatesOf = new Map<string, readonly Candidate[]>()

  const candidatesFor = (request: Peek): readonly Candidate[] => {
    const answered = mtiOfAnswer(request.mti)
    if (answered === undefined) return []
    const route = (rule: Rule, supported: boolean) => createRoute(codec, { mti: answered, rule, supported }, zone)
    const candidates = rules
      .filter(({ mayFit }) => mayFit(request))
      .map(({ fits, rule }): Candidate => ({ fits, route: route(rule, true) }))
    candidates.push({ fits: () => true, route: route(noRule, false) })
    candidatesOf.set(request.mti, candidates)
    return candidates
  }

  return (request) => {
    const candidates = candidatesOf.get(request.mti) ?? candidatesFor(request)
    for (const { fits, route } of candidates) if (fits(request)) return route
    return undefined
  }
}

interface CheckedRule {
  readonly fits: (request: Peek) => boolean
  /** True when the MTI alone does not rule the request out. */
  readonly mayFit: (request: Peek) => boolean
  readonly rule: Rule
}

/** The totals of a terminal that has sold nothing. */
const noTotals = { debitCount: 0, debitAmount: 0, creditCount: 0, creditAmount: 0 }

/** Packs the rule's answers to an empty request once, so that no request can be the first to find a fault in the rule. */
function checkedRule(codec: Codec, rule: AnswerRule, index: number, zone: Zone): CheckedRule {
  const { mti, ...fields } = rule.request
  const { ledger } = codec.dialect.rules
  const totals = ledger === undefined ? {} : writeTotals(ledger.totals, noTotals, true)
  try {
    const route = createRoute(codec, { mti: '0210', rule, supported: true }, zone)
    const request = codec.pack({ mti: '0200', fields: {} })
    for (const code of [route.approvedCode, codec.dialect.rules.codes.malfunction]) {
      const plan = route.planned({ code })
      const sample = { code, rrn: '000000000001', authCode: '000001', balance: '000000000001', batch: '000001', totals }
      plan.write(codec.peek(request), sample, 0, new Uint8Array(plan.maxBytes(request.length)), 0)
    }
    return { fits: compileMatch(fields), mayFit: compileMatch(mti === undefined ? {} : { mti }), rule }
  } catch (cause) {
    throw new UsageError((cause as Error).message, {
      where: `dialect ${codec.dialect.name}, answer rule ${index + 1}:`,
      cause,
    })
  }
}

/** Says that a type of message is not supported, with all that its answer can be matched by. */
function ruleOfUnsupported(codec: Codec): Rule {
  const { matchBy, mustEqual, responseCode } = codec.dialect.rules
  return {
    echoed: [...new Set([...matchBy, ...mustEqual.map(({ field }) => field)])],
    set: { [responseCode]: '{code}' },
  }
}

function createRoute(codec: Codec, of: { mti: string; rule: Rule; supported: boolean }, zone: Zone): AnswerRoute {
  const { approved, codes, responseCode } = codec.dialect.rules
  const said = of.rule.setWhenApproved?.[responseCode] ?? of.rule.set[responseCode]
  const approvedCode = said === undefined || said.includes('{') ? codes.approved : said
  const approvals = new Set([...approved, approvedCode])
  const refusal = planAnswer(codec, { ...of, approved: false }, zone)
  const hinted = planAnswer(codec, { ...of, rule: withHint(codec, of.rule), approved: false }, zone)
  const approval = planAnswer(codec, { ...of, approved: true }, zone)
  const partial = planAnswer(codec, { ...of, rule: withAmount(codec, of.rule), approved: true }, zone)
  return {
    network: isNetworkManagement(of.mti),
    supported: of.supported,
    approvedCode,
    planned({ code, hint, amount }) {
      if (approvals.has(code)) return amount === undefined ? approval : partial
      return hint === undefined ? refusal : hinted
    },
  }
}

/** Where the dialect knows partial approvals: the amount that is approved, and not the request's. */
function withAmount({ dialect }: Codec, rule: Rule): Rule {
  return approvesInPart(dialect) ? { ...rule, set: { ...rule.set, [amountField]: '{amount}' } } : rule
}

/** Where the dialect has a place for it: what the clerk is told. */
function withHint({ dialect }: Codec, rule: Rule): Rule {
  const { hint } = dialect.rules.dataChecks ?? {}
  return hint === undefined ? rule : { ...rule, set: { ...rule.set, [hint.field]: `${hint.prefix ?? ''}{hint}` } }
}
