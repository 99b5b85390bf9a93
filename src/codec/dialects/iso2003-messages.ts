// The messages that a terminal of ISO 8583:2003 sends: those of 1993 with version 2, an amount behind its currency and the
// currency's decimals, a trace number of twelve digits, and a century in every date.

import type { MessageDefinition, MoneyRule } from '../dialect.js'
import { iso93Messages } from './iso93-messages.js'
import { primaryTotals } from './iso2003-rules.js'
import { mapMessages, varyFields } from './vary-messages.js'

/** Bits of each part, lowest byte first: how the card was read, the holder verified, where, and how the line is secured. */
const posDataCode = {
  // Stripe; signature; attended; private network.
  stripe: '10000000040000000200000002000000',
  // Stripe; PIN online.
  stripePin: '10000000080000000200000002000000',
  // Chip; as the first.
  chip: '20000000040000000200000002000000',
}

const widened: Readonly<Record<string, string>> = {
  '{amount}': '{currency}2{amount}',
  '{original.amount}': '{currency}2{original.amount}',
  '{stan}': '000000{stan}',
  '{original.stan}': '{original.11}',
  '{local:YYMMDDhhmmss}': '{local:YYYYMMDDhhmmss}',
  '{original.mti}{original.stan}{original.12}': '{original.mti}{original.11}{original.12}',
}

const versionTwo = (mti: string): string => mti.replace(/^1/, '2')

const moneyOf = ({ inDoubt, ...money }: MoneyRule): MoneyRule =>
  inDoubt.do === 'repeat' && inDoubt.repeatMti !== undefined
    ? { ...money, inDoubt: { do: 'repeat', repeatMti: versionTwo(inDoubt.repeatMti) } }
    : { ...money, inDoubt }

const { payoutAdvice: _none, salePinDukpt: _dukpt, ...known } = varyFields(iso93Messages, { 49: null })

const messages = mapMessages(known, ({ mti, fields, money, ...message }) => ({
  ...message,
  mti: versionTwo(mti),
  ...(money && { money: moneyOf(money) }),
  fields: Object.fromEntries(
    Object.entries(fields).map(([field, text]) => [field, typeof text === 'string' ? (widened[text] ?? text) : text]),
  ),
}))

const readBy = (message: MessageDefinition, code: string): MessageDefinition => ({
  ...message,
  fields: { ...message.fields, 22: code },
})

/** Totals in one field. */
const settlementFields = Object.fromEntries(
  Object.entries(messages.settlement.fields).filter(([field]) => Number(field) < 74),
)

export const iso2003Messages = {
  ...messages,
  sale: readBy(messages.sale, posDataCode.stripe),
  salePin: readBy(messages.salePin, posDataCode.stripePin),
  saleChip: readBy(messages.saleChip, posDataCode.chip),
  balance: readBy(messages.balance, posDataCode.stripe),
  preauth: readBy(messages.preauth, posDataCode.stripe),
  settlement: {
    ...messages.settlement,
    about: 'reconciliation (function 500): amounts and numbers of credits, debits and their reversals, in 74',
    fields: { ...settlementFields, 74: primaryTotals },
  },
} satisfies Record<string, MessageDefinition>
