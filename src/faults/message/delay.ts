// One message is late; those behind it are not, and overtake it.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { optionalTime } from '../attributes.js'
import { defineMessageFault } from '../fault.js'
import { createDelays, distributions } from '../network/delays.js'

export const delay = defineMessageFault({
  type: 'delay',
  level: 'message',
  about: 'the message is late; others overtake it',
  attributes: z.strictObject({
    delay: duration('5s'),
    jitter: optionalTime('1s').describe('give or take; the standard deviation of normal and pareto'),
    distribution: z.enum(distributions).default('uniform'),
  }),
  units: { delay: 'ms', jitter: 'ms' },
  direction: 'answer',
  start({ delay: base, jitter, distribution }, { random }) {
    const draw = createDelays({ base, jitter, distribution }, random)
    return ({ raw, arrivedAt }) => [{ do: 'deliver', bytes: raw, at: arrivedAt + draw() }]
  },
})
