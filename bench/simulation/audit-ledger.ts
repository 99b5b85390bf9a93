// All that a ledger's file must say of the money, whatever happened to the processes around it.

import { termsOf } from '../../src/acquirer/settlement/options.js'
import type { Scenario } from '../../src/scenario/schema.js'
import { auditLaws } from './audit-laws.js'
import { auditPayouts } from './audit-payouts.js'
import { auditTerms } from './audit-terms.js'
import type { Trouble } from './schedule.js'

/** Sentences, each about one thing that is wrong; none when all is well. */
export function auditLedger(file: string, scenario: Scenario, troubles: readonly Trouble[]): readonly string[] {
  const { settlement } = scenario.acquirer
  if (settlement === undefined) return auditLaws(file, scenario)
  // Merchants are paid by a cycle of seconds, and not by a cut-off or a settlement.
  const isPaidPromptly = ['instant', 'every'].includes(settlement.cycle?.kind ?? 'every')
  const isClockSet = troubles.some((trouble) => trouble.kind === 'clockJump' && trouble.who !== 'terminal')
  const startedAt = isClockSet ? undefined : scenario.start
  return [
    ...auditPayouts(file, isPaidPromptly),
    ...auditTerms(file, termsOf(settlement), startedAt),
    ...auditLaws(file, scenario),
  ]
}
