// The messages of China UnionPay POS that name an earlier transaction, undo one, or close a batch.
//
// Data element 61 names the original: batch 6, trace number 6, date MMDD 4. A reversal has the trace number of what it
// undoes, never track, PIN or reference number, its reason in data element 39, and of a chip's data a few tags.

import type { MessageDefinition, MoneyRule } from '../dialect.js'

const terminal = { 41: '{terminal}', 42: '{merchant}' }

const card = { 2: '{card.pan}', 14: '{card.expiry}', 22: '022', 35: '{card.track2}', 49: '{currency}' }

/** The card of the transaction that is named; it is in the shop again. */
const sameCard = { 2: '{original.2}', 14: '{original.14}', 22: '022', 35: '{original.35}', 49: '{currency}' }

const reversed = (...names: readonly string[]): MoneyRule => ({
  ...(names.length > 0 && { names }),
  inDoubt: { do: 'reverse', reversal: 'reversal' },
})

/** Advices are not reversed: they are sent until they are acknowledged. */
const advised = (...names: readonly string[]): MoneyRule => ({ names, inDoubt: { do: 'repeat' } })

/**
 * The chip data of a reversal: verification results, the reader's serial number, the issuer's data and the counter.
 * DF31,
 * what became of the issuer's script, would be there if an answer had brought one.
 */
const chipOfReversal = Object.fromEntries(['95', '9F1E', '9F10', '9F36'].map((tag) => [tag, `{original.55.${tag}}`]))

const originalWithDate = '{original.batch}{original.stan}{original.date}'

export const cupPosSaleMoney = reversed()

export const cupPosMoney = {
  void: {
    about: '消费撤销, takes a sale of the same batch back',
    mti: '0200',
    money: reversed('sale'),
    fields: {
      ...sameCard,
      ...terminal,
      3: '200000',
      4: '{original.amount}',
      11: '{stan}',
      25: '00',
      37: '{original.rrn}',
      38: '{original.authCode}',
      60: '23{batch}00050',
      64: '{mac}',
      61: '{original.batch}{original.stan}',
    },
  },
  refund: {
    about: '退货 of a sale, in full',
    mti: '0220',
    money: advised('sale'),
    fields: {
      2: '{original.2}',
      3: '200000',
      4: '{original.amount}',
      11: '{stan}',
      14: '{original.14}',
      22: '022',
      25: '00',
      37: '{original.rrn}',
      38: '{original.authCode}',
      ...terminal,
      49: '{currency}',
      60: '25{batch}00050',
      64: '{mac}',
      61: originalWithDate,
      63: 'CUP',
    },
  },
  preauth: {
    about: '预授权, holds an amount',
    mti: '0100',
    money: reversed(),
    fields: {
      ...card,
      ...terminal,
      3: '030000',
      4: '{amount}',
      11: '{stan}',
      25: '06',
      60: '10{batch}00050',
      64: '{mac}',
    },
  },
  preauthVoid: {
    about: '预授权撤销, lets a held amount go',
    mti: '0100',
    money: reversed('preauth'),
    fields: {
      ...sameCard,
      ...terminal,
      3: '200000',
      4: '{original.amount}',
      11: '{stan}',
      25: '06',
      38: '{original.authCode}',
      60: '11{batch}00050',
      64: '{mac}',
      61: originalWithDate,
    },
  },
  completion: {
    about: '预授权完成（请求）, takes a held amount',
    mti: '0200',
    money: reversed('preauth'),
    fields: {
      ...sameCard,
      ...terminal,
      3: '000000',
      4: '{original.amount}',
      11: '{stan}',
      25: '06',
      38: '{original.authCode}',
      60: '20{batch}00050',
      64: '{mac}',
      61: originalWithDate,
    },
  },
  completionVoid: {
    about: '预授权完成撤销, takes a completion back',
    mti: '0200',
    money: reversed('completion'),
    fields: {
      ...sameCard,
      ...terminal,
      3: '200000',
      4: '{original.amount}',
      11: '{stan}',
      25: '06',
      37: '{original.rrn}',
      38: '{original.authCode}',
      60: '21{batch}00050',
      64: '{mac}',
      61: originalWithDate,
    },
  },
  completionAdvice: {
    about: '预授权完成（通知）, says that a held amount was taken',
    mti: '0220',
    money: advised('preauth'),
    fields: {
      2: '{original.2}',
      3: '000000',
      4: '{original.amount}',
      11: '{stan}',
      14: '{original.14}',
      22: '022',
      25: '06',
      38: '{original.authCode}',
      ...terminal,
      49: '{currency}',
      60: '24{batch}00050',
      64: '{mac}',
      61: originalWithDate,
    },
  },
  reversal: {
    about: '冲正, undoes a request whose answer is in doubt',
    mti: '0400',
    money: { inDoubt: { do: 'repeat' } },
    fields: {
      2: '{original.2}',
      3: '{original.3}',
      4: '{original.4}',
      11: '{original.stan}',
      14: '{original.14}',
      22: '{original.22}',
      23: '{original.23}',
      25: '{original.25}',
      38: '{original.38}',
      39: '{reason}',
      ...terminal,
      49: '{original.49}',
      55: chipOfReversal,
      60: '{original.60}',
      61: '{original.61}',
      64: '{mac}',
    },
  },
  settlement: {
    about: '批结算; 48: debits 12, their number 3, credits 12, their number 3, verdict 1; the same for foreign cards',
    mti: '0500',
    fields: {
      11: '{stan}',
      ...terminal,
      48: `{totals.debitAmount.12}{totals.debitCount.3}{totals.creditAmount.12}{totals.creditCount.3}0${'0'.repeat(31)}`,
      49: '{currency}',
      60: '00{batch}201',
      63: '{operator} ',
    },
  },
  batchUpload: {
    about: '批上送; 48: number of records 2, each of type 2, trace number 6, card number 20, amount 12',
    mti: '0320',
    fields: { 11: '{stan}', ...terminal, 48: '{upload.records}', 60: '00{batch}201' },
  },
  batchEnd: {
    about: '批上送结束 when the totals did not balance; 48: number of records',
    mti: '0320',
    fields: { 11: '{stan}', ...terminal, 48: '{upload.count.4}', 60: '00{batch}202' },
  },
  payoutAdvice: {
    about:
      '到账通知, sent by the host with a code of its own, since 0620 is taken; 48: batch 6 and trace number 6 of each',
    mti: '0820',
    fields: {
      4: '{payout.amount}',
      11: '{stan}',
      15: '{payout.date}',
      ...terminal,
      48: '{payout.transactions}',
      49: '{currency}',
      60: '00{batch}801',
    },
  },
} satisfies Record<string, MessageDefinition>
