// Fields are missing.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { deliverChanged } from './changed.js'

export const removeField = defineMessageFault({
  type: 'remove_field',
  level: 'message',
  about: 'fields are missing',
  attributes: z.strictObject({ fields: z.array(z.int().min(2).max(192)).min(1).max(191).describe('field numbers') }),
  direction: 'answer',
  start:
    ({ fields }) =>
    (message) => {
      if (!fields.some((field) => message.peek.has(field))) return undefined
      const gone = new Set(fields.map(String))
      return deliverChanged(
        message,
        message.rewrite((whole) => ({
          ...whole,
          fields: Object.fromEntries(Object.entries(whole.fields).filter(([field]) => !gone.has(field))),
        })),
      )
    },
})
