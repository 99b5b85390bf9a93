// The other side is gone and nobody was told: silence without a close. When it is back, it knows no such connection.

import { z } from 'zod'
import { defineLineFault } from '../fault.js'

export const halfOpen = defineLineFault({
  type: 'half_open',
  level: 'line',
  about: 'silence without a close; when the fault is taken away the connection is reset',
  attributes: z.strictObject({}),
  onRemove: 'rst',
  start: () => ({
    begin: () => [],
    chunk: () => [],
    end: () => [],
  }),
})
