// The messages that an institution sends to China UnionPay's switch.
//
// 32 is the acquirer, 33 who sends, 100 who receives. 60: reason 4, then the terminal's reading capability 5 (stripe and
// chip), and how the card was read. 90 names the original by MTI, trace number, time of transmission and institutions.

import type { MessageDefinition } from '../dialect.js'
import { chipTags, pbocProfile } from './chip-data.js'
import { cupsKeys } from './cups-rules.js'
import { iso87Messages } from './iso87-messages.js'
import { keyExchangeMessage } from './key-exchange.js'
import { addFields, isFinancial, isReversal, mapMessages, varyFields } from './vary-messages.js'

/** A made-up institution, as in the header. */
const institution = '99990001'
const institutions = institution.padStart(11, '0').repeat(2)

const named = varyFields(iso87Messages, {
  55: chipTags(pbocProfile),
  56: null,
  90: `{original.mti}{original.stan}{original.7}${institutions}`,
  95: null,
})

const routed = {
  18: '5999',
  32: institution,
  33: institution,
  60: '000050006000000000000004011000',
  100: '00010000',
}

const {
  settlement: _settled,
  payoutAdvice: _paid,
  preauth,
  reversal,
  signOn,
  signOff,
  echo,
  ...others
} = addFields(named, routed, (message) => isFinancial(message) || isReversal(message))

/** Sign-on, sign-off and line test are 0820; 0800 changes keys. The institution sends them, and no terminal. */
const network = mapMessages({ signOn, signOff, echo }, ({ fields, ...message }) => ({
  ...message,
  mti: '0820',
  fields: { ...fields, 33: institution },
}))

export const cupsMessages = {
  ...network,
  ...others,
  // 预授权 has a processing code of its own.
  preauth: { ...preauth, fields: { ...preauth.fields, 3: '030000' } },
  reversal: { ...reversal, about: '冲正通知, undoes a request whose answer is in doubt' },
  keyExchange: {
    ...keyExchangeMessage(network.signOn, cupsKeys),
    about: '重置密钥, asks for working keys',
    mti: '0800',
  },
} satisfies Record<string, MessageDefinition>
