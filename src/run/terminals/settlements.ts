// When terminals settle, with which rows, and what of it is in the journal.

import type { DialectRules } from '../../codec/dialect.js'
import type { BookKeeper } from '../../measure/money/book-keeper.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Journal } from '../../terminal/journal/journal.js'
import { inOpenBatches, type Unanswered, unansweredRows, unsettledRows } from '../../terminal/journal/settled-rows.js'
import { inKinds } from '../../terminal/requests/posting-of.js'
import {
  type SettledTerminal,
  type SettlementRecord,
  type SettleOptions,
  settleAgain,
  settleAll,
} from '../../terminal/settlement/settlement.js'
import type { StartUpPace } from '../../terminal/sign-on/start-up.js'
import type { PlannedMessages } from './planned-messages.js'
import { settlementPlans } from './settlement-plans.js'

export interface FleetSettlement {
  /**
   * Reconciles every terminal that has traded with the host; before that, what an earlier run had told and heard nothing of.
   * Throws UsageError where the dialect has no settlement.
   */
  settle(pace: StartUpPace): Promise<readonly SettledTerminal[]>
  /** Terminals whose totals a later process can tell again. */
  unanswered(): number
}

export function createSettlements(
  options: Omit<SettleOptions, 'rows' | 'plans' | 'record' | 'pace'> & {
    readonly rules: DialectRules
    readonly plan: PlannedMessages['plan']
    readonly journal: Journal
    /** The journal outlives this process. */
    readonly isKept: boolean
    readonly books: Pick<BookKeeper, 'rows'>
  },
): FleetSettlement {
  const { rules, plan, terminals, journal, books } = options
  const record = recordIn(journal)
  const rowsOf = (rows: Iterable<BookRow>) => inKinds(rows, plan)
  const again = async (asked: Omit<SettleOptions, 'rows'>) => {
    const { settlements } = journal
    const [{ fields }] = asked.plans.settlement
    // A message of other fields is another one.
    const isSame = ({ message }: Unanswered) => message.fields.join() === fields.join()
    const unanswered = new Map([...settlements.unanswered].filter(([, each]) => isSame(each)))
    const told = { rows: settlements.rows, unanswered }
    const rows = rowsOf(unansweredRows(books.rows(), told))
    return await settleAgain({ ...asked, rows, unanswered, all: rowsOf(unsettledRows(books.rows(), settlements)) })
  }
  return {
    unanswered: () => (options.isKept ? journal.settlements.unanswered.size : 0),
    async settle(pace) {
      const asked = { ...options, plans: settlementPlans(plan, rules), record, pace }
      const told = journal.settlements.unanswered.size === 0 ? [] : await again(asked)
      // A host that says nothing of what it was told before is not told more.
      const { unanswered } = journal.settlements
      const silent = new Set(told.flatMap(({ terminal: { id } }) => (unanswered.has(id) ? [id] : [])))
      const heard = terminals.filter(({ id }) => !silent.has(id))
      const { settlements } = journal
      const rows = rowsOf(inOpenBatches(unsettledRows(books.rows(), settlements), settlements))
      return [...told, ...(await settleAll({ ...asked, terminals: heard, rows }))]
    },
  }
}

const recordIn = (journal: Journal): SettlementRecord => ({
  telling: ({ id }, message) =>
    new Promise((resolve) => journal.settling(id, message, (error) => resolve(error === undefined))),
  refused: ({ id }) => journal.settling(id, null),
  // Whoever starts again and hears nothing at its sign-on would trade on in the batch that is closed.
  closed({ id, batch: next, stan }, batch) {
    journal.settled(id, batch)
    journal.numbers(id, next, stan)
  },
})
