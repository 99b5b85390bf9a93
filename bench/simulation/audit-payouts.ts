// Whether merchants got what their sales came to, no more and no less: read from the ledger's file, by sums alone.

import { DatabaseSync } from '@photostructure/sqlite'

interface MerchantSums {
  readonly merchant: string
  readonly account: number
  readonly paid: number
  readonly gross: number
  readonly refunds: number
  /** The gross amount of all that counts as paid, with what was reversed since and is not taken back yet. */
  readonly dueGross: number
  readonly dueRefunds: number
  /** Money that was put into the account; chargebacks that payouts were made less by, and what these say of them. */
  readonly topUps: number
  readonly chargedBack: number
  readonly takenBack: number
  /** Sales behind those that count as paid. */
  readonly unpaid: number
}

const signed = "CASE e.effect WHEN 'void' THEN -1 ELSE 1 END"
const isSale = "e.effect IN ('charge', 'capture', 'void')"

const sumOf = (what: string, from: string) => `(SELECT coalesce(sum(${what}), 0) FROM ${from})`
const entries = `entry e WHERE e.merchant = m.id AND e.state = 'charged'`
const isMissed = 'EXISTS (SELECT 1 FROM missed d WHERE d.entry = e.id)'
/** In force, and counted as paid. */
const paidEntries = `${entries} AND e.id <= m.paid_entry AND NOT ${isMissed}`
const reversals = `reversal r JOIN entry e ON e.id = r.entry
  WHERE r.merchant = m.id AND r.id > m.paid_reversal AND e.id <= m.paid_entry AND NOT ${isMissed}`

const sums = `
  SELECT m.merchant, m.account,
    ${sumOf('amount', 'payout WHERE merchant = m.id')} AS paid,
    ${sumOf('gross', 'payout WHERE merchant = m.id')} AS gross,
    ${sumOf('refunds', 'payout WHERE merchant = m.id')} AS refunds,
    ${sumOf(`e.amount * ${signed}`, `${paidEntries} AND ${isSale}`)}
      + ${sumOf(`r.amount * ${signed}`, `${reversals} AND ${isSale}`)} AS dueGross,
    ${sumOf('e.amount', `${paidEntries} AND e.effect = 'refund'`)}
      + ${sumOf('r.amount', `${reversals} AND e.effect = 'refund'`)} AS dueRefunds,
    ${sumOf('amount', "adjustment WHERE merchant = m.id AND kind = 'top-up'")} AS topUps,
    ${sumOf('amount', "adjustment WHERE merchant = m.id AND kind = 'chargeback' AND payout IS NOT NULL")} AS chargedBack,
    ${sumOf('chargebacks', 'payout WHERE merchant = m.id')} AS takenBack,
    ${sumOf('1', `${entries} AND (e.id > m.paid_entry OR ${isMissed}) AND ${isSale} AND m.hold IS NULL`)} AS unpaid
  FROM merchant m`

/**
 * Sentences, one for each thing that is wrong about a merchant's money. `isPrompt`: every cycle has passed since the last
 * sale, so that nothing may be left that is not held.
 */
export function auditPayouts(ledgerFile: string, isPrompt: boolean): readonly string[] {
  const database = new DatabaseSync(ledgerFile)
  try {
    return (database.prepare(sums).all() as MerchantSums[]).flatMap((sum) => problemsOf(sum, isPrompt))
  } finally {
    database.close()
  }
}

function problemsOf(sum: MerchantSums, isPrompt: boolean): readonly string[] {
  const { merchant, account, paid, topUps, gross, refunds, dueGross, dueRefunds, chargedBack, takenBack, unpaid } = sum
  return [
    ...(account === paid + topUps
      ? []
      : [`merchant ${merchant}: payouts of ${paid} and top-ups of ${topUps}, but ${account} in the account`]),
    ...(chargedBack === takenBack
      ? []
      : [`merchant ${merchant}: ${takenBack} taken back, but ${chargedBack} were charged back`]),
    ...(gross === dueGross ? [] : [`merchant ${merchant}: paid for ${gross}, but its sales come to ${dueGross}`]),
    ...(refunds === dueRefunds ? [] : [`merchant ${merchant}: ${refunds} taken back, but refunds are ${dueRefunds}`]),
    ...(isPrompt && unpaid > 0 ? [`merchant ${merchant}: ${unpaid} sales are not paid`] : []),
  ]
}
