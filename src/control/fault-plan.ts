// A plan of faults from the body of a request: the `faults:` section of a scenario as JSON.

import type { FaultSpec } from '../faults/chain.js'
import { faultsSchema } from '../faults/options.js'
import { ApiError, apiErrors } from './api-error.js'
import { mapOf } from './toxic.js'

/** Faults of one plan: every message passes all of them. */
const maxFaults = 1000

/** `{ "faults": [ … ] }`. Durations carry their units, as in a scenario. Throws ApiError 400 with what is wrong and where. */
export function readFaultPlan(body: unknown): readonly FaultSpec[] {
  const checked = faultsSchema.safeParse(mapOf(body).faults)
  if (checked.success) {
    if (checked.data.length <= maxFaults) return checked.data
    throw new ApiError(413, `faults: more than ${maxFaults}`)
  }
  const [issue] = checked.error.issues
  const where = issue?.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('') ?? ''
  throw apiErrors.badBody(`faults${where}: ${issue?.message ?? 'expected a list'}`)
}
