// A request as the terminal sends it.

import type { Guard } from '../keys/guard.js'
import type { MessagePlan } from './message-plan.js'

/** The value of a field in a request; undefined where the message has no such field. */
export const valueIn = (field: number, { plan, values }: Pick<Request, 'plan' | 'values'>): string | undefined =>
  plan.valueOf(field, values)

/** A request on its way out: its plan, and the values of its gaps. */
export interface Request {
  readonly plan: MessagePlan
  readonly values: readonly string[]
  readonly key: string
  readonly stan: string | undefined
  /** The terminal's batch when the request was made: a sign-on may open another one before the answer comes. */
  readonly batch: string
  /** The keys of the terminal; undefined in a run without any. */
  readonly guard?: Guard | undefined
}
