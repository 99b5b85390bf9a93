// Whether terminals and a host of the dialect keep the same books of a message: asked of every message of a mix before a run,
// because a message of the user's own may lack what a host of the dialect books it by.

import { compileDataChecks } from '../../codec/checks/data-checks.js'
import { compileMatch, type Matchable } from '../../codec/checks/match.js'
import type { Dialect, DialectRules, LedgerRules, PostingRule } from '../../codec/dialect.js'
import type { PostingEffect } from '../../codec/rules/ledger-rules.js'
import type { MessagePlan } from './message-plan.js'

/** Effects on a card's money; the others ask, open a batch or compare. */
const moneyEffects: readonly PostingEffect[] = ['charge', 'capture', 'refund', 'void', 'hold', 'release']
/** Effects on what another transaction has done. A refund may stand alone. */
const namingEffects: readonly PostingEffect[] = ['capture', 'void', 'release']

type Planned = Pick<MessagePlan, 'mti' | 'money' | 'sample'>

/**
 * Undefined where both sides book alike, or where a host of the dialect keeps no books; otherwise what differs, and what to do.
 * `sample`: of the message with sample values in its gaps.
 */
export function whyBookedOtherwise(
  plan: Planned,
  { rules, fields }: Pick<Dialect, 'rules' | 'fields'>,
): string | undefined {
  const { ledger } = rules
  if (ledger === undefined || !isFinancial(plan.mti)) return undefined
  return misread(plan, ledger) ?? unnamed(plan, rules, fields) ?? refused(plan, rules)
}

/** Authorisation and financial messages that a terminal begins, and their advices (ISO 8583-1). */
const isFinancial = (mti: string) => /^\d[12][02]/.test(mti)

/** The terminals book what is reversed or repeated when in doubt, and a host what a rule of the dialect fits. */
function misread({ mti, money, sample }: Planned, { postings }: LedgerRules): string | undefined {
  const rule = ruleFor(sample, postings)
  const isBooked = money.inDoubt.do !== 'nothing'
  const movesMoney = rule !== undefined && moneyEffects.includes(rule.effect)
  if (isBooked === movesMoney) return undefined
  if (movesMoney)
    return `the host books a ${rule.kind}, and terminals do not: leave money.inDoubt out, or say reverse or repeat there`
  const read = rule === undefined ? `books no ${mti} like it${choices(mti, postings)}` : `takes it for a ${rule.kind}`
  return `the host ${read}, and terminals book a payment: change its fields, or say money: { inDoubt: { do: nothing } }`
}

const ruleFor = (sample: Matchable, postings: readonly PostingRule[]) =>
  postings.find(({ request }) => compileMatch(request)(sample))

/** Kinds that are named. */
const mostChoices = 6

/** `; it knows sale (field 60: 22*), void (field 60: 23*)`. */
function choices(mti: string, postings: readonly PostingRule[]): string {
  const ofMti = { mti, has: () => true, text: () => undefined }
  const known = postings.filter(({ request }) => compileMatch({ mti: request.mti ?? '*' })(ofMti))
  if (known.length === 0) return ''
  const words = known.slice(0, mostChoices).map(({ kind, request: { mti: _, ...fields } }) => {
    const parts = Object.entries(fields).map(([field, value]) => `field ${field}: ${[value].flat().join(' or ')}`)
    return parts.length === 0 ? kind : `${kind} (${parts.join(', ')})`
  })
  return `; it knows ${words.join(', ')}${known.length > mostChoices ? ', …' : ''}`
}

/** The parts by which a host tells transactions apart, and finds the one that another names. */
function unnamed({ sample }: Planned, rules: DialectRules, fields: Dialect['fields']): string | undefined {
  const rule = ruleFor(sample, rules.ledger?.postings ?? [])
  if (rule === undefined || !moneyEffects.includes(rule.effect)) return undefined
  // Without a field for the merchant neither side books by it.
  const merchant = fields[42] === undefined ? [] : [42]
  const key = [11, 41, ...merchant, ...(rules.batchOf ?? []).map(({ field }) => field)]
  const missing = [...new Set(key)].filter((field) => !sample.has(field))
  if (missing.length > 0)
    return `${missing.map((field) => `field ${field}`).join(' and ')} ${missing.length > 1 ? 'are' : 'is'} missing: the host books by terminal, merchant, batch and trace number`
  const { original } = rule
  if (original === undefined || !namingEffects.includes(rule.effect)) return undefined
  const named = [original.stan, original.reference].flatMap((part) => part?.field ?? [])
  if (named.some((field) => sample.has(field))) return undefined
  return `the host takes it for a ${rule.kind}, which names an earlier transaction in field ${named.join(' or ')}: it would find none`
}

/** Wrong in any year: what depends on the calendar is left to the host. */
const anyMonth = '0000'

function refused({ sample }: Planned, { dataChecks, currency }: DialectRules): string | undefined {
  if (dataChecks === undefined) return undefined
  // A gap that only an earlier transaction fills has no sample.
  const known = { ...sample, text: (field: number) => sample.text(field) || undefined }
  const problem = compileDataChecks(dataChecks, currency, ['format', 'amount', 'currency'])(known, anyMonth)
  return problem && `the host answers ${problem.code}: ${problem.words} (field ${problem.field})`
}
