// Delays data by `latency`, give or take `jitter`. Same attributes as Toxiproxy's, and distributions beyond the even one.

import { z } from 'zod'
import { optionalTime } from '../attributes.js'
import { defineLineFault } from '../fault.js'
import { createDelays, distributions } from './delays.js'

export const latency = defineLineFault({
  type: 'latency',
  level: 'line',
  about: 'data, ends and connects arrive later, one way',
  attributes: z.strictObject({
    latency: optionalTime('250ms').describe('one way'),
    jitter: optionalTime('50ms').describe('give or take; the standard deviation of normal and pareto'),
    distribution: z.enum(distributions).default('uniform'),
  }),
  units: { latency: 'ms', jitter: 'ms' },

  start({ latency: base, jitter, distribution }, { random }) {
    const draw = createDelays({ base, jitter, distribution }, random)
    let releasedAt = 0
    // A chunk never overtakes the one before it, because TCP would not let it.
    const release = (arrivedAt: number) => {
      releasedAt = Math.max(releasedAt, arrivedAt + draw())
      return releasedAt
    }

    return {
      connect: () => ({ do: 'open', afterMs: draw() }),
      chunk: ({ bytes, arrivedAt }) => [{ do: 'deliver', bytes, at: release(arrivedAt) }],
      end: (at) => [{ do: 'end', at: release(at) }],
    }
  },
})
