// Some of the workers are missing; those at work finish what they have.

import { z } from 'zod'
import { defineHostFault } from '../fault.js'

export const capacity = defineHostFault({
  type: 'capacity',
  level: 'host',
  about: 'fewer workers; with none left, requests wait',
  attributes: z.strictObject({ minus: z.int().min(1).max(100_000).describe('workers that are missing') }),
  state: ({ minus }) => ({ workersLost: minus }),
})
