// The retrieval reference number (37) is another: later voids and disputes name a transaction that does not exist.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { addToField } from './changed.js'

export const wrongRrn = defineMessageFault({
  type: 'wrong_rrn',
  level: 'message',
  about: 'the retrieval reference number (DE37) is another',
  attributes: z.strictObject({ by: z.int().min(-999_999).max(999_999).default(1).describe('added to it') }),
  direction: 'answer',
  start: addToField(37),
})
