// Lays what a person declares beside a dialect (rules, messages) over what the dialect says itself.

import type { Dialect, DialectRules, MessageDefinition, MoneyRule } from '../../dialect.js'
import { classOf, repeatMti, versionOf } from '../../head/mti.js'
import type { DeclaredRules } from './dialect-schema.js'

export interface Declared {
  readonly dialectRules?: DeclaredRules | undefined
  /** In place of the dialect's own. */
  readonly messages?: Readonly<Record<string, MessageDefinition>> | undefined
}

/** Ends the reading: what is wrong, and under which keys. */
export type RefuseDeclared = (path: readonly string[], problem: string) => never

/** Calls `refuse` where a rule names a message that there is not. */
export function applyDeclared(base: Dialect, declared: Declared, refuse: RefuseDeclared): Dialect {
  const messages = reversedBy(declared.dialectRules?.reversal, declared.messages ?? base.messages)
  const rules = rulesOf(withoutMissing(base.rules, messages), declared.dialectRules ?? {})
  for (const key of ['signOn', 'echo'] as const) {
    const name = rules[key]
    if (name === undefined || Object.hasOwn(messages, name)) continue
    const known = Object.keys(messages).join(', ')
    refuse(
      ['dialectRules', key],
      `${key}: '${name.slice(0, 40)}' is not the name of a message; there are ${known || 'none'}`,
    )
  }
  const { lacks, ...dialect } = base
  return { ...dialect, rules, messages, ...stillLacking(lacks, messages) }
}

/** The lacks that remain: a message that a person declares is not lacking. */
function stillLacking(lacks: Dialect['lacks'], messages: Dialect['messages']): Pick<Dialect, 'lacks'> {
  const left = Object.entries(lacks ?? {}).filter(([name]) => !Object.hasOwn(messages, name))
  return left.length === 0 ? {} : { lacks: Object.fromEntries(left) }
}

/** The kind of reversal that is declared is the one that is sent: class 4 of the MTI says what a reversal is. */
function reversedBy(
  reversal: DialectRules['reversal'] | undefined,
  messages: Dialect['messages'],
): Dialect['messages'] {
  if (reversal === undefined) return messages
  const withMti = (message: MessageDefinition): MessageDefinition => {
    if (classOf(message.mti) !== '4') return message
    const mti = versionOf(message.mti) + reversal.slice(1)
    if (mti === message.mti) return message
    return { ...message, mti, ...(message.money && { money: repeatedAs(mti, message.money) }) }
  }
  return Object.fromEntries(Object.entries(messages).map(([name, message]) => [name, withMti(message)]))
}

/** The rule of a message that has another MTI now. A dialect that does not mark its repeats marks none of this one. */
export function repeatedAs(mti: string, money: MoneyRule): MoneyRule {
  const { inDoubt } = money
  if (inDoubt.do !== 'repeat' || inDoubt.repeatMti === undefined) return money
  return { ...money, inDoubt: { do: 'repeat', repeatMti: repeatMti(mti) } }
}

/** A default echo is none where the file has its own messages and no such one. */
function withoutMissing(rules: DialectRules, messages: Dialect['messages']): DialectRules {
  const { echo, ...others } = rules
  return echo === undefined || Object.hasOwn(messages, echo) ? rules : others
}

function rulesOf(
  base: DialectRules,
  { echoed, codes, meanings, cardOutcomes, ...declared }: DeclaredRules,
): DialectRules {
  const answers = declared.answers ?? base.answers
  return {
    ...base,
    ...declared,
    codes: { ...base.codes, ...approvedCode(base, declared.approved), ...codes },
    ...(base.meanings === undefined && meanings === undefined ? {} : { meanings: { ...base.meanings, ...meanings } }),
    ...(base.cardOutcomes === undefined && cardOutcomes === undefined
      ? {}
      : { cardOutcomes: { ...base.cardOutcomes, ...cardOutcomes } }),
    answers:
      echoed === undefined
        ? answers
        : answers.map((rule) => ({ ...rule, echoed: echoed.filter((field) => rule.set[field] === undefined) })),
  } as DialectRules
}

/** A simulated acquirer approves with a code that approves. */
function approvedCode({ codes }: DialectRules, approved: readonly string[] | undefined): { approved?: string } {
  const first = approved?.[0]
  return first === undefined || approved?.includes(codes.approved) ? {} : { approved: first }
}
