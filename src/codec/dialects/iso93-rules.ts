// How messages of ISO 8583:1993 belong together, what an answer carries, and what its action codes mean.

import type { AnswerRule, DialectRules } from '../dialect.js'
import type { SecurityRules } from '../rules/security-rules.js'
import { echoOrSet } from './answer-rules.js'
import { isoTotalsAnswer } from './iso-totals.js'
import { iso93Ledger } from './iso93-ledger.js'

/** Returned by every answer where the request has them. 53 names the keys of the transaction, under which the answer is too. 59 is the originator's own data and comes back unaltered. */
const always = [7, 11, 12, 32, 33, 41, 42, 53, 59]

const financial: AnswerRule = {
  request: { mti: ['110*', '112*', '120*', '122*'] },
  echoed: [2, 3, 4, 14, 22, 23, 24, 26, 49, ...always],
  set: { 39: '{code}' },
  setWhenApproved: { 38: '{authCode}' },
}

/** Data element 54: account type, amount type 02 (available), currency, sign and amount. */
const inquiry: AnswerRule = {
  ...financial,
  request: { mti: ['110*', '120*'], 3: '3*' },
  setWhenApproved: { 38: '{authCode}', 54: '0002{currency}C{balance}' },
}

/** Reversals, reconciliations and network management have success codes of their own. */
const reversal: AnswerRule = {
  request: { mti: ['140*', '142*'] },
  echoed: [2, 3, 4, 24, 25, 30, 49, 56, ...always],
  set: { 39: '{code}' },
  setWhenApproved: { 39: '400' },
}

const fileOrAdministration: AnswerRule = {
  request: { mti: ['130*', '132*', '160*', '162*'] },
  echoed: [2, 3, 4, 24, 49, 71, 91, 101, ...always],
  set: { 39: '{code}' },
}

const reconciliation: AnswerRule = {
  request: { mti: ['150*', '152*'] },
  echoed: [24, 28, 29, 37, 50, 99, ...always],
  set: { 39: '{code}', ...isoTotalsAnswer },
  setWhenApproved: { 39: '500' },
}

const networkManagement: AnswerRule = {
  request: { mti: ['180*', '182*'] },
  echoed: [24, 28, 37, 93, 94, ...always],
  set: { 39: '{code}' },
  setWhenApproved: { 39: '800' },
}

const answers: readonly AnswerRule[] = [
  ...echoOrSet(inquiry, 37, '{rrn}'),
  ...echoOrSet(financial, 37, '{rrn}'),
  ...echoOrSet(reversal, 37, '{rrn}'),
  ...echoOrSet(fileOrAdministration, 37, '{rrn}'),
  reconciliation,
  networkManagement,
]

/** The standard leaves algorithms to the parties (ANSI X9.19 is what they take with DES); these are defaults. */
const security: SecurityRules = {
  terminalField: 41,
  mac: { algorithm: { des: 'x9.19', aes: 'aes-cmac', sm4: 'sm4-cbc-mac' }, answers: 'all' },
  pin: { field: 52, format: 'iso-0', panFrom: [2, 35], together: [], formatError: '117' },
  // Security related control information.
  dukpt: { field: 53 },
  // Behind the service code stand five other digits, as Visa has it. Position 7 of 22: card data input mode, 5 by chip.
  cardCheck: {
    track: { field: 35, from: 5 },
    chip: { field: 22, from: 6, to: 7, values: ['5'] },
    expiry: 14,
    wrong: '129',
  },
}

export const iso93Rules: DialectRules = {
  matchBy: [11, 41],
  mustEqual: [{ field: 3 }, { field: 4, whenApproved: true }, { field: 42, whenApproved: true }],
  responseCode: 39,
  approved: ['000', '001', '002', '003', '004', '005', '006', '007', '400', '500', '800', '900', '901'],
  partial: ['002', '006'],
  retry: ['903', '906', '907', '908', '909', '910', '911', '912', '923'],
  codeClasses: {
    dataError: ['101', '110', '111', '902', '904'],
    setup: ['109', '120', '122', '916'],
    down: ['906', '907', '908', '909', '910', '911', '912'],
  },
  codes: {
    approved: '000',
    formatError: '904',
    notSupported: '115',
    macError: '916',
    duplicate: '913',
    originalNotFound: '914',
    issuerDown: '907',
    malfunction: '909',
  },
  cardOutcomes: {
    referral: '107',
    pickUp: '200',
    doNotHonour: '100',
    invalidCard: '111',
    lost: '208',
    stolen: '209',
    insufficientFunds: '116',
    expired: '101',
    wrongPin: '117',
    notPermitted: '119',
    suspectedFraud: '102',
    overLimit: '121',
    restricted: '104',
    tooOften: '123',
    pinTriesExceeded: '106',
    issuerDown: '907',
  },
  meanings: {
    '000': 'approved',
    '001': 'honour with identification',
    '002': 'approved for a partial amount',
    '003': 'approved, VIP',
    '004': 'approved, update track 3',
    '005': 'approved, account type given by the issuer',
    '006': 'approved for a partial amount, account type given by the issuer',
    '007': 'approved, update the chip',
    '100': 'do not honour',
    '101': 'expired card',
    '102': 'suspected fraud',
    '103': 'contact acquirer',
    '104': 'restricted card',
    '105': 'call acquirer security',
    '106': 'PIN tries exceeded',
    '107': 'refer to issuer',
    '108': 'refer to issuer, special conditions',
    '109': 'invalid merchant',
    '110': 'invalid amount',
    '111': 'invalid card number',
    '112': 'PIN data required',
    '113': 'unacceptable fee',
    '114': 'no account of the type requested',
    '115': 'function not supported',
    '116': 'insufficient funds',
    '117': 'wrong PIN',
    '118': 'no card record',
    '119': 'not permitted to cardholder',
    '120': 'not permitted to terminal',
    '121': 'exceeds amount limit',
    '122': 'security violation',
    '123': 'exceeds frequency limit',
    '124': 'violation of law',
    '129': 'suspected counterfeit card',
    '200': 'do not honour, pick up',
    '201': 'expired card, pick up',
    '202': 'suspected fraud, pick up',
    '204': 'restricted card, pick up',
    '206': 'PIN tries exceeded, pick up',
    '208': 'lost card, pick up',
    '209': 'stolen card, pick up',
    '400': 'reversal accepted',
    '500': 'reconciled, in balance',
    '501': 'reconciled, out of balance',
    '800': 'network message accepted',
    '900': 'advice acknowledged, no liability accepted',
    '901': 'advice acknowledged, liability accepted',
    '902': 'invalid transaction',
    '903': 're-enter transaction',
    '904': 'format error',
    '905': 'acquirer not supported by switch',
    '906': 'cut-over in progress',
    '907': 'issuer or switch inoperative',
    '908': 'routing not found',
    '909': 'system malfunction',
    '910': 'issuer signed off',
    '911': 'issuer timed out',
    '912': 'issuer unavailable',
    '913': 'duplicate transmission',
    '914': 'original not found',
    '915': 'reconciliation cut-over or checkpoint error',
    '916': 'MAC incorrect',
    '917': 'MAC key out of step',
    '918': 'no communication keys available',
    '919': 'encryption key out of step',
    '920': 'security error, try again',
    '921': 'security error, no action',
    '922': 'message number out of sequence',
    '923': 'request in progress',
  },
  answers,
  signOn: 'signOn',
  echo: 'echo',
  reversal: '0420',
  // Message reason codes: no answer in time, an answer that cannot be used.
  reversalReasons: { timeout: '4021', badMac: '4020', unusable: '4020' },
  // The local time of the transaction stays the same in its repeats and its reversal; data element 7 does not.
  batchOf: [{ field: 12 }],
  payoutAdvice: {
    message: 'payoutAdvice',
    request: { mti: '162*', 48: '*' },
    transactions: { field: 48, batchDigits: 12, stanDigits: 6, most: 55 },
    answer: { echoed: [7, 11, 12, 41, 42], set: { 39: '900' } },
  },
  dataChecks: {
    requests: { mti: ['110*', '120*'] },
    // Inquiries (3x) have no amount.
    required: { of: { 3: ['0*', '2*'] }, fields: [4] },
    hint: { field: 44 },
    codes: { format: '904', card: '111', amount: '110', currency: '902', expired: '101', terminal: '120' },
  },
  security,
  ledger: iso93Ledger,
  currency: '840',
}
