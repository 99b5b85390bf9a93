// Whether merchants got what their sales came to, no more and no less: read from the ledger's file, by sums alone.

import { DatabaseSync } from '@photostructure/sqlite'

interface MerchantSums {
  readonly merchant: string
  readonly account: number
  readonly paid: number
  readonly gross: number
  readonly refunds: number
  readonly owedGross: number
  readonly owedRefunds: number
}

const sums = `
  SELECT m.merchant, m.account,
    (SELECT coalesce(sum(amount), 0) FROM payout WHERE merchant = m.id) AS paid,
    (SELECT coalesce(sum(gross), 0) FROM payout WHERE merchant = m.id) AS gross,
    (SELECT coalesce(sum(refunds), 0) FROM payout WHERE merchant = m.id) AS refunds,
    (SELECT coalesce(sum(CASE WHEN effect = 'void' THEN -amount ELSE amount END), 0) FROM entry
      WHERE merchant = m.id AND state = 'charged' AND effect IN ('charge', 'capture', 'void')) AS owedGross,
    (SELECT coalesce(sum(amount), 0) FROM entry
      WHERE merchant = m.id AND state = 'charged' AND effect = 'refund') AS owedRefunds
  FROM merchant m WHERE m.hold IS NULL`

/** Sentences, one for each merchant whose money is wrong. To be asked when every cycle has passed since the last sale. */
export function auditPayouts(ledgerFile: string): readonly string[] {
  const database = new DatabaseSync(ledgerFile)
  try {
    return (database.prepare(sums).all() as MerchantSums[]).flatMap(problemsOf)
  } finally {
    database.close()
  }
}

function problemsOf(sum: MerchantSums): readonly string[] {
  const { merchant, account, paid, gross, refunds, owedGross, owedRefunds } = sum
  return [
    ...(account === paid ? [] : [`merchant ${merchant}: payouts of ${paid}, but ${account} in the account`]),
    ...(gross === owedGross ? [] : [`merchant ${merchant}: paid for ${gross}, but sales come to ${owedGross}`]),
    ...(refunds === owedRefunds ? [] : [`merchant ${merchant}: ${refunds} taken back, but refunds are ${owedRefunds}`]),
  ]
}
