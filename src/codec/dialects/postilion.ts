// Postilion PostBridge: ISO 8583:1987 in ASCII behind a binary bitmap, with a message of its own in data element 127.
//
// 123 says how the card was read (point of service data code), 59 comes back unaltered, and in a reversal 56 says why and
// 95 that nothing of the amount stands.

import { defineDialect, field } from '../dialect.js'
import { iso87Ascii } from './iso87-ascii.js'
import { iso87Messages } from './iso87-messages.js'
import { iso87NetworkManagement, iso87Rules, iso87Security } from './iso87-rules.js'
import { keyExchangeAnswer, keyExchangeMessage, keyExchangeSecurity } from './key-exchange.js'
import { postilionField127 } from './postilion-field127.js'
import { addFields, isFinancial, isReversal } from './vary-messages.js'

/** PIN key under code 101; the MAC key, which PostBridge exchanges under 160, comes with it. */
const keys = { code: '101', keysIn: 125, keyBytes: { pik: 16, mak: 16 } }

/**
 * Terminal that reads stripes, takes a PIN, captures no cards and is attended; cardholder and card are there; stripe read,
 * signature, checked by the merchant; no writing, prints and displays, PIN of 12; operated by a clerk, point of sale.
 */
const posDataCode = '21010125414C101'

const messages = addFields(
  iso87Messages,
  { 123: posDataCode },
  (message) => isFinancial(message) || isReversal(message),
)

export const postilion = defineDialect({
  ...iso87Ascii,
  name: 'postilion',
  about: 'Postilion PostBridge: ISO 8583:1987 in ASCII, binary bitmap, data element 127 with a bitmap of its own',
  encodings: { ...iso87Ascii.encodings, bitmap: { encoding: 'binary', bytes: 8, extends: 'byNeed' }, bytes: 'binary' },
  fields: {
    ...iso87Ascii.fields,
    53: field('securityControl', 'b 48', { mask: 'all' }),
    56: field('messageReasonCode', 'n...4'),
    57: field('authorizationLifeCycle', 'n...3'),
    58: field('authorizingAgentId', 'n...11'),
    59: field('echoData', 'ans...255'),
    // As hex digits, where 52 and 53 are raw.
    64: field('messageAuthenticationCode', 'b 8', { data: 'hex' }),
    65: field('extendedBitmap', 'b 1', { data: 'hex' }),
    96: field('messageSecurityCode', 'b 8', { data: 'hex' }),
    118: field('paymentsNumber', 'n...10'),
    119: field('paymentsReversalNumber', 'n...10'),
    123: field('posDataCode', 'an...15'),
    125: field('networkManagementInformation', 'ans...999', { mask: 'all' }),
    127: field('postilionPrivate', 'b......999999', { inside: postilionField127, mask: 'all' }),
    128: field('messageAuthenticationCode2', 'b 8', { data: 'hex' }),
  },
  rules: {
    ...iso87Rules,
    answers: [keyExchangeAnswer(iso87NetworkManagement, keys), ...iso87Rules.answers],
    security: keyExchangeSecurity(iso87Security, keys),
  },
  messages: { ...messages, keyExchange: keyExchangeMessage(messages.signOn, keys) },
})
