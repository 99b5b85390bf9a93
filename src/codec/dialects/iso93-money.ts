// The messages of ISO 8583:1993 that name an earlier transaction, undo one, or reconcile.
//
// Data element 56 names the original: its MTI 4, trace number 6, local date and time 12. Data element 24 says what a
// message is for, data element 25 why it was sent.

import type { MessageDefinition, MoneyRule } from '../dialect.js'

const times = { 7: '{utc:MMDDhhmmss}', 11: '{stan}', 12: '{local:YYMMDDhhmmss}' }

const terminal = { 41: '{terminal}', 42: '{merchant}', 49: '{currency}' }

const original = { 56: '{original.mti}{original.stan}{original.12}' }

const sameTransaction = {
  2: '{original.2}',
  4: '{original.amount}',
  14: '{original.14}',
  22: '{original.22}',
  26: '{original.26}',
  37: '{original.rrn}',
  38: '{original.authCode}',
}

const reversed = (...names: readonly string[]): MoneyRule => ({
  ...(names.length > 0 && { names }),
  inDoubt: { do: 'reverse', reversal: 'reversal' },
})

const advised = (...names: readonly string[]): MoneyRule => ({ names, inDoubt: { do: 'repeat', repeatMti: '1221' } })

export const iso93SaleMoney = reversed()

export const iso93Money = {
  void: {
    about: 'takes a purchase back',
    mti: '1200',
    money: reversed('sale'),
    fields: { ...times, ...sameTransaction, ...terminal, ...original, 3: '200000', 24: '200' },
  },
  refund: {
    about: 'advice of a refund of a purchase, in full',
    mti: '1220',
    money: advised('sale'),
    fields: { ...times, ...sameTransaction, ...terminal, ...original, 3: '200000', 24: '200' },
  },
  preauth: {
    about: 'authorisation that holds an amount',
    mti: '1100',
    money: reversed(),
    fields: {
      ...times,
      ...terminal,
      2: '{card.pan}',
      3: '000000',
      4: '{amount}',
      14: '{card.expiry}',
      22: '210101254146',
      24: '100',
      26: '5999',
      35: '{card.track2}',
      37: '{rrn}',
    },
  },
  preauthVoid: {
    about: 'lets a held amount go',
    mti: '1100',
    money: reversed('preauth'),
    fields: { ...times, ...sameTransaction, ...terminal, ...original, 3: '200000', 24: '100' },
  },
  completion: {
    about: 'takes a held amount (function 201: approved before, same amount)',
    mti: '1200',
    money: reversed('preauth'),
    fields: { ...times, ...sameTransaction, ...terminal, ...original, 3: '000000', 24: '201' },
  },
  completionAdvice: {
    about: 'says that a held amount was taken',
    mti: '1220',
    money: advised('preauth'),
    fields: { ...times, ...sameTransaction, ...terminal, ...original, 3: '000000', 24: '201' },
  },
  reversal: {
    about: 'undoes a request whose answer is in doubt, in full (function 400)',
    mti: '1420',
    money: { inDoubt: { do: 'repeat', repeatMti: '1421' } },
    fields: {
      2: '{original.2}',
      3: '{original.3}',
      4: '{original.4}',
      7: '{utc:MMDDhhmmss}',
      11: '{original.stan}',
      12: '{original.12}',
      14: '{original.14}',
      22: '{original.22}',
      24: '400',
      25: '{reason}',
      37: '{original.37}',
      38: '{original.38}',
      ...terminal,
      ...original,
    },
  },
  settlement: {
    about: 'reconciliation (function 500): numbers and amounts of credits, debits and their reversals, and the net',
    mti: '1500',
    fields: {
      ...times,
      24: '500',
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
    about: 'money was paid to the merchant; 48: data elements 12 and 11 of each transaction that it is for',
    mti: '1620',
    fields: { ...times, ...terminal, 4: '{payout.amount}', 48: '{payout.transactions}' },
  },
} satisfies Record<string, MessageDefinition>
