// Fields get other values, or come to be there at all.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { deliverChanged } from './changed.js'

export const changeField = defineMessageFault({
  type: 'change_field',
  level: 'message',
  about: 'fields are set to other values',
  attributes: z.strictObject({
    fields: z
      .record(z.string().regex(/^\d{1,3}$/, 'expected the number of a field such as "38"'), z.string())
      .describe('field number to value'),
  }),
  direction: 'answer',
  start:
    ({ fields }) =>
    (message) =>
      deliverChanged(
        message,
        message.rewrite((whole) => ({ ...whole, fields: { ...whole.fields, ...fields } })),
      ),
})
