// ACI BASE24 external messages (ISO 8583:1987 in ASCII): an ISO header in front, 16 characters of terminal, fields of
// BASE24-pos from 121 on, and an ETX behind every message.
//
// Header: ISO, product 2 (02: BASE24-pos), release 2 (60), status 3, originator 1, responder 1. A reversal says why in data
// element 39; the codes are the standard's.

import { defineDialect, field } from '../dialect.js'
import { iso87Ascii } from './iso87-ascii.js'
import { iso87Messages } from './iso87-messages.js'
import { iso87NetworkManagement, iso87Rules, iso87Security } from './iso87-rules.js'
import { keyExchangeAnswer, keyExchangeMessage, keyExchangeSecurity } from './key-exchange.js'
import { varyFields } from './vary-messages.js'

/** A new key is asked for under code 162. */
const keys = { code: '162', keysIn: 123, keyBytes: { pik: 16, mak: 16 } }

const { reversal, ...others } = varyFields(iso87Messages, { 56: null })

export const base24 = defineDialect({
  ...iso87Ascii,
  name: 'base24',
  about: 'ACI BASE24 external messages: ISO 8583:1987 in ASCII, ISO header, ETX behind every message',
  framing: 'base24',
  envelope: { header: Buffer.from('ISO026000070', 'ascii').toString('hex').toUpperCase() },
  fields: {
    ...iso87Ascii.fields,
    41: field('terminalId', 'ans 16'),
    93: field('responseIndicator', 'an 6'),
    121: field('posAuthorizationIndicators', 'ans...23'),
    122: field('cardIssuerId', 'n...14'),
    123: field('cryptographicServiceMessage', 'ans...153', { mask: 'all' }),
    124: field('depositTypeOrBatch', 'ans...12'),
    125: field('accountIndicatorOrSettlementData', 'ans...15', { mask: 'all' }),
    126: field('preauthorizationOrChargebackData', 'ans...999', { mask: 'all' }),
    127: field('userData', 'ans..99', { mask: 'all' }),
  },
  rules: {
    ...iso87Rules,
    answers: [keyExchangeAnswer(iso87NetworkManagement, keys), ...iso87Rules.answers],
    // Response received too late; security violation; invalid response.
    reversalReasons: { timeout: '68', badMac: '63', unusable: '20' },
    security: keyExchangeSecurity(iso87Security, keys),
  },
  messages: {
    ...others,
    reversal: {
      ...reversal,
      about: 'undoes a request whose answer is in doubt; 39: why, 95: nothing of the amount stands',
      fields: { ...reversal.fields, 39: '{reason}' },
    },
    keyExchange: keyExchangeMessage(others.signOn, keys),
  },
})
