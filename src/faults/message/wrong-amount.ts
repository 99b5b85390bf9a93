// The amount (4) is another: what was approved is not what was asked.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'
import { addToField } from './changed.js'

export const wrongAmount = defineMessageFault({
  type: 'wrong_amount',
  level: 'message',
  about: 'the amount (DE4) is another',
  attributes: z.strictObject({ by: z.int().min(-1e11).max(1e11).default(1).describe('minor units added to it') }),
  direction: 'answer',
  start: addToField(4),
})
