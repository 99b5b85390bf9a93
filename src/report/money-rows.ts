// What a report says of money: reversals, settlements and books, in words. Nothing where there was no money.

import type { Result } from '../measure/result.js'
import { formatCount } from './figures.js'

type MoneyRow = readonly [what: string, text: string]

export function moneyRows({ reversals, settlements, books }: Result): readonly MoneyRow[] {
  const rows: MoneyRow[] = []
  if (reversals !== null && reversals.created > 0) {
    const { created, acknowledged, pending } = reversals
    rows.push(['reversals', `${formatCount(created)}, acknowledged ${formatCount(acknowledged)}, pending ${pending}`])
  }
  if (settlements !== null) {
    const { balanced, outOfBalance, unknown } = settlements
    rows.push(['settlements', `balanced ${balanced}, out of balance ${outOfBalance}, no verdict ${unknown}`])
  }
  if (books !== null && books.terminal.transactions > 0) rows.push(['books', verdict(books)])
  return rows
}

/** The kinds of difference in words. */
const kinds = {
  chargedButNotKnown: 'charged but not known to the terminal',
  knownButNotCharged: 'known to the terminal but not charged',
  amountDiffers: 'of another amount',
  chargedTwice: 'charged twice',
  reversalPending: 'with a reversal pending',
  totalsDiffer: 'batches whose totals differ',
}

function verdict({ agree, counts, terminal, because }: NonNullable<Result['books']>): string {
  const size = `${formatCount(terminal.transactions)} transactions`
  if (agree === null) return `not known, ${because ?? 'the host does not say'} (${size})`
  if (agree) return `agree (${size})`
  const found = Object.entries(counts).filter(([, count]) => count > 0)
  return `DO NOT AGREE: ${found.map(([kind, count]) => `${formatCount(count)} ${kinds[kind as keyof typeof kinds]}`).join(', ')}`
}
