// The messages that a node of an AS 2805 interchange sends: those of ISO 8583:1987, without an advice's reason (56), with a
// MAC where there are keys, the card read at a terminal of TCC 07 (stripe, chip and contactless).

import type { MessageDefinition } from '../dialect.js'
import { as2805Keys } from './as2805-rules.js'
import { iso87Messages } from './iso87-messages.js'
import { keyExchangeMessage } from './key-exchange.js'
import { addFields, isFinancial, isReversal, varyFields } from './vary-messages.js'

/** Data element 53: the set of keys. */
const firstKeys = '0000000000000001'

const isSigned = (message: MessageDefinition) => isFinancial(message) || isReversal(message)

const { payoutAdvice: _none, ...known } = varyFields(iso87Messages, { 56: null })
const signed = addFields(known, { 53: firstKeys, 64: '{mac}' }, isSigned)

/** Fields above 64 move the MAC to 128. */
const moveMac = ({ fields, ...message }: MessageDefinition): MessageDefinition => {
  const { 64: mac, ...others } = fields
  const isLong = Object.keys(others).some((field) => Number(field) > 64)
  return isLong && mac !== undefined ? { ...message, fields: { ...others, 128: mac } } : { ...message, fields }
}
const { settlement, reversal, ...messages } = signed

export const as2805Messages: Readonly<Record<string, MessageDefinition>> = {
  ...Object.fromEntries(Object.entries<MessageDefinition>(messages).map(([name, message]) => [name, moveMac(message)])),
  reversal: moveMac({
    ...reversal,
    about: 'undoes a request whose answer is in doubt; 95: nothing of the amount stands',
  }),
  settlement: { ...settlement, mti: '0520' },
  keyExchange: { ...keyExchangeMessage(known.signOn, as2805Keys), mti: '0820' },
}
