// Which messages of a built-in dialect a spec can carry, and why not the others: a message that would be another one
// without a field is left out, and never sent without it.

import { createPostingFinder } from '../checks/posting-finder.js'
import type {
  Dialect,
  DialectRules,
  FieldDefinition,
  LedgerRules,
  MessageDefinition,
  MoneyRule,
  OriginalParts,
} from '../dialect.js'
import { chipHex, cvn10Profile } from '../dialects/chip-data.js'
import { digitsOf, isWiderTrace } from './fit-ledger.js'
import { type FittedMessage, fitMessage } from './fit-message.js'

type Fields = Readonly<Record<string, FieldDefinition>>

/** How texts of the base dialect become texts of the spec's version. */
export interface Convert {
  readonly mti: (mti: string) => string
  readonly code: (code: string) => string
}

/** The meaning of a network management message without a code of its own. */
const usualNetworkMessage = 'echo test'

/** Fields that say what a message is, for how much, and which one: processing, amount, trace number, function, network. */
const telling = ['3', '4', '11', '24', '70']

/** The messages that the spec can carry; `lacks` says of each other one why it is left out, and what the rest goes without. */
export function messagesFor(
  fields: Fields,
  base: Dialect,
  rules: DialectRules,
  convert: Convert,
): Pick<Dialect, 'messages' | 'lacks'> {
  const messages: Record<string, MessageDefinition> = {}
  const lacks: Record<string, string> = {}
  const isSame = samePosting(base.rules.ledger, rules.ledger, convert)
  for (const [name, message] of Object.entries(base.messages)) {
    // No host of another's making tells of payouts so.
    if (name === base.rules.payoutAdvice?.message) continue
    const fitted = fitMessage(textsOf(message, rules.ledger, fields), fields)
    const why = reasonAgainst(message, fitted, fields) ?? isSame(message, fitted.fields)
    if (why !== undefined) {
      lacks[name] = why
      continue
    }
    const { money, ...rest } = message
    messages[name] = {
      ...rest,
      mti: convert.mti(message.mti),
      fields: fitted.fields,
      ...(money === undefined ? {} : { money: moneyFor(money, convert) }),
    }
    for (const [number, reason] of Object.entries(fitted.unfit)) lacks[`field ${number}`] = reason
  }
  return { messages, ...(Object.keys(lacks).length > 0 && { lacks }) }
}

/** Chip data as hex; totals with as many digits as the spec has for them. */
function textsOf(message: MessageDefinition, ledger: LedgerRules | undefined, fields: Fields): Record<string, string> {
  const entries = Object.entries(message.fields).map(([number, value]) => {
    const text = typeof value === 'string' ? value : chipHex(cvn10Profile)
    const part = ledger?.totals.parts.find(({ field }) => field === Number(number))
    const digits = part === undefined ? undefined : digitsOf(part, fields)
    const named = number === '56' && isWiderTrace(fields) ? text.replace('{original.stan}', '{original.11}') : text
    return [number, named.replace(/(\{totals\.\w+\.)\d+\}/, (whole, start) => (digits ? `${start}${digits}}` : whole))]
  })
  return Object.fromEntries(entries) as Record<string, string>
}

function reasonAgainst(
  message: MessageDefinition,
  { fields: fitted, unfit }: FittedMessage,
  fields: Fields,
): string | undefined {
  const missing = telling.find((number) => unfit[number] !== undefined)
  if (missing !== undefined) return `field ${missing} cannot say what this message needs: ${unfit[missing]}`
  // A sale by chip without the chip's data is none.
  if (message.fields['55'] !== undefined && fitted['55'] === undefined)
    return fields['55'] === undefined ? 'there is no field 55, the chip data' : `field 55: ${unfit['55'] ?? ''}`
  if (message.fields['70'] !== undefined && fitted['70'] === undefined && message.about !== usualNetworkMessage)
    return 'there is no field 70, which says what it is for'
  return undefined
}

/** Why a host would take the message for another one, or not know which transaction it names. */
function samePosting(before: LedgerRules | undefined, now: LedgerRules | undefined, { mti }: Convert) {
  if (before === undefined || now === undefined) return () => undefined
  const [ruleBefore, ruleNow] = [createPostingFinder(before.postings), createPostingFinder(now.postings)]
  return (message: MessageDefinition, fields: Record<string, string>): string | undefined => {
    const own = ruleBefore(matchable(message.mti, message.fields))
    const found = ruleNow(matchable(mti(message.mti), fields))
    const asked = Object.keys(own?.request ?? {}).filter((key) => key !== 'mti' && fields[key] === undefined)
    if (own?.kind !== found?.kind)
      return `a host would take it for ${found?.kind ?? 'nothing'} without field ${asked.join(', ') || '3'}`
    if (own?.original === undefined || own.effect === 'reverse') return undefined
    const unnamed = namingFields(own.original).filter((field) => message.fields[field] !== undefined)
    return unnamed.some((field) => fields[field] !== undefined) || unnamed.length === 0
      ? undefined
      : `there is no field ${unnamed.join(' or ')}, which names the original`
  }
}

const namingFields = ({ stan, batch = [] }: OriginalParts): readonly number[] =>
  [stan, ...batch].flatMap((part) => (part === undefined ? [] : [part.field]))

const matchable = (mti: string, fields: Readonly<Record<string, unknown>>) => ({
  mti,
  has: (field: number) => fields[field] !== undefined,
  text: (field: number) => (typeof fields[field] === 'string' ? (fields[field] as string) : undefined),
})

function moneyFor({ inDoubt, ...money }: MoneyRule, convert: Convert): MoneyRule {
  const { repeatMti } = inDoubt.do === 'repeat' ? inDoubt : {}
  return repeatMti === undefined
    ? { ...money, inDoubt }
    : { ...money, inDoubt: { do: 'repeat', repeatMti: convert.mti(repeatMti) } }
}
