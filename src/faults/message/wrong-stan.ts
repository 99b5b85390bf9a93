// An answer to a question that nobody asked: its trace number (11) is another.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { addToField } from './changed.js'

export const wrongStan = defineMessageFault({
  type: 'wrong_stan',
  level: 'message',
  about: 'the trace number (DE11) is another',
  attributes: z.strictObject({ by: z.int().min(-999_999).max(999_999).default(1).describe('added to it') }),
  direction: 'answer',
  start: addToField(11),
})
