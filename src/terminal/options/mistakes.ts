// The entries that a clerk may make wrongly (交易数据录入错误或遗漏): pure data, and how each changes a message that is sent.

import type { MessageDefinition, MessageValue } from '../../codec/dialect.js'

export const mistakeKinds = ['missing', 'malformed', 'inconsistent'] as const
export type MistakeKind = (typeof mistakeKinds)[number]

export interface Mistake {
  readonly kind: MistakeKind
  readonly field: string
  /** The placeholder that stands for what the clerk enters; the mistake is made only in the field that is for it. */
  readonly name: string
  /** The entry in the place of the right one; left out: nothing, and the message goes without the field. */
  readonly entered?: (right: string) => string
}

/** Another last digit but one: no check digit is right for both (ISO/IEC 7812-1 annex B). */
const mistyped = (pan: string) => `${pan.slice(0, -2)}${(Number(pan.at(-2)) + 1) % 10}${pan.slice(-1)}`

export const mistakes: readonly Mistake[] = [
  { kind: 'missing', field: '4', name: 'amount' },
  { kind: 'missing', field: '4', name: 'amount', entered: (right) => '0'.repeat(right.length) },
  { kind: 'malformed', field: '2', name: 'card.pan', entered: mistyped },
  { kind: 'malformed', field: '14', name: 'card.expiry', entered: (right) => `${right.slice(0, 2)}13` },
  { kind: 'inconsistent', field: '14', name: 'card.expiry', entered: () => '0101' },
  { kind: 'inconsistent', field: '49', name: 'currency', entered: () => '000' },
  // In ISO 8583:2003 the currency stands in front of the amount.
  { kind: 'inconsistent', field: '4', name: 'currency', entered: () => '000' },
]

/** The mistakes that can be made in a message. One that names an earlier transaction is made of what the terminal remembers. */
export function mistakesIn({ fields, money }: MessageDefinition, kinds: readonly MistakeKind[]): readonly Mistake[] {
  // Without an amount there is nothing to enter: an inquiry, a message of the terminal's own.
  if (money?.names !== undefined || !holds(fields['4'], 'amount')) return []
  return mistakes.filter(({ kind, field, name }) => kinds.includes(kind) && holds(fields[field], name))
}

/** Alone, or with the currency and its decimals in front of an amount. */
const holds = (text: MessageValue | undefined, name: string): boolean =>
  text === `{${name}}` || (text === currencyInFront && (name === 'amount' || name === 'currency'))

const currencyInFront = '{currency}2{amount}'

/** The message without what was not entered. */
export function withoutField(definition: MessageDefinition, field: string): MessageDefinition {
  const { [field]: _left, ...fields } = definition.fields
  return { ...definition, fields }
}
