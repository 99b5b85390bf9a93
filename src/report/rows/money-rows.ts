// The rows of a report on money: reversals, settlements, books and payouts, in words. None where there was no money.

import { counted } from '../../base/text/counted.js'
import { formatMoney } from '../../base/units.js'
import { acceptedLies, type LieTally } from '../../measure/money/lies.js'
import type { Result } from '../../measure/result.js'
import { formatCount } from '../layout/figures.js'

type MoneyRow = readonly [what: string, text: string]

export function moneyRows({ reversals, settlements, books, lies, funds }: Result): readonly MoneyRow[] {
  const rows: MoneyRow[] = []
  if (reversals !== null && reversals.created > 0) {
    const { created, acknowledged, pending } = reversals
    rows.push(['reversals', `${formatCount(created)}, acknowledged ${formatCount(acknowledged)}, pending ${pending}`])
  }
  if (settlements !== null) {
    const { balanced, outOfBalance, unknown, unanswered = 0 } = settlements
    const silent = unanswered > 0 ? ` (unanswered ${unanswered})` : ''
    rows.push(['settlements', `balanced ${balanced}, out of balance ${outOfBalance}, no verdict ${unknown}${silent}`])
  }
  if (books !== null && books.terminal.transactions > 0) rows.push(['books', booksVerdict(books)])
  // Results of earlier versions have no lies and no funds.
  if (lies) rows.push(['lies', liesText(lies)])
  if (funds) rows.push(...fundsRows(funds))
  return rows
}

function liesText(lies: LieTally): string {
  const told = Object.values(lies).reduce((sum, each) => sum + each.told, 0)
  const accepted = acceptedLies(lies).map(([kind, count]) => `${kind} ${formatCount(count)}`)
  const verdict = accepted.length === 0 ? 'none taken for the truth' : `TAKEN FOR THE TRUTH: ${accepted.join(', ')}`
  return `${formatCount(told)} told, ${verdict}`
}

/** Merchants and terms that are named; all are in the result. */
const mostNamed = 5

function fundsRows({
  merchants,
  merchantCount,
  differences,
  ...sums
}: NonNullable<Result['funds']>): readonly MoneyRow[] {
  const money = (minor: number) => inWords(minor, sums.currency)
  const feesDiffer = merchants.filter(({ feeMinor, contractFeeMinor }) => feeMinor !== contractFeeMinor)
  const held = merchants.filter((row) => row.held !== null)
  const fees = feesDiffer.map(
    ({ merchant, feeMinor, contractFeeMinor }) =>
      `merchant ${merchant}: kept ${money(feeMinor)}, agreed ${money(contractFeeMinor)}`,
  )
  const terms = differences.map(
    ({ merchant, term, configured, contract }) =>
      `${merchant === null ? '' : `merchant ${merchant}: `}${term} ${configured ?? 'not set'}, agreed ${contract ?? 'none'}`,
  )
  const rows: readonly MoneyRow[] = [
    [
      'payouts',
      `${money(sums.paidMinor)} to ${paidTo(merchants, merchantCount)} ${merchantCount === 1 ? 'merchant' : 'merchants'}, fees ${money(sums.feeMinor)}`,
    ],
    ['fees', fees.length === 0 ? '' : `NOT AS AGREED: ${listed(fees)}`],
    ['terms', terms.length === 0 ? '' : `not as agreed: ${listed(terms)}`],
    ['held', listed(held.map((row) => `merchant ${row.merchant}: ${row.held}${sinceWords(row)}`))],
    [
      'was held',
      listed(merchants.flatMap((row) => endedHolds(row).map((hold) => spanWords(row.merchant, hold, money)))),
    ],
  ]
  return rows.filter(([, text]) => text !== '')
}

type FundsRow = NonNullable<Result['funds']>['merchants'][number]
type Hold = NonNullable<FundsRow['holds']>[number]

function sinceWords({ held, holds = [] }: FundsRow): string {
  const last = holds.at(-1)
  return last === undefined || last.reason !== held ? '' : ` since ${instant(last.since)} UTC`
}

/** Holds of now are told as such. */
const endedHolds = ({ held, holds = [] }: FundsRow): readonly Hold[] =>
  holds.filter((hold, index) => held !== hold.reason || index < holds.length - 1)

const spanWords = (merchant: string, { reason, since, until, amountMinor }: Hold, money: (minor: number) => string) =>
  `merchant ${merchant}: ${reason} from ${instant(since)}${until === null ? '' : ` to ${instant(until)}`} UTC, ${money(amountMinor)}`

const instant = (wallMs: number) => new Date(wallMs).toISOString().slice(0, 19).replace('T', ' ')

/** Who got nothing was not paid. Where only some merchants are listed, of the rest nothing is known. */
function paidTo(merchants: NonNullable<Result['funds']>['merchants'], count: number): string {
  const paid = merchants.filter(({ paidMinor }) => paidMinor !== 0).length
  const isWhole = merchants.length === count
  return isWhole && paid < count ? `${formatCount(paid)} of ${formatCount(count)}` : formatCount(count)
}

function listed(texts: readonly string[]): string {
  const more = texts.length - mostNamed
  return texts.slice(0, mostNamed).join('; ') + (more > 0 ? `; and ${formatCount(more)} more` : '')
}

function inWords(minor: number, currency: string): string {
  return `${minor < 0 ? '-' : ''}${formatMoney({ minor: Math.abs(minor), currency })}`
}

/** The kinds of difference in words. */
export const differenceWords = {
  chargedButNotKnown: 'charged but not known to the terminal',
  knownButNotCharged: 'known to the terminal but not charged',
  amountDiffers: 'of another amount',
  chargedTwice: 'charged twice',
  reversalPending: 'with a reversal pending',
  totalsDiffer: 'batches whose totals differ',
  wrongVerdict: 'verdicts of the host that its totals belie',
}

/** Whether both sides agree, in words; if not, how many transactions of each kind do not. */
export function booksVerdict({ agree, counts, terminal, because, hint }: NonNullable<Result['books']>): string {
  const size = counted(terminal.transactions, 'transaction', formatCount(terminal.transactions))
  if (agree === null) return `not known, ${because ?? 'the host does not say'} (${size})`
  if (agree) return `agree (${size})`
  const found = Object.entries(counts).filter(([, count]) => count > 0)
  const kinds = found.map(
    ([kind, count]) => `${formatCount(count)} ${differenceWords[kind as keyof typeof differenceWords]}`,
  )
  return `DO NOT AGREE: ${kinds.join(', ')}${hint === undefined ? '' : ` (${hint})`}`
}
