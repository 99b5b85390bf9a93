// How China UnionPay POS messages belong together, and what an answer carries.

import { cardOutcomes } from '../../base/cards/outcomes.js'
import type { AnswerRule, DialectRules } from '../dialect.js'
import type { SecurityRules } from '../rules/security-rules.js'
import { cupPosCodes } from './cup-pos-codes.js'
import { cupPosLedger } from './cup-pos-ledger.js'

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

/** The host's totals, with its verdict among them, take the place of the terminal's. */
const settlement: AnswerRule = {
  request: { mti: ['050*', '052*'] },
  echoed: [11, 41, 42, 49, 60, 63],
  set: { ...posted, 48: '{totals.48}' },
}

const batchUpload: AnswerRule = {
  request: { mti: '032*' },
  echoed: [11, 41, 42, 48, 49, 60, 63],
  set: posted,
}

const administration: AnswerRule = {
  request: { mti: '062*' },
  echoed: [3, 4, 11, 22, 25, 41, 42, 49, 60, 61],
  set: answered,
}

/** Only a sign-on names its operator (63). It opens a batch, and brings the keys that were asked for. */
const signOn: AnswerRule = {
  request: { mti: '080*', 63: '*' },
  echoed: [11, 41, 42],
  set: { ...answered, 60: '00{batch}{keyScheme}' },
  setWhenApproved: { 62: '{workingKeys}' },
}

/** Sign-off, echo test (which has no 11), and downloads that have nothing to give. */
const networkManagement: AnswerRule = {
  request: { mti: ['080*', '082*'] },
  echoed: [11, 41, 42, 60],
  set: answered,
}

const security: SecurityRules = {
  terminalField: 41,
  mac: { algorithm: { des: 'cup-ecb', sm4: 'cup-ecb-sm4' }, answers: 'approved' },
  // Twelve digits of the card number; 26 and 53 say how the PIN was taken and enciphered.
  pin: { field: 52, format: 'iso-0', panFrom: [2, 35], together: [26, 53], formatError: '99' },
  // Behind the service code stand five other digits, as Visa has it.
  cardCheck: {
    track: { field: 35, from: 5 },
    chip: { field: 22, from: 0, to: 2, values: ['05', '07'] },
    expiry: 14,
    wrong: '59',
  },
  signOnKeys: {
    field: 62,
    // 60.3: single length, double length, double length with a key for tracks. The MAC key stays single.
    scheme: { field: 60, from: 8, to: 11 },
    schemes: { '001': { pik: 8, mak: 8 }, '003': { pik: 16, mak: 8 }, '004': { pik: 16, mak: 8, tdk: 16 } },
  },
  signOnAgain: ['77', '99', 'A0'],
}

export const cupPosRules: DialectRules = {
  matchBy: [11, 41],
  mustEqual: [{ field: 3 }, { field: 4 }, { field: 42, whenApproved: true }],
  responseCode: 39,
  approved: cupPosCodes.filter((row) => row.class === 'A').map((row) => row.code),
  partial: ['10'],
  retry: ['68', '77', '90', '91', '92', '96', '98', '99', 'A0'],
  codeClasses: {
    dataError: ['12', '13', '14', '30', '54', 'A1'],
    setup: ['03', '58', '97', 'A0', 'A7'],
    down: ['68', '90', '91', '92', '96', '98', '99'],
  },
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
  cardOutcomes,
  meanings: Object.fromEntries(cupPosCodes.map((row) => [row.code, `${row.en} (${row.zh})`])),
  answers: [inquiry, financial, reversal, settlement, batchUpload, administration, signOn, networkManagement],
  signOn: 'signOn',
  echo: 'echo',
  reversal: '0400',
  reversalReasons: { timeout: '98', badMac: 'A0', unusable: '06' },
  // Data element 60 begins with the transaction type (2) and the batch (6).
  batchOf: [{ field: 60, from: 2, to: 8 }],
  batchFromSignOn: { field: 60, from: 2, to: 8 },
  payoutAdvice: {
    message: 'payoutAdvice',
    request: { mti: '082*', 48: '*' },
    transactions: { field: 48, batchDigits: 6, stanDigits: 6, most: 26 },
    answer: { echoed: [11, 41, 42, 60], set: { 39: '00' } },
  },
  dataChecks: {
    requests: { mti: ['010*', '020*'] },
    // Inquiries (31) have no amount.
    required: { of: { 3: ['0*', '2*'] }, fields: [4] },
    // 63.1 names no card scheme; 63.2 is text for the receipt and the display.
    hint: { field: 63, prefix: '000' },
    codes: { format: '30', card: '14', amount: '13', currency: '12', expired: '54', terminal: '97' },
  },
  security,
  ledger: cupPosLedger,
  currency: '156',
}
