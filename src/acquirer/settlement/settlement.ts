// Pays the merchants: by the clock, after each group of postings, or when a batch is closed. All that is decided stands in
// the ledger, so that a restart goes on where it stopped.

import type { Clock, Timer } from '../../base/clock.js'
import type { Zone } from '../../base/zone.js'
import type { PayoutAdviceRule } from '../../codec/dialect.js'
import { isBusy } from '../ledger/database.js'
import type { Ledger } from '../ledger/ledger.js'
import { type MerchantRow, type Payouts, preparePayouts, type UnpaidRow } from '../ledger/payouts.js'
import { tellNowAndThen } from '../ledger/trouble.js'
import { decidePayout, netOf } from './decide-payout.js'
import type { Terms } from './options.js'
import { coveredUntil, dateOf, nextDue } from './schedule.js'
import type { TermsBook } from './terms-book.js'

export interface SettlementSetup {
  readonly ledger: Ledger
  readonly book: TermsBook
  readonly zone: Zone
  readonly clock: Clock
  /** Left out: nobody is told of payouts. */
  readonly advice?: PayoutAdviceRule | undefined
  /** After a payout of which terminals are to be told. */
  readonly onAdvice?: () => void
  readonly onTrouble?: (line: string) => void
}

export interface Settlement {
  /** To be called after each group of postings. */
  posted(): void
  /** Idempotent. */
  close(): void
}

/** Transactions of one payout, which are read in one go: some ten milliseconds. The rest is in the next, at once. */
const mostPerPayout = 10_000
/** The longest wait for a payout that is due, in ms: merchants appear meanwhile, and clocks are set. */
const longestWaitMs = 60_000
/** How soon a ledger that another process is writing to is tried again, in ms. */
const busyRetryMs = 5
/** How soon after any other trouble with the ledger, such as a full disk, in ms. */
const troubleRetryMs = 1000

export function startSettlement(setup: SettlementSetup): Settlement {
  return new Payer(setup)
}

class Payer implements Settlement {
  readonly #setup: SettlementSetup
  readonly #payouts: Payouts
  readonly #trouble: (line: string) => void
  readonly #startedAt: number
  /** An event asks for payouts too, and not the clock alone. */
  readonly #isAsked: boolean
  readonly #longestWaitMs: number
  /** The next instant for each merchant by number. At most one per merchant of the ledger. */
  readonly #dueAt = new Map<number, number>()
  readonly #closedBatches = new Set<number>()
  #timer: Timer | undefined
  #soon = false
  #closed = false

  constructor(setup: SettlementSetup) {
    this.#setup = setup
    this.#payouts = preparePayouts(setup.ledger.database)
    this.#trouble = tellNowAndThen(setup.clock, setup.onTrouble ?? (() => {}))
    this.#startedAt = setup.clock.wall()
    const cycles = setup.book.all.map(({ cycle }) => cycle)
    this.#isAsked = cycles.some(({ kind }) => kind === 'instant' || kind === 'onSettlement')
    // A new merchant appears without notice: nobody waits longer for the first payout than a cycle.
    this.#longestWaitMs = Math.min(
      longestWaitMs,
      ...cycles.map((each) => (each.kind === 'every' ? each.ms : longestWaitMs)),
    )
    setup.ledger.onClosed((merchant) => this.#closedBatches.add(merchant))
    this.#wait(this.#longestWaitMs)
  }

  posted(): void {
    if (this.#soon || this.#closed || !this.#isAsked) return
    this.#soon = true
    this.#timer?.cancel()
    this.#wait(0)
  }

  close(): void {
    this.#closed = true
    this.#timer?.cancel()
  }

  #wait(delayMs: number): void {
    this.#timer = this.#setup.clock.after(delayMs, () => {
      this.#soon = false
      if (!this.#closed) this.#wait(this.#run())
    })
  }

  /** Pays everybody who is due. Returns how long to wait until the next is, in ms. */
  #run(): number {
    const now = this.#setup.clock.wall()
    try {
      if (!this.#setup.ledger.isPayer()) return this.#longestWaitMs
      for (const merchant of this.#payouts.merchants()) this.#look(merchant, now)
    } catch (error) {
      if (isBusy(error)) return busyRetryMs
      this.#trouble(`nobody can be paid, it is tried again: ${(error as Error).message}`)
      return troubleRetryMs
    }
    return Math.max(0, Math.min(...this.#dueAt.values(), now + this.#longestWaitMs) - now)
  }

  #look(merchant: MerchantRow, now: number): void {
    const { zone, book } = this.#setup
    const { terms } = book.of(merchant.merchant)
    const dueAt = this.#dueAt.get(merchant.id) ?? nextDue(terms, zone, this.#startedAt, this.#startedAt)
    const isDue = dueAt === undefined ? this.#wasAsked(merchant, terms) : dueAt <= now
    if (isDue) while (this.#payOnce(merchant.id, dueAt ?? now, now)) {}
    this.#closedBatches.delete(merchant.id)
    const next = isDue ? nextDue(terms, zone, this.#startedAt, now) : dueAt
    if (next !== undefined) this.#dueAt.set(merchant.id, next)
  }

  #wasAsked({ id }: MerchantRow, { cycle }: Terms): boolean {
    return cycle.kind === 'instant' || this.#closedBatches.has(id)
  }

  /** True when there is more to pay at once. */
  #payOnce(merchant: number, dueAt: number, now: number): boolean {
    const { ledger, onAdvice } = this.#setup
    const paid = ledger.atOnce(() => this.#payInside(merchant, dueAt, now))
    if (paid > 0) onAdvice?.()
    return paid === mostPerPayout
  }

  /** The number of lines that were paid. */
  #payInside(id: number, dueAt: number, now: number): number {
    const payouts = this.#payouts
    const { zone, book } = this.#setup
    const merchant = payouts.merchants().find((row) => row.id === id) as MerchantRow
    const { terms, contract } = book.of(merchant.merchant)
    const lastReversal = payouts.lastReversal()
    const lines = payouts.unpaid(merchant, coveredUntil(terms, zone, dueAt), mostPerPayout)
    const corrections = payouts.corrections(merchant, lastReversal)
    const valueDate = dateOf(zone, now)
    const paidToday = merchant.paid_day === valueDate ? merchant.day_total : 0
    const decision = decidePayout({ lines, corrections, account: merchant.account, paidToday }, terms, contract)
    if (decision.kind === 'nothing') return 0
    if (decision.kind === 'hold') {
      if (merchant.hold !== decision.reason) payouts.hold(id, decision.reason, now)
      return 0
    }
    const paid = lines.slice(0, decision.lines)
    const payout = payouts.pay({
      ...decision,
      ...{ merchant: id, at: now, valueDate, transactions: paid.length, lastReversal },
      lastEntry: paid.at(-1)?.id ?? merchant.paid_entry,
    })
    if (decision.rest !== undefined) payouts.hold(id, decision.rest, now)
    this.#advise(payout, paid, terms)
    return paid.length
  }

  #advise(payout: number, paid: readonly UnpaidRow[], terms: Terms): void {
    const { advice } = this.#setup
    if (advice === undefined) return
    const { most, batchDigits, stanDigits } = advice.transactions
    for (const [terminal, lines] of byTerminal(paid)) {
      for (let start = 0; start < lines.length; start += most) {
        const part = lines.slice(start, start + most)
        this.#payouts.advise({
          payout,
          terminal,
          amount: part.reduce((sum, line) => sum + netOf(line, terms), 0),
          transactions: part.map(({ batch, stan }) => digits(batch, batchDigits) + digits(stan, stanDigits)).join(''),
        })
      }
    }
  }
}

/** Sales and completions; what was given back is no news of money. */
function byTerminal(paid: readonly UnpaidRow[]): ReadonlyMap<number, readonly UnpaidRow[]> {
  const groups = new Map<number, UnpaidRow[]>()
  for (const line of paid) {
    if (line.effect !== 'charge' && line.effect !== 'capture') continue
    const group = groups.get(line.terminal)
    if (group === undefined) groups.set(line.terminal, [line])
    else group.push(line)
  }
  return groups
}

const digits = (text: string, length: number) => text.padStart(length, '0').slice(-length)
