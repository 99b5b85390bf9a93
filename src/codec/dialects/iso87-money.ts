// The messages of ISO 8583:1987 that name an earlier transaction, undo one, or reconcile.
//
// Data element 90 names the original: its MTI 4, trace number 6, data element 7 10, acquirer and forwarder 11 each (not
// carried here). Values fit fields of fixed width exactly.

import type { MessageDefinition, MoneyRule } from '../dialect.js'

const times = { 7: '{utc:MMDDhhmmss}', 11: '{stan}', 12: '{local:hhmmss}', 13: '{local:MMDD}' }

const terminal = { 41: '{terminal}', 42: '{merchant}', 49: '{currency}' }

const original = { 90: `{original.mti}{original.stan}{original.7}${'0'.repeat(22)}` }

/** The fields that a message takes over from the message that it names. */
const sameTransaction = {
  2: '{original.2}',
  4: '{original.amount}',
  14: '{original.14}',
  37: '{original.rrn}',
  38: '{original.authCode}',
}

const entry = { 22: '{original.22}', 25: '00' }

const reversed = (...names: readonly string[]): MoneyRule => ({
  ...(names.length > 0 && { names }),
  inDoubt: { do: 'reverse', reversal: 'reversal' },
})

/** An advice is sent until it is acknowledged, from the second time on as a repeat. */
const advised = (...names: readonly string[]): MoneyRule => ({ names, inDoubt: { do: 'repeat', repeatMti: '0221' } })

export const iso87SaleMoney = reversed()

export const iso87Money = {
  void: {
    about: 'takes a purchase back',
    mti: '0200',
    money: reversed('sale'),
    fields: { ...times, ...sameTransaction, ...entry, ...terminal, ...original, 3: '200000' },
  },
  refund: {
    about: 'advice of a refund of a purchase, in full',
    mti: '0220',
    money: advised('sale'),
    fields: { ...times, ...sameTransaction, ...entry, ...terminal, ...original, 3: '200000' },
  },
  preauth: {
    about: 'authorisation that holds an amount',
    mti: '0100',
    money: reversed(),
    fields: {
      ...times,
      ...terminal,
      2: '{card.pan}',
      3: '000000',
      4: '{amount}',
      14: '{card.expiry}',
      22: '021',
      25: '06',
      35: '{card.track2}',
      37: '{rrn}',
    },
  },
  preauthVoid: {
    about: 'lets a held amount go',
    mti: '0100',
    money: reversed('preauth'),
    fields: { ...times, ...sameTransaction, ...entry, ...terminal, ...original, 3: '200000', 25: '06' },
  },
  completion: {
    about: 'takes a held amount',
    mti: '0200',
    money: reversed('preauth'),
    fields: { ...times, ...sameTransaction, ...entry, ...terminal, ...original, 3: '000000', 25: '06' },
  },
  completionAdvice: {
    about: 'says that a held amount was taken',
    mti: '0220',
    money: advised('preauth'),
    fields: { ...times, ...sameTransaction, ...entry, ...terminal, ...original, 3: '000000', 25: '06' },
  },
  reversal: {
    about: 'undoes a request whose answer is in doubt; 56: message reason code, 95: nothing of the amount stands',
    mti: '0420',
    money: { inDoubt: { do: 'repeat', repeatMti: '0421' } },
    fields: {
      2: '{original.2}',
      3: '{original.3}',
      4: '{original.4}',
      7: '{utc:MMDDhhmmss}',
      11: '{original.stan}',
      12: '{original.12}',
      13: '{original.13}',
      14: '{original.14}',
      22: '{original.22}',
      25: '{original.25}',
      37: '{original.37}',
      38: '{original.38}',
      ...terminal,
      ...original,
      56: '{reason}',
      95: `${'0'.repeat(24)}C00000000C00000000`,
    },
  },
  settlement: {
    about: 'reconciliation: numbers and amounts of credits, debits and their reversals, and the net',
    mti: '0500',
    fields: {
      ...times,
      ...terminal,
      74: '{totals.creditCount.10}',
      75: '{totals.creditReversalCount.10}',
      76: '{totals.debitCount.10}',
      77: '{totals.debitReversalCount.10}',
      86: '{totals.creditAmount.16}',
      87: '{totals.creditReversalAmount.16}',
      88: '{totals.debitAmount.16}',
      89: '{totals.debitReversalAmount.16}',
      97: '{totals.net.16}',
    },
  },
  payoutAdvice: {
    about: 'money was paid to the merchant; 48: data elements 13, 12 and 11 of each transaction that it is for',
    mti: '0620',
    fields: { ...times, ...terminal, 4: '{payout.amount}', 15: '{payout.date}', 48: '{payout.transactions}' },
  },
} satisfies Record<string, MessageDefinition>
