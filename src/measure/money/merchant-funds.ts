// The money that merchants were paid, what the acquirer kept of it, and what it should have kept by the contract. Pure.

/** A time at which all that a merchant was due was held back. */
export interface PayoutHold {
  readonly reason: string
  /** Epoch ms. */
  readonly since: number
  /** Null: it is not over. */
  readonly until: number | null
  /** Net, in minor units, that waited when it was last looked. */
  readonly amountMinor: number
}

/** Minor units. */
export interface MerchantFundsRow {
  /** DE42 */
  readonly merchant: string
  readonly paidMinor: number
  readonly feeMinor: number
  /** The fee by the contract. */
  readonly contractFeeMinor: number
  /** Why nothing is paid now; null: nothing is held. */
  readonly held: string | null
  /** The first one first. Left out: a result of an earlier version. */
  readonly holds?: readonly PayoutHold[]
}

/** A term that is not what was agreed, as a scenario writes it; null: not set. */
export interface TermRow {
  /** Null: of all merchants. */
  readonly merchant: string | null
  readonly term: string
  readonly configured: string | null
  readonly contract: string | null
}

export interface Funds extends Omit<MerchantFundsRow, 'merchant' | 'held' | 'holds'> {
  /** ISO 4217 letters, or digits where these are of none. */
  readonly currency: string
  readonly merchantCount: number
  /** Those whose fee is not what was agreed first, then those of whom something is held, then those of whom something was. */
  readonly merchants: readonly MerchantFundsRow[]
  readonly differences: readonly TermRow[]
}

/** Rows that a result lists of each kind; the sums are of all. */
const mostRows = 1000

/** `rows` may name a merchant more than once: hosts with ledgers of their own. */
export function sumFunds(currency: string, rows: readonly MerchantFundsRow[], differences: readonly TermRow[]): Funds {
  const merchants = [...joined(rows).values()]
  const sum = (name: (typeof sums)[number]) => merchants.reduce((total, row) => total + row[name], 0)
  return {
    currency,
    paidMinor: sum('paidMinor'),
    feeMinor: sum('feeMinor'),
    contractFeeMinor: sum('contractFeeMinor'),
    merchantCount: merchants.length,
    merchants: merchants.sort(byConcern).slice(0, mostRows),
    differences: differences.slice(0, mostRows),
  }
}

/** The money of merchants as the parts of one run saw it; null where one of them cannot. */
export function mergeFunds(parts: readonly (Funds | null)[]): Funds | null {
  const known = parts.filter((funds) => funds !== null)
  const [first] = known
  if (first === undefined || known.length < parts.length) return null
  if (known.length === 1) return first
  const unique = new Map(known.flatMap(({ differences }) => differences.map((row) => [JSON.stringify(row), row])))
  const listed = sumFunds(
    first.currency,
    known.flatMap(({ merchants }) => merchants),
    [...unique.values()],
  )
  const sum = (name: 'paidMinor' | 'feeMinor' | 'contractFeeMinor') =>
    known.reduce((all, funds) => all + funds[name], 0)
  // Rows of many merchants are cut, the sums of each part are not.
  return {
    ...listed,
    paidMinor: sum('paidMinor'),
    feeMinor: sum('feeMinor'),
    contractFeeMinor: sum('contractFeeMinor'),
    merchantCount: Math.max(listed.merchantCount, ...known.map(({ merchantCount }) => merchantCount)),
  }
}

const sums = ['paidMinor', 'feeMinor', 'contractFeeMinor'] as const

function joined(rows: readonly MerchantFundsRow[]): ReadonlyMap<string, MerchantFundsRow> {
  const known = new Map<string, MerchantFundsRow>()
  for (const row of rows) {
    const before = known.get(row.merchant)
    known.set(row.merchant, before === undefined ? row : together(before, row))
  }
  return known
}

const together = (a: MerchantFundsRow, b: MerchantFundsRow): MerchantFundsRow => ({
  merchant: a.merchant,
  paidMinor: a.paidMinor + b.paidMinor,
  feeMinor: a.feeMinor + b.feeMinor,
  contractFeeMinor: a.contractFeeMinor + b.contractFeeMinor,
  held: a.held ?? b.held,
  holds: [...(a.holds ?? []), ...(b.holds ?? [])],
})

function byConcern(a: MerchantFundsRow, b: MerchantFundsRow): number {
  const concern = ({ feeMinor, contractFeeMinor, held, holds = [] }: MerchantFundsRow) =>
    (feeMinor === contractFeeMinor ? 0 : 4) + (held === null ? 0 : 2) + (holds.length === 0 ? 0 : 1)
  return concern(b) - concern(a) || (a.merchant < b.merchant ? -1 : 1)
}
