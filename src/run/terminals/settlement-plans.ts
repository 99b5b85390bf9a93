// The messages that close a terminal's day. Each stands in the list once for every time it is sent before the terminal gives up.

import { UsageError } from '../../base/errors.js'
import type { DialectRules } from '../../codec/dialect.js'
import type { MessagePlan } from '../../terminal/requests/message-plan.js'
import type { Attempts, SettlementPlans } from '../../terminal/settlement/settlement.js'
import type { PlannedMessages } from './planned-messages.js'

/** Throws UsageError where the dialect has no settlement. */
export function settlementPlans(plan: PlannedMessages['plan'], { ledger }: DialectRules): SettlementPlans {
  const [first, records, end] = [plan('settlement'), plan('batchUpload'), plan('batchEnd')]
  if (first === undefined) {
    throw new UsageError('the dialect has no settlement message', { where: 'terminals.settle:' })
  }
  const settlement = attemptsOf(first, plan, ledger?.totals.sentAs)
  if (records === undefined || end === undefined) return { settlement }
  return { settlement, upload: { records: threeTimes(records), end: threeTimes(end) } }
}

/** A scenario that lays a message of its own over the dialect's, with another MTI, wants that one and no other. */
function attemptsOf(first: MessagePlan, plan: PlannedMessages['plan'], sentAs: readonly string[] = []): Attempts {
  const [mti, ...later] = sentAs
  if (mti !== first.mti) return threeTimes(first)
  return [first, ...later.flatMap((each) => plan(first.name, each) ?? [])]
}

const threeTimes = (plan: MessagePlan): Attempts => [plan, plan, plan]
