// The message vanishes: the host has worked, and nobody hears of it; or, as a request, the host never knew.

import { z } from 'zod'
import { defineMessageFault } from '../fault.js'

export const noAnswer = defineMessageFault({
  type: 'no_answer',
  level: 'message',
  about: 'the message vanishes',
  attributes: z.strictObject({}),
  direction: 'answer',
  start: () => () => [],
})
