// Approving in part: how much of what was asked for, and of which requests. Pure.
//
// Rule: only what takes or holds money can be approved in part; any other request goes on to the next rule.

import { numericCurrency } from '../../base/currencies.js'
import { UsageError } from '../../base/errors.js'
import { amountField, amountText, bareAmount } from '../../codec/amount.js'
import { compileMatch } from '../../codec/checks/match.js'
import { createPostingFinder } from '../../codec/checks/posting-finder.js'
import type { Codec, Peek } from '../../codec/codec.js'
import type { Dialect, MatchDefinition, MessageDefinition } from '../../codec/dialect.js'
import { digitsToNumber } from '../ledger/operation.js'
import type { Part } from '../options.js'

/** Twelve digits: what is approved of it. Undefined: all of it, because that is no more. */
export type PartOf = (request: Peek) => string | undefined

export interface PartRule {
  readonly isFor: (request: Peek) => boolean
  readonly partOf: PartOf
}

/** A spec file may have the rules of a standard, and not its amount. */
export const approvesInPart = ({ rules, fields }: Dialect): boolean =>
  (rules.partial ?? []).length > 0 && fields[amountField] !== undefined

/** Throws UsageError for a rule that the dialect has no answer for. */
export function createPartRule(
  { dialect }: Codec,
  rule: { readonly match: MatchDefinition; readonly answer: string; readonly amount: Part },
  where: string,
): PartRule {
  const { partial = [], ledger, currency } = dialect.rules
  const refuse = (text: string) => new UsageError(text, { where: `${where}.amount:` })
  if (!approvesInPart(dialect) || ledger === undefined)
    throw refuse(`dialect ${dialect.name} has no partial approvals: leave amount out`)
  if (!partial.includes(rule.answer))
    throw refuse(`only a partial approval (${partial.join(', ')}) has an amount of its own, not ${rule.answer}`)
  const find = createPostingFinder(ledger.postings)
  const isFor = (request: Parameters<typeof find>[0]) => {
    const effect = find(request)?.effect
    return effect === 'charge' || effect === 'hold'
  }
  const meant = Object.entries(dialect.messages).filter(([, message]) => mayFit(rule.match, message))
  if (meant.length > 0 && !meant.some(([, message]) => isFor(asRequest(message))))
    throw refuse(`${meant.map(([name]) => name).join(', ')} cannot be approved in part, only what takes or holds money`)
  if ('currency' in rule.amount && numericCurrency(rule.amount.currency) !== currency)
    throw refuse(`${rule.amount.currency} is not the currency of the dialect (${currency})`)
  const approves = approvedOf(rule.amount)

  return {
    isFor,
    partOf(request) {
      const asked = digitsToNumber(bareAmount(request.text(amountField) ?? '')) ?? 0
      const part = approves(asked)
      return part < asked ? amountText(part) : undefined
    },
  }
}

/** Never nothing: that would be a refusal. */
function approvedOf(amount: Part): (asked: number) => number {
  if ('share' in amount) return (asked) => Math.max(1, Math.floor(asked * amount.share))
  return () => amount.minor
}

/** True when neither the MTI nor a constant of the message rules it out. */
function mayFit(match: MatchDefinition, message: MessageDefinition): boolean {
  const isKnown = (key: string) => key === 'mti' || !String(message.fields[key] ?? '').includes('{')
  const known = Object.fromEntries(Object.entries(match).filter(([key]) => isKnown(key)))
  return compileMatch(known)(asRequest(message))
}

/** A message of the dialect with zeros in its gaps. */
function asRequest({ mti, fields }: MessageDefinition) {
  const text = (field: number) => {
    const said = fields[field]
    return typeof said === 'string' ? said.replace(/\{[^}]*\}/g, '000000') : undefined
  }
  return { mti, has: (field: number) => fields[field] !== undefined, text }
}
