// How messages of ISO 8583:1987 belong together, what an answer carries, and what its response codes mean.

import { cardOutcomes } from '../../base/cards/outcomes.js'
import type { AnswerRule, DialectRules } from '../dialect.js'
import type { SecurityRules } from '../rules/security-rules.js'
import { echoOrSet } from './answer-rules.js'
import { isoTotalsAnswer } from './iso-totals.js'
import { iso87Ledger } from './iso87-ledger.js'

/** Returned by every answer where the request has them. 59 is the originator's own data and comes back unaltered. */
const always = [7, 11, 12, 13, 32, 33, 41, 42, 59]

const financial: AnswerRule = {
  request: { mti: ['010*', '012*', '020*', '022*'] },
  echoed: [2, 3, 4, 14, 18, 22, 23, 25, 26, 49, ...always],
  set: { 39: '{code}' },
  setWhenApproved: { 38: '{authCode}' },
}

/** Data element 54: account type, amount type 02 (available), currency, sign and amount. */
const inquiry: AnswerRule = {
  ...financial,
  request: { mti: ['010*', '020*'], 3: '3*' },
  setWhenApproved: { 38: '{authCode}', 54: '0002{currency}C{balance}' },
}

const reversal: AnswerRule = {
  request: { mti: ['040*', '042*'] },
  echoed: [2, 3, 4, 49, 90, 95, ...always],
  set: { 39: '{code}' },
}

const fileOrAdministration: AnswerRule = {
  request: { mti: ['030*', '032*', '060*', '062*'] },
  echoed: [2, 3, 4, 49, 71, 72, 91, 101, ...always],
  set: { 39: '{code}' },
}

const reconciliation: AnswerRule = {
  request: { mti: ['050*', '052*'] },
  echoed: [15, 37, 50, 99, ...always],
  set: { 39: '{code}', 66: '{totals.66}', ...isoTotalsAnswer },
}

export const iso87NetworkManagement: AnswerRule = {
  request: { mti: ['080*', '082*'] },
  echoed: [37, 70, ...always],
  set: { 39: '{code}' },
}

const answers: readonly AnswerRule[] = [
  ...echoOrSet(inquiry, 37, '{rrn}'),
  ...echoOrSet(financial, 37, '{rrn}'),
  ...echoOrSet(reversal, 37, '{rrn}'),
  ...echoOrSet(fileOrAdministration, 37, '{rrn}'),
  reconciliation,
  iso87NetworkManagement,
]

/** The standard leaves algorithms to the parties (ANSI X9.19 is what they take with DES); these are defaults. */
export const iso87Security: SecurityRules = {
  terminalField: 41,
  mac: { algorithm: { des: 'x9.19', aes: 'aes-cmac', sm4: 'sm4-cbc-mac' }, answers: 'all' },
  pin: { field: 52, format: 'iso-0', panFrom: [2, 35], together: [], formatError: '55' },
  // Behind the service code stand five other digits, as Visa has it.
  cardCheck: {
    track: { field: 35, from: 5 },
    chip: { field: 22, from: 0, to: 2, values: ['05', '07'] },
    expiry: 14,
    wrong: '59',
  },
}

export const iso87Rules: DialectRules = {
  matchBy: [11, 41],
  mustEqual: [{ field: 3 }, { field: 4, whenApproved: true }, { field: 42, whenApproved: true }],
  responseCode: 39,
  approved: ['00', '08', '10', '11', '16'],
  partial: ['10'],
  retry: ['09', '19', '68', '90', '91', '92', '96'],
  codeClasses: {
    dataError: ['12', '13', '14', '30', '54'],
    setup: ['03', '58', '63'],
    down: ['68', '90', '91', '92', '96'],
  },
  codes: {
    approved: '00',
    formatError: '30',
    notSupported: '40',
    // 1987 has no code for a wrong MAC; 63 is its security violation.
    macError: '63',
    duplicate: '94',
    originalNotFound: '25',
    issuerDown: '91',
    malfunction: '96',
  },
  cardOutcomes,
  meanings: {
    '00': 'approved',
    '01': 'refer to issuer',
    '02': 'refer to issuer, special conditions',
    '03': 'invalid merchant',
    '04': 'pick up card',
    '05': 'do not honour',
    '06': 'error',
    '07': 'pick up card, special conditions',
    '08': 'honour with identification',
    '09': 'request in progress',
    '10': 'approved for a partial amount',
    '11': 'approved, VIP',
    '12': 'invalid transaction',
    '13': 'invalid amount',
    '14': 'invalid card number',
    '15': 'no such issuer',
    '16': 'approved, update track 3',
    '17': 'customer cancellation',
    '18': 'customer dispute',
    '19': 're-enter transaction',
    '20': 'invalid response',
    '21': 'no action taken',
    '22': 'suspected malfunction',
    '23': 'unacceptable transaction fee',
    '25': 'original not found',
    '30': 'format error',
    '31': 'bank not supported by switch',
    '33': 'expired card, pick up',
    '34': 'suspected fraud, pick up',
    '35': 'contact acquirer, pick up',
    '36': 'restricted card, pick up',
    '37': 'call acquirer security, pick up',
    '38': 'PIN tries exceeded, pick up',
    '39': 'no credit account',
    '40': 'function not supported',
    '41': 'lost card',
    '42': 'no universal account',
    '43': 'stolen card',
    '51': 'insufficient funds',
    '52': 'no cheque account',
    '53': 'no savings account',
    '54': 'expired card',
    '55': 'wrong PIN',
    '56': 'no card record',
    '57': 'not permitted to cardholder',
    '58': 'not permitted to terminal',
    '59': 'suspected fraud',
    '60': 'contact acquirer',
    '61': 'exceeds amount limit',
    '62': 'restricted card',
    '63': 'security violation',
    '64': 'original amount incorrect',
    '65': 'exceeds frequency limit',
    '66': 'call acquirer security',
    '67': 'hard capture',
    '68': 'response received too late',
    '75': 'PIN tries exceeded',
    '90': 'cut-over in progress',
    '91': 'issuer or switch inoperative',
    '92': 'routing not found',
    '93': 'violation of law',
    '94': 'duplicate transmission',
    '95': 'reconcile error',
    '96': 'system malfunction',
  },
  answers,
  signOn: 'signOn',
  echo: 'echo',
  reversal: '0420',
  // Message reason codes: no answer in time, an answer that cannot be used.
  reversalReasons: { timeout: '4021', badMac: '4020', unusable: '4020' },
  // The local time of the transaction stays the same in its repeats and its reversal; data element 7 does not.
  batchOf: [{ field: 13 }, { field: 12 }],
  payoutAdvice: {
    message: 'payoutAdvice',
    request: { mti: '062*', 48: '*' },
    transactions: { field: 48, batchDigits: 10, stanDigits: 6, most: 62 },
    answer: { echoed: [7, 11, 12, 13, 41, 42], set: { 39: '00' } },
  },
  dataChecks: {
    requests: { mti: ['010*', '020*'] },
    // Inquiries (3x) have no amount.
    required: { of: { 3: ['0*', '2*'] }, fields: [4] },
    hint: { field: 44 },
    codes: { format: '30', card: '14', amount: '13', currency: '12', expired: '54', terminal: '58' },
  },
  security: iso87Security,
  ledger: iso87Ledger,
  currency: '840',
}
