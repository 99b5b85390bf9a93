// The answer says something else: whatever the host decided, the terminal reads this code.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { deliverChanged, withField } from './changed.js'

export const responseCode = defineMessageFault({
  type: 'response_code',
  level: 'message',
  about: 'the response code (DE39) is another',
  attributes: z.strictObject({ code: z.string().min(1).max(4) }),
  direction: 'answer',
  start:
    ({ code }) =>
    (message) => {
      const { responseCode: field } = message.dialect
      if (!message.peek.has(field) || message.peek.text(field) === code) return undefined
      return deliverChanged(
        message,
        message.rewrite((whole) => withField(whole, field, code)),
      )
    },
})
