// The hosts' reports of the merchants' money, as a result has them: terms in the words of a scenario.

import type { FundsReport } from '../../acquirer/settlement/funds-report.js'
import {
  cycleText,
  type DayWindow,
  feesText,
  rateText,
  type SettlementCycle,
  type Terms,
  timeText,
  windowText,
} from '../../acquirer/settlement/options.js'
import { currencyLetters } from '../../base/currencies.js'
import { formatMoney } from '../../base/units.js'
import { type Funds, sumFunds, type TermRow } from '../../measure/money/merchant-funds.js'

/** One report for each ledger; null where nobody is paid, or a ledger cannot be seen. */
export function fundsOfHosts(
  reports: readonly (FundsReport | undefined)[] | undefined,
  numericCurrency: string,
): Funds | null {
  const known = (reports ?? []).filter((report) => report !== undefined)
  if (reports === undefined || known.length === 0 || known.length < reports.length) return null
  const currency = currencyLetters(numericCurrency) ?? numericCurrency
  const differences = known.flatMap((report) =>
    report.differences.map(
      ({ merchant = null, term, configured, contract }): TermRow => ({
        ...{ merchant, term },
        configured: termText(term, configured, currency),
        contract: termText(term, contract, currency),
      }),
    ),
  )
  const rows = known.flatMap(({ merchants }) =>
    merchants.map(({ heldSince: _, holds, ...row }) => ({
      ...row,
      holds: holds.map(({ amount: amountMinor, ...hold }) => ({ ...hold, amountMinor })),
    })),
  )
  return sumFunds(currency, rows, unique(differences))
}

/** Hosts that have the same terms say the same of them. */
function unique(rows: readonly TermRow[]): readonly TermRow[] {
  return [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
}

/** As a scenario spells it. */
function termText(term: keyof Terms, value: Terms[keyof Terms], currency: string): string | null {
  if (value === undefined) return null
  if (term === 'window') return windowText(value as DayWindow)
  if (term === 'fees') return feesText(value as Terms['fees'], currency)
  if (Array.isArray(value)) return value.join(', ')
  if (typeof value === 'object') return cycleText(value as SettlementCycle)
  if (typeof value === 'string') return value
  if (term === 'feeRate') return rateText(value as number)
  if (term === 'cutOff' || term === 'payAt') return timeText(value as number)
  return formatMoney({ minor: value as number, currency })
}
