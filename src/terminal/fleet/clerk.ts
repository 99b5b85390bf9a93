// The clerk at the terminals: errs now and then, is told so by the terminal's own checks or by the host, and tries again.

import type { Clock } from '../../base/clock.js'
import type { Random } from '../../base/random.js'
import type { Zone } from '../../base/zone.js'
import { type CheckData, compileDataChecks, type DataProblem } from '../../codec/checks/data-checks.js'
import type { Peek } from '../../codec/codec.js'
import type { DialectRules } from '../../codec/dialect.js'
import type { Sample } from '../../measure/sample.js'
import type { Mistake } from '../options/mistakes.js'
import type { TerminalOptions } from '../options/options.js'
import type { MessagePlan } from '../requests/message-plan.js'
import type { Request } from '../requests/request.js'

/** A mistake in one message, ready to be sent. */
export interface PlannedMistake extends Pick<Mistake, 'kind' | 'name' | 'entered'> {
  /** The message as it is sent then. */
  readonly plan: MessagePlan
}

export interface Clerk {
  /** The mistake in this try; undefined when there is none. `tries`: how many there were before it. */
  errs(plan: MessagePlan, tries: number): PlannedMistake | undefined
  /** The problem that the terminal's own checks find in a request, before it is sent. */
  finds(request: Request): DataProblem | undefined
  /**
   * Milliseconds to the next try; undefined when there is none. `tries`: how many there were. An answer that says in words
   * what is wrong spares the clerk the search for it.
   */
  triesAgainAfter(
    mistake: PlannedMistake | undefined,
    refused: { readonly sample: Sample; readonly answer: Peek | undefined },
    tries: number,
  ): number | undefined
  /** Milliseconds until what the terminal has found is entered rightly. */
  readonly checkMs: number
}

export interface ClerkOptions {
  readonly options: Pick<TerminalOptions, 'dataErrors' | 'checks' | 'checkTime'>
  readonly rules: DialectRules
  /** The mistakes that are possible in each message. */
  readonly mistakes: ReadonlyMap<MessagePlan, readonly PlannedMistake[]>
  readonly clock: Pick<Clock, 'wall'>
  readonly zone: Zone
  readonly random: Random
}

export function createClerk({ options, rules, mistakes, clock, zone, random }: ClerkOptions): Clerk {
  const { dataErrors, checks, checkTime } = options
  const { hint } = rules.dataChecks ?? {}
  const monthOf = zone.formatter('YYMM')
  const check: CheckData =
    checks === undefined || rules.dataChecks === undefined
      ? () => undefined
      : compileDataChecks(rules.dataChecks, rules.currency, checks)

  return {
    checkMs: checkTime,
    errs(plan, tries) {
      const possible = mistakes.get(plan)
      if (dataErrors === undefined || possible === undefined) return undefined
      // Whoever is shown for the last time what is wrong has it right then.
      if (tries > 0 && tries >= dataErrors.retries) return undefined
      if (!random.chance(dataErrors.share)) return undefined
      const kinds = [...new Set(possible.map(({ kind }) => kind))]
      const kind = kinds[random.below(kinds.length)]
      const ofKind = possible.filter((mistake) => mistake.kind === kind)
      return ofKind[random.below(ofKind.length)]
    },
    finds: (request) => (checks === undefined ? undefined : check(viewOf(request), monthOf(clock.wall()))),
    triesAgainAfter(mistake, { sample: { outcome, retryCode }, answer }, tries) {
      if (mistake === undefined || dataErrors === undefined || tries > dataErrors.retries) return undefined
      if (outcome !== 'declined' || retryCode) return undefined
      return hint !== undefined && answer?.has(hint.field) === true ? checkTime : dataErrors.think
    },
  }
}

/** A request as checks read messages. */
function viewOf({ plan, values }: Request): Peek {
  const text = (field: number) => plan.valueOf(field, values)
  return { mti: plan.mti, has: (field) => text(field) !== undefined, text, raw: () => undefined }
}
