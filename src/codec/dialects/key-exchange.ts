// A key exchange in a message of its own (ISO 8583:1987, 0800 with data element 70): data in, data out.
//
// The answer brings PIN key and MAC key in one field, enciphered under the terminal's master key, each with its check
// value. `dialectRules: { signOn: keyExchange }` makes it the first message of a terminal.

import type { AnswerRule, MessageDefinition } from '../dialect.js'
import type { SecurityRules } from '../rules/security-rules.js'

interface KeyExchange {
  /** Data element 70. */
  readonly code: string
  /** Where the answer has the keys, in hex. */
  readonly keysIn: number
  /** Bytes of each key. */
  readonly keyBytes: { readonly pik: number; readonly mak: number }
}

/** The message, from the sign-on of the same dialect. */
export const keyExchangeMessage = (signOn: MessageDefinition, { code }: KeyExchange): MessageDefinition => ({
  about: 'asks for working keys',
  mti: signOn.mti,
  fields: { ...signOn.fields, 70: code },
})

/** The answer, before any other of class 8 in a list of rules. */
export const keyExchangeAnswer = (networkManagement: AnswerRule, { code, keysIn }: KeyExchange): AnswerRule => ({
  ...networkManagement,
  request: { ...networkManagement.request, 70: code },
  setWhenApproved: { [keysIn]: '{workingKeys}' },
})

export const keyExchangeSecurity = (
  security: SecurityRules,
  { code, keysIn, keyBytes }: KeyExchange,
): SecurityRules => ({
  ...security,
  signOnKeys: { field: keysIn, scheme: { field: 70 }, schemes: { [code]: keyBytes } },
})
