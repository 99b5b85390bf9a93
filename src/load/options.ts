// The `load:` section of a scenario: phases one after another, or during each other.

import { z } from 'zod'
import { duration, rate } from '../base/unit-schemas.js'

const common = {
  merchant: z.string().min(1).optional().describe('arrivals of this merchant only'),
  during: z.boolean().optional().describe('true: starts together with the phase before it instead of after it'),
}

const ramp = z.strictObject({
  ...common,
  ramp: z.strictObject({
    from: rate('10/s'),
    to: rate('500/s'),
    over: duration('20s'),
    arrivals: z.enum(['constant', 'poisson']).default('constant'),
  }),
})

const hold = z.strictObject({
  ...common,
  hold: z.strictObject({
    rate: rate('500/s'),
    for: duration('60s'),
    arrivals: z.enum(['constant', 'poisson']).default('constant'),
  }),
})

const concurrency = z.strictObject({
  ...common,
  concurrency: z.strictObject({
    terminals: z.int().min(1).max(100_000),
    for: duration('30s'),
    think: duration('2s').default(0).describe('pause between an answer and the next card at the same terminal'),
  }),
})

const replay = z.strictObject({
  ...common,
  replay: z.string().min(1).describe('file that `isochron proxy --record` wrote: its requests at their times'),
  speed: z.number().positive().max(1000).default(1).describe('2: twice as fast as recorded'),
})

export const phaseSchema = z.union([ramp, hold, concurrency, replay])
export const loadSchema = z.array(phaseSchema).min(1)

/** One entry of `load:` as read: durations in ms, rates per second. */
export type PhaseOptions = z.output<typeof phaseSchema>
