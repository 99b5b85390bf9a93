// How China UnionPay POS messages belong together, and what an answer carries.

import type { AnswerRule, DialectRules } from '../dialect.js'
import { cupPosCodes } from './cup-pos-codes.js'

/** A made-up institution, of eight digits as acquirers have it. */
const acquirerId = '00010000'

const answered = {
  12: '{local:hhmmss}',
  13: '{local:MMDD}',
  32: acquirerId,
  37: '{rrn}',
  39: '{code}',
}
const posted = { ...answered, 15: '{local:MMDD}' }

const financial: AnswerRule = {
  request: { mti: ['010*', '012*', '020*', '022*'] },
  echoed: [2, 3, 4, 11, 14, 22, 23, 25, 41, 42, 49, 53, 60, 61, 63],
  set: posted,
  setWhenApproved: { 38: '{authCode}' },
}

/** Data element 54: account type 10, amount type 02 (available), currency, sign and amount. No authorisation code. */
const inquiry: AnswerRule = {
  ...financial,
  request: { mti: '020*', 3: '31*' },
  setWhenApproved: { 54: '1002{currency}C{balance}' },
}

const reversal: AnswerRule = {
  request: { mti: ['040*', '042*'] },
  echoed: [2, 3, 4, 11, 14, 22, 23, 25, 41, 42, 49, 60, 61],
  set: posted,
}

/** Settlement and batch upload. The verdict on the totals stands inside data element 48. */
const settlement: AnswerRule = {
  request: { mti: ['032*', '050*', '052*'] },
  echoed: [11, 41, 42, 48, 49, 60, 63],
  set: posted,
}

const administration: AnswerRule = {
  request: { mti: '062*' },
  echoed: [3, 4, 11, 22, 25, 41, 42, 49, 60, 61],
  set: answered,
}

/** Only a sign-on names its operator (63). It opens a batch; the code 003 says: double-length keys. */
const signOn: AnswerRule = {
  request: { mti: '080*', 63: '*' },
  echoed: [11, 41, 42],
  set: { ...answered, 60: '00{batch}003' },
}

/** Sign-off, echo test (which has no 11), and downloads that have nothing to give. */
const networkManagement: AnswerRule = {
  request: { mti: ['080*', '082*'] },
  echoed: [11, 41, 42, 60],
  set: answered,
}

export const cupPosRules: DialectRules = {
  matchBy: [11, 41],
  mustEqual: [{ field: 3 }, { field: 4 }, { field: 42, whenApproved: true }],
  responseCode: 39,
  approved: cupPosCodes.filter((row) => row.class === 'A').map((row) => row.code),
  retry: ['68', '77', '90', '91', '92', '96', '98', '99', 'A0'],
  codes: {
    approved: '00',
    formatError: '30',
    notSupported: '40',
    macError: 'A0',
    duplicate: '94',
    originalNotFound: '25',
    issuerDown: '91',
    malfunction: '96',
  },
  meanings: Object.fromEntries(cupPosCodes.map((row) => [row.code, `${row.en} (${row.zh})`])),
  answers: [inquiry, financial, reversal, settlement, administration, signOn, networkManagement],
  signOn: 'signOn',
  echo: 'echo',
  reversal: '0400',
  currency: '156',
}
