// The bytes of a request as they leave: the planned message with its values filled in, and signed when it carries a MAC.

import type { Guard } from '../keys/guard.js'
import type { MessagePlan } from '../requests/message-plan.js'

export interface Writable {
  readonly plan: Pick<MessagePlan, 'template' | 'macField'>
  readonly values: readonly string[]
  readonly guard?: Guard | undefined
}

/** Writes MTI to last field at `at` and returns the end. Throws PackError for a value, CryptoError for a missing key. */
export function writeRequest({ plan, values, guard }: Writable, target: Uint8Array, at: number): number {
  const end = plan.template.write(target, at, values)
  if (plan.macField !== undefined) guard?.seal(plan.macField, target.subarray(at, end))
  return end
}
