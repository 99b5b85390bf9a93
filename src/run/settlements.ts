// When terminals settle, with which rows, and what of it is in the journal.

import type { DialectRules } from '../codec/dialect.js'
import type { BookKeeper } from '../measure/book-keeper.js'
import type { Journal } from '../terminal/journal.js'
import { inKinds } from '../terminal/posting-of.js'
import { unansweredRows, unsettledRows } from '../terminal/settled-rows.js'
import {
  type Settled,
  type SettlementRecord,
  type SettleOptions,
  settleAgain,
  settleAll,
} from '../terminal/settlement.js'
import type { Pace } from '../terminal/start-up.js'
import type { PlannedMessages } from './planned-messages.js'
import { settlementPlans } from './settlement-plans.js'

export interface Settlements {
  /** Tells the host again the totals that it has not answered in an earlier run: before anybody trades on. */
  settleAgain(pace: Pace): Promise<readonly Settled[]>
  /** Reconciles every terminal that has traded with the host. Throws UsageError where the dialect has no settlement. */
  settle(pace: Pace): Promise<readonly Settled[]>
}

export function createSettlements(
  options: Omit<SettleOptions, 'rows' | 'plans' | 'record' | 'pace'> & {
    readonly rules: DialectRules
    readonly plan: PlannedMessages['plan']
    readonly journal: Journal
    readonly books: Pick<BookKeeper, 'rows'>
  },
): Settlements {
  const { rules, plan, terminals, journal, books } = options
  const asked = (pace: Pace) => ({ ...options, plans: settlementPlans(plan, rules), record: recordIn(journal), pace })
  const again = async (pace: Pace) => {
    const { unanswered } = journal.settlements
    if (unanswered.size === 0) return []
    const rows = inKinds(unansweredRows(books.rows(), journal.settlements), plan)
    return await settleAgain({ ...asked(pace), rows, unanswered })
  }
  return {
    settleAgain: again,
    async settle(pace) {
      const told = await again(pace)
      // A host that says nothing of what it was told before is not told more.
      const { unanswered } = journal.settlements
      const heard = terminals.filter(({ id }) => !unanswered.has(id))
      const rows = inKinds(unsettledRows(books.rows(), journal.settlements), plan)
      return [...told, ...(await settleAll({ ...asked(pace), terminals: heard, rows }))]
    },
  }
}

const recordIn = (journal: Journal): SettlementRecord => ({
  telling: ({ id }, values) =>
    new Promise((resolve) => journal.settling(id, values, (error) => resolve(error === undefined))),
  answered: ({ id }) => journal.settling(id, null),
  // Whoever starts again and hears nothing at its sign-on would trade on in the batch that is closed.
  closed({ id, batch: next, stan }, batch) {
    journal.settled(id, batch)
    journal.numbers(id, next, stan)
  },
})
