// Whether an answer can be trusted: it carries the MAC that it must carry, and the MAC is right.

import type { Codec } from '../../codec/codec.js'
import type { DialectRules } from '../../codec/dialect.js'
import type { Mac } from '../../crypto/mac/mac.js'
import type { MacFields } from '../../transport/wire/mac-field.js'
import type { Received } from '../../transport/wire/wire.js'
import type { Judgement } from '../judgement.js'
import type { GuardedPlan } from './guard.js'

/** Why an answer that was approved or declined is not usable after all. */
export const badMacReason = 'bad MAC'
export const missingMacReason = 'answer without MAC'

/** `isAskedFor`: an answer must carry a MAC. A host that gave no keys cannot be asked to know the built-in ones. */
export function checkAnswerMac(
  { codec, macFields }: { readonly codec: Codec; readonly macFields: MacFields },
  answer: { plan: GuardedPlan; received: Received; judgement: Judgement },
  mac: () => Mac,
  { isAskedFor }: { isAskedFor: boolean },
): Judgement {
  const { plan, judgement } = answer
  const { peek, body } = answer.received
  if (plan.macField === undefined || peek === undefined || !isChecked(codec.dialect.rules, judgement)) return judgement
  const field = macFields.of(peek)
  if (field === undefined) return isAskedFor ? unusable(missingMacReason) : judgement
  return macFields.isSigned(mac(), field, body) ? judgement : unusable(badMacReason)
}

/** A host that could not verify our MAC has no key in common with us, and cannot sign that it says so. */
function isChecked({ codes, security }: DialectRules, { outcome, code }: Judgement): boolean {
  if (outcome === 'failed' || code === codes.macError) return false
  return outcome === 'approved' || security?.mac?.answers === 'all'
}

const unusable = (reason: string): Judgement => ({ outcome: 'failed', code: undefined, retryCode: false, reason })
