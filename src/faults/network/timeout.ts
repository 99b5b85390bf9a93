// Swallows all data and closes after a time; taking the fault away closes too, because what was swallowed is gone.

import { z } from 'zod'
import { optionalTime } from '../attributes.js'
import { defineLineFault } from '../fault.js'

export const timeout = defineLineFault({
  type: 'timeout',
  level: 'line',
  about: 'data is swallowed, and the connection closed after `timeout`; 0s: never',
  attributes: z.strictObject({ timeout: optionalTime('5s') }),
  units: { timeout: 'ms' },
  onRemove: 'fin',
  start: ({ timeout: afterMs }) => ({
    begin: (at) => (afterMs > 0 ? [{ do: 'close', at: at + afterMs, how: 'fin' }] : undefined),
    chunk: () => [],
    end: () => [],
  }),
})
