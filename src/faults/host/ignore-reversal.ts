// A host that lies: it acknowledges a reversal and undoes nothing. The card stays charged, and the merchant is paid.

import { z } from 'zod'
import { defineHostFault } from '../fault.js'

export const ignoreReversal = defineHostFault({
  type: 'ignore_reversal',
  level: 'host',
  about: 'acknowledges reversals and undoes nothing',
  attributes: z.strictObject({}),
  state: () => ({ ignoresReversals: true }),
})
