// The answer comes when the terminal has given up. The timer began before the answer was made, so its length is enough.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'
import { defineMessageFault } from '../fault.js'

/** Where nobody knows the timer: the wait that terminals of China UnionPay have by default. */
const usualTimeoutMs = 30_000

export const lateAnswer = defineMessageFault({
  type: 'late_answer',
  level: 'message',
  about: 'the answer comes after the terminal gave up',
  attributes: z.strictObject({
    timeout: duration('30s')
      .optional()
      .describe("the terminals' timer; left out: as the scenario says, 30s where there is none"),
    by: duration('1s').default(1000).describe('how long after it'),
  }),
  units: { timeout: 'ms', by: 'ms' },
  direction: 'answer',
  start({ timeout, by }, { peerTimeoutMs }) {
    const lateMs = (timeout ?? peerTimeoutMs ?? usualTimeoutMs) + by
    return ({ raw, arrivedAt }) => [{ do: 'deliver', bytes: raw, at: arrivedAt + lateMs }]
  },
})
