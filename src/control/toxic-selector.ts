// The selector keys that a toxic may carry among its attributes: which messages it hits, and when.

import { z } from 'zod'
import { selectorShape } from '../faults/selector.js'

const { match, first, nth, from, for: lasting, at, every } = selectorShape

/** `direction` is the toxic's stream, `share` its toxicity. Times count from when the toxic was added. */
export const selectorSchema = z.strictObject({
  match,
  first,
  nth,
  from,
  for: lasting,
  at,
  every,
  remac: z.boolean().optional(),
})
