// Follows the money of a run's merchants: what was sold and given back, what is awaited, and what came. Instants are ms since
// the start of the load, amounts minor units.

import type { Sample } from '../sample.js'
import { type ContractTerms, newMerchantFunds, type ObservedFunds } from './funds-observed.js'
import type { MoneyTold, Observed } from './observations.js'
import type { SampleExtra } from './observing.js'

/** Merchants whose money is followed. */
const maxFundedMerchants = 10_000

export type MutableObserved = { -readonly [Key in keyof Observed]: Observed[Key] }

export class FundsWatcher {
  readonly merchants = new Map<string, ObservedFunds>()
  somethingWasPaid = false
  readonly #withinMs: number
  readonly #contractOf: (merchant: string) => ContractTerms | undefined
  readonly #forget: (observed: Observed) => void
  readonly #awaited = new Map<string, MutableObserved>()

  /** `forget`: the money of a transaction is settled, and it was timely otherwise. */
  constructor(
    {
      withinMs,
      contractOf,
    }: { readonly withinMs: number; readonly contractOf: (merchant: string) => ContractTerms | undefined },
    forget: (observed: Observed) => void,
  ) {
    this.#withinMs = withinMs
    this.#contractOf = contractOf
    this.#forget = forget
  }

  /** Counts what was sold and given back. Undefined: no money of this one is awaited. */
  sold({ merchant }: Sample, { funds, refunded }: SampleExtra, endedAt: number): Observed['funds'] {
    const known = this.merchants.get(merchant) ?? newMerchantFunds()
    if (this.merchants.size < maxFundedMerchants) this.merchants.set(merchant, known)
    if (refunded !== undefined) {
      known.refunds++
      known.refunded += refunded
      known.refundedSince += refunded
    }
    if (funds === undefined) return undefined
    known.firstSaleAt ??= endedAt
    known.lastSaleAt = endedAt
    known.sales++
    known.sold += this.#net(merchant, funds.amount)
    known.waiting += this.#net(merchant, funds.amount)
    return { amount: funds.amount, paidAt: undefined }
  }

  awaits(key: string, observed: MutableObserved): void {
    this.#awaited.set(key, observed)
  }

  paid(keys: readonly string[], amount: number | undefined, at: number): void {
    this.somethingWasPaid = true
    const found = keys.flatMap((key) => this.#awaited.get(key) ?? [])
    const merchant = this.merchants.get(found[0]?.merchant ?? '')
    const net = found[0] && this.#contractOf(found[0].merchant)?.net
    const sum = found.reduce((total, { funds }) => total + (net ?? same)(funds?.amount ?? 0), 0)
    const agreed = net !== undefined && found.length === keys.length ? sum : undefined
    merchant?.payouts.push({ at, amount, agreed, waiting: merchant.waiting })
    if (merchant !== undefined) {
      merchant.waiting -= sum
      merchant.refundedSince = 0
    }
    for (const key of keys) this.#paidOne(key, at)
  }

  told(key: string, told: MoneyTold): void {
    const observed = this.#awaited.get(key)
    if (observed?.funds !== undefined) observed.funds = { ...observed.funds, told }
  }

  voided(key: string): void {
    const observed = this.#awaited.get(key)
    if (observed === undefined) return
    this.#awaited.delete(key)
    if (!observed.lateResponse) this.#forget(observed)
    const merchant = this.merchants.get(observed.merchant)
    if (merchant !== undefined) merchant.waiting -= this.#net(observed.merchant, observed.funds?.amount ?? 0)
    observed.funds = undefined
  }

  #net(merchant: string, amount: number): number {
    return this.#contractOf(merchant)?.net?.(amount) ?? amount
  }

  #paidOne(key: string, paidAt: number): void {
    const observed = this.#awaited.get(key)
    if (observed?.funds === undefined) return
    observed.funds = { ...observed.funds, paidAt }
    this.merchants.get(observed.merchant)?.waits.push(paidAt - observed.endedAt)
    const isLate = paidAt - observed.intendedAt > this.#withinMs
    this.#awaited.delete(key)
    if (!isLate && !observed.lateResponse) this.#forget(observed)
  }
}

const same = (amount: number) => amount
