// Pays the merchants: by the clock, after each group of postings, or when a batch is closed. All that is decided stands in
// the ledger, so that a restart goes on where it stopped.

import type { Clock, Timer } from '../../base/clock.js'
import type { Zone } from '../../base/zone.js'
import type { PayoutAdviceRule } from '../../codec/dialect.js'
import { isBusy } from '../ledger/database.js'
import type { Ledger } from '../ledger/ledger.js'
import {
  type LedgerPosition,
  type MerchantRow,
  type Payouts,
  preparePayouts,
  type UnpaidRow,
} from '../ledger/payouts.js'
import { tellNowAndThen } from '../ledger/trouble.js'
import { type Calendar, type PayoutPlan, planOf, takenOver } from './agenda.js'
import { decidePayout, inParts, merchantNet } from './decide-payout.js'
import type { Terms } from './options.js'
import { coveredUntil, dateOf } from './schedule.js'
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
/** How often is looked what other processes on the ledger have posted, where their postings ask for payouts, in ms. */
const pollMs = 1000
/** A clock that is set back by more than this, in ms, has the times of all payouts counted anew. */
const setBackMs = 1000
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
  readonly #calendar: Calendar
  /** An event asks for payouts too, and not the clock alone. */
  readonly #isAsked: boolean
  readonly #longestWaitMs: number
  /** All that is posted before is paid where it is to be paid at once. Undefined: this process has not paid yet. */
  #seen: LedgerPosition | undefined
  #lookedAt = 0
  #timer: Timer | undefined
  #soon = false
  #closed = false

  constructor(setup: SettlementSetup) {
    this.#setup = setup
    this.#payouts = preparePayouts(setup.ledger.database)
    this.#trouble = tellNowAndThen(setup.clock, setup.onTrouble ?? (() => {}))
    this.#calendar = { zone: setup.zone, startedAt: setup.clock.wall() }
    const cycles = setup.book.all.map(({ cycle }) => cycle)
    this.#isAsked = cycles.some(({ kind }) => kind === 'instant' || kind === 'onSettlement')
    // A new merchant appears without notice: nobody waits longer for the first payout than a cycle.
    this.#longestWaitMs = Math.min(
      this.#isAsked ? pollMs : longestWaitMs,
      ...cycles.map((each) => (each.kind === 'every' ? each.ms : longestWaitMs)),
    )
    this.#wait(0)
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
    const { ledger, clock } = this.#setup
    const now = clock.wall()
    try {
      if (ledger.isPayer()) return this.#payAll(now)
      this.#seen = undefined
      return this.#longestWaitMs
    } catch (error) {
      if (isBusy(error)) return busyRetryMs
      this.#trouble(`nobody can be paid, it is tried again: ${(error as Error).message}`)
      return troubleRetryMs
    }
  }

  #payAll(now: number): number {
    const end = this.#payouts.end()
    if (this.#seen === undefined || now < this.#lookedAt - setBackMs) this.#takeOver(now)
    const due = this.#payouts.due(now)
    const idle = due.filter((merchant) => !this.#look(merchant, now))
    this.#lookedInVain(idle, now)
    this.#payNews(this.#seen ?? end, end, now)
    this.#seen = end
    this.#lookedAt = now
    const next = this.#payouts.nextDue() ?? Number.POSITIVE_INFINITY
    return Math.min(Math.max(0, next - now), this.#longestWaitMs)
  }

  #takeOver(now: number): void {
    const { ledger, book } = this.#setup
    ledger.atOnce(() => {
      for (const merchant of this.#payouts.merchants()) {
        const next = takenOver(merchant, book.of(merchant.merchant).terms, this.#calendar, now)
        if (next !== merchant.next_due) this.#payouts.schedule(merchant.id, next)
      }
    })
  }

  /** Of merchants who are paid at once, those of whom something was posted, by this process or another. */
  #payNews(from: LedgerPosition, to: LedgerPosition, now: number): void {
    if (!this.#isAsked) return
    for (const merchant of this.#payouts.news(from, to)) {
      if (this.#setup.book.of(merchant.merchant).terms.cycle.kind === 'instant') this.#look(merchant, now)
    }
  }

  /** One transaction for all of them: most merchants have nothing new most of the time. */
  #lookedInVain(merchants: readonly MerchantRow[], now: number): void {
    if (merchants.length === 0) return
    this.#setup.ledger.atOnce(() => {
      for (const merchant of merchants) this.#payouts.looked(merchant.id, this.#planOf(merchant, now).next)
    })
  }

  #planOf(merchant: MerchantRow, now: number): PayoutPlan {
    const { terms } = this.#setup.book.of(merchant.merchant)
    const postedAt = () => this.#payouts.unpaid(merchant, Number.POSITIVE_INFINITY, 1)[0]?.posted_at ?? now
    return planOf(merchant, terms, this.#calendar, now, postedAt)
  }

  /** False when there was nothing to be paid, and nothing was written. */
  #look(merchant: MerchantRow, now: number): boolean {
    const plan = this.#planOf(merchant, now)
    // Who was asked for is written in the transaction that looks: a batch that is closed in between asks again.
    if (plan.due === undefined || (merchant.asked === 0 && !this.#hasNews(merchant))) return false
    while (this.#payOnce(merchant.id, plan, now)) {}
    return true
  }

  #hasNews(merchant: MerchantRow): boolean {
    const { unpaid, corrections, end } = this.#payouts
    return unpaid(merchant, Number.POSITIVE_INFINITY, 1).length > 0 || corrections(merchant, end().reversal).length > 0
  }

  /** True when there is more to pay at once. */
  #payOnce(merchant: number, plan: PayoutPlan, now: number): boolean {
    const { ledger, onAdvice } = this.#setup
    const paid = ledger.atOnce(() => {
      const lines = this.#payInside(merchant, plan.due ?? now, now)
      if (lines < mostPerPayout) this.#payouts.looked(merchant, plan.next)
      return lines
    })
    if (paid > 0) onAdvice?.()
    return paid === mostPerPayout
  }

  /** The number of lines that were paid. */
  #payInside(id: number, dueAt: number, now: number): number {
    const payouts = this.#payouts
    const { zone, book } = this.#setup
    const merchant = payouts.merchant(id)
    const { terms, contract } = book.of(merchant.merchant)
    const lastReversal = payouts.end().reversal
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
    const lastEntry = paid.at(-1)?.id ?? merchant.paid_entry
    const common = { merchant: id, at: now, valueDate, lastReversal, lastEntry }
    const [payout] = inParts(decision, terms.payoutLimit).map((part) =>
      payouts.pay({ ...part, ...common, transactions: part.lines }),
    )
    if (decision.rest !== undefined) payouts.hold(id, decision.rest, now)
    this.#advise(payout as number, paid, terms)
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
          amount: part.reduce((sum, line) => sum + merchantNet(line, terms), 0),
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
