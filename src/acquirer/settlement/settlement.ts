// Pays the merchants: by the clock, after each group of postings, or when a batch is closed. All that is decided stands in
// the ledger, so that a restart goes on where it stopped.

import type { Clock, Timer } from '../../base/clock.js'
import type { Zone } from '../../base/zone.js'
import type { PayoutAdviceRule } from '../../codec/dialect.js'
import { closeChargebacks, openChargebacks } from '../ledger/adjustments.js'
import type { Ledger } from '../ledger/ledger.js'
import type { LedgerPosition, MerchantRow, UnpaidRow } from '../ledger/payouts.js'
import * as payouts from '../ledger/payouts.js'
import { atOnce, type Steps } from '../ledger/store/store.js'
import { tellNowAndThen } from '../ledger/trouble.js'
import { befall, isBefallen, isLeftAlone, nextAdjustment } from './adjustments.js'
import { type Calendar, needsFirst, type PayoutPlan, planOf, takenOver } from './agenda.js'
import { decidePayout, type HoldReason, inParts, merchantNet } from './decide-payout.js'
import { type HoldSpan, holdInForce, type PayerTime } from './hold.js'
import type { Terms } from './options.js'
import { coveredUntil, dateOf, missedUntil, openWindow } from './schedule.js'
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
/** How soon a ledger that cannot be had is tried again, in ms, at least. */
const busyRetryMs = 5
/** How soon after any other trouble with the ledger, such as a full disk, in ms. */
const troubleRetryMs = 1000

export function startSettlement(setup: SettlementSetup): Settlement {
  return new Payer(setup)
}

class Payer implements Settlement {
  readonly #setup: SettlementSetup
  readonly #trouble: (line: string) => void
  readonly #calendar: Calendar
  /** In ms of the clock. */
  readonly #startedAt: number
  /** An event asks for payouts too, and not the clock alone. */
  readonly #isAsked: boolean
  readonly #longestWaitMs: number
  /** All that is posted before is paid where it is to be paid at once. Undefined: this process has not paid yet. */
  #seen: LedgerPosition | undefined
  #lookedAt = 0
  #timer: Timer | undefined
  #soon = false
  #isRunning = false
  /** Something was posted during a run. */
  #again = false
  /** Terminals are to be told of what a run has paid. */
  #hasNews = false
  #closed = false

  constructor(setup: SettlementSetup) {
    this.#setup = setup
    this.#trouble = tellNowAndThen(setup.clock, setup.onTrouble ?? (() => {}))
    this.#startedAt = setup.clock.now()
    this.#calendar = { zone: setup.zone, startedAt: setup.clock.wall() }
    const cycles = setup.book.all.map(({ cycle }) => cycle)
    this.#isAsked = cycles.some((each) => isAtOnce(each) || each.kind === 'onSettlement')
    // A new merchant appears without notice: nobody waits longer for the first payout than a cycle.
    this.#longestWaitMs = Math.min(
      this.#isAsked ? pollMs : longestWaitMs,
      ...cycles.map((each) => (each.kind === 'every' ? each.ms : longestWaitMs)),
    )
    this.#wait(0)
  }

  posted(): void {
    if (this.#soon || this.#closed || !this.#isAsked) return
    if (this.#isRunning) {
      this.#again = true
      return
    }
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
      if (!this.#closed) this.#run()
    })
  }

  /** Pays everybody who is due, and waits until the next is. */
  #run(): void {
    const { ledger, clock } = this.#setup
    this.#isRunning = true
    ledger.store.run(
      // Whole, as the ledger has them: a hold that ends in the millisecond of its beginning would end before it.
      this.#payIfMine(Math.floor(clock.wall())),
      (delayMs) => this.#goOn(delayMs),
      (error) => this.#goOn(this.#delayAfter(error)),
    )
  }

  #goOn(delayMs: number): void {
    const isNow = this.#again
    this.#isRunning = false
    this.#again = false
    if (this.#closed) return
    this.#wait(isNow ? 0 : delayMs)
    if (!this.#hasNews) return
    this.#hasNews = false
    this.#setup.onAdvice?.()
  }

  #delayAfter(error: Error): number {
    const retryMs = this.#setup.ledger.store.retryMs(error)
    if (retryMs !== undefined) return Math.max(busyRetryMs, retryMs)
    this.#trouble(`nobody can be paid, it is tried again: ${error.message}`)
    return troubleRetryMs
  }

  /** How long to wait until somebody is due again, in ms. */
  *#payIfMine(now: number): Steps<number> {
    if (yield* this.#setup.ledger.store.isFirstHolder()) return yield* this.#payAll(now)
    this.#seen = undefined
    return this.#longestWaitMs
  }

  *#payAll(now: number): Steps<number> {
    const end = yield* payouts.ledgerEnd()
    if (this.#seen === undefined || now < this.#lookedAt - setBackMs) yield* atOnce(this.#takeOver(now))
    const idle: MerchantRow[] = []
    for (const merchant of yield* payouts.due(now)) if (!(yield* this.#look(merchant, now))) idle.push(merchant)
    // One transaction for all of them: most merchants have nothing new most of the time.
    if (idle.length > 0) yield* atOnce(this.#lookedInVain(idle, now))
    yield* this.#payNews(this.#seen ?? end, end, now)
    this.#seen = end
    this.#lookedAt = now
    const next = (yield* payouts.nextDueAt()) ?? Number.POSITIVE_INFINITY
    // Everybody who was due has been looked at: to look again within the same millisecond would never end in virtual time.
    return Math.min(Math.max(1, next - now), this.#longestWaitMs)
  }

  *#takeOver(now: number): Steps<void> {
    for (const merchant of yield* payouts.merchants()) {
      const next = takenOver(merchant, this.#setup.book.of(merchant.merchant).terms, this.#calendar, now)
      if (next !== merchant.next_due) yield* payouts.schedule(merchant.id, next)
    }
  }

  /** Pays the merchants that are paid at once and have new postings, from this process or another one. */
  *#payNews(from: LedgerPosition, to: LedgerPosition, now: number): Steps<void> {
    if (!this.#isAsked) return
    for (const merchant of yield* payouts.news(from, to)) {
      if (isAtOnce(this.#setup.book.of(merchant.merchant).terms.cycle)) yield* this.#look(merchant, now)
    }
  }

  *#lookedInVain(merchants: readonly MerchantRow[], now: number): Steps<void> {
    for (const merchant of merchants) yield* payouts.looked(merchant.id, (yield* this.#planOf(merchant, now)).next)
  }

  *#planOf(merchant: MerchantRow, now: number): Steps<PayoutPlan> {
    const { terms } = this.#setup.book.of(merchant.merchant)
    if (!needsFirst(merchant, terms)) return planOf(merchant, terms, this.#calendar, now, now)
    const [unpaid] = yield* payouts.unpaid(merchant, Number.POSITIVE_INFINITY, 1)
    return planOf(merchant, terms, this.#calendar, now, unpaid?.posted_at ?? now)
  }

  /** False when there was nothing to be paid, and nothing was written. */
  *#look(merchant: MerchantRow, now: number): Steps<boolean> {
    const plan = yield* this.#planOf(merchant, now)
    // Who was asked for is written in the transaction that looks: a batch that is closed in between asks again.
    if (plan.due === undefined) return false
    if (merchant.asked === 0 && merchant.hold === null && !(yield* this.#hasWork(merchant, now))) return false
    while (yield* this.#payOnce(merchant, plan, now)) {}
    return true
  }

  *#hasWork(merchant: MerchantRow, now: number): Steps<boolean> {
    const { terms } = this.#setup.book.of(merchant.merchant)
    if (!isLeftAlone(terms) && (yield* isBefallen(merchant.id, terms, this.#timeAt(now)))) return true
    return yield* hasUnpaid(merchant)
  }

  #timeAt(now: number): PayerTime {
    return { now, elapsedMs: this.#setup.clock.now() - this.#startedAt }
  }

  /** True when there is more to pay at once. */
  *#payOnce(merchant: MerchantRow, plan: PayoutPlan, now: number): Steps<boolean> {
    const paid = yield* atOnce(this.#payAndNote(merchant, plan, now))
    this.#hasNews ||= paid > 0
    return paid === mostPerPayout
  }

  *#payAndNote({ id, merchant: name }: MerchantRow, plan: PayoutPlan, now: number): Steps<number> {
    const { terms } = this.#setup.book.of(name)
    const time = this.#timeAt(now)
    if (!isLeftAlone(terms)) yield* befall(id, terms, time)
    const merchant = yield* payouts.merchantOf(id)
    const held = yield* holdOf(merchant, terms, time)
    const lines = yield* this.#payInside(merchant, { dueAt: plan.due ?? now, now, held })
    if (lines === mostPerPayout) return lines
    const { next, keepsAsking } = afterHold(plan, terms, held, nextAdjustment(terms, time))
    yield* keepsAsking ? payouts.schedule(id, next) : payouts.looked(id, next)
    return lines
  }

  /** The number of lines that were paid. */
  *#payInside(
    merchant: MerchantRow,
    { dueAt, now, held }: { dueAt: number; now: number; held: ReturnType<typeof holdInForce> },
  ): Steps<number> {
    const { id } = merchant
    const { zone, book } = this.#setup
    const { terms, contract } = book.of(merchant.merchant)
    const lastReversal = (yield* payouts.ledgerEnd()).reversal
    const { missed, fresh } = yield* this.#linesOf(merchant, terms, { dueAt, now })
    const lines = [...missed, ...fresh]
    const corrections = yield* payouts.corrections(merchant, lastReversal)
    const valueDate = dateOf(zone, now)
    const paidToday = yield* payouts.paidOn(merchant, valueDate)
    const chargebacks = isLeftAlone(terms) ? 0 : yield* openChargebacks(id)
    const unpaid = { lines, corrections, chargebacks, account: merchant.account, paidToday, held: held?.reason }
    const decision = decidePayout(unpaid, terms, contract)
    if (decision.kind === 'hold') yield* noteHold(merchant, { ...decision, span: held }, now)
    // Where nothing waits just now, a hold from outside goes on: an end that is written down would let the next sale pass.
    else if (merchant.hold !== null && held === undefined) yield* endHold(merchant, now)
    if (decision.kind !== 'pay') return 0
    const paid = lines.slice(0, decision.lines)
    const lastEntry = decision.lines > missed.length ? (paid.at(-1)?.id ?? 0) : 0
    const lastMissed = paid.slice(0, missed.length).at(-1)
    const common = { merchant: id, at: now, valueDate, lastReversal, lastEntry }
    const numbers: number[] = []
    for (const part of inParts(decision, terms))
      numbers.push(yield* payouts.pay({ ...part, ...common, transactions: part.lines }))
    if (lastMissed !== undefined) yield* payouts.madeUp(id, lastMissed.id)
    if (chargebacks > 0) yield* closeChargebacks(id, numbers[0] as number)
    if (decision.rest !== undefined) yield* payouts.holdBack(id, decision.rest, now)
    yield* this.#advise(numbers[0] as number, paid, terms)
    return paid.length
  }

  /** `missed`: they come with the fallback of an earlier window; `fresh`: behind those that are paid. */
  *#linesOf(merchant: MerchantRow, terms: Terms, { dueAt, now }: { dueAt: number; now: number }) {
    const { zone } = this.#setup
    const ready = yield* payouts.unpaid(merchant, coveredUntil(terms, zone, dueAt), mostPerPayout)
    const opened = terms.cycle.kind === 'sameDay' ? (openWindow(terms, zone, now)?.from ?? Number.POSITIVE_INFINITY) : 0
    const inTime = ready.findIndex(({ posted_at }) => posted_at >= opened)
    const late = inTime === -1 ? ready : ready.slice(0, inTime)
    const last = late.at(-1)
    if (last !== undefined) yield* payouts.miss(merchant, last.id)
    const fresh = ready.slice(late.length)
    const missed = yield* payouts.missed(merchant.id, missedUntil(terms, zone, now), mostPerPayout)
    return { missed, fresh: fresh.slice(0, mostPerPayout - missed.length) }
  }

  *#advise(payout: number, paid: readonly UnpaidRow[], terms: Terms): Steps<void> {
    const { advice } = this.#setup
    if (advice === undefined) return
    const { most, batchDigits, stanDigits } = advice.transactions
    for (const [terminal, lines] of byTerminal(paid)) {
      for (let start = 0; start < lines.length; start += most) {
        const part = lines.slice(start, start + most)
        yield* payouts.advise({
          payout,
          terminal,
          amount: part.reduce((sum, line) => sum + merchantNet(line, terms), 0),
          transactions: part.map(({ batch, stan }) => digits(batch, batchDigits) + digits(stan, stanDigits)).join(''),
        })
      }
    }
  }
}

const isAtOnce = ({ kind }: Terms['cycle']) => kind === 'instant' || kind === 'sameDay'

/** The hold from outside that is in force. */
function* holdOf({ id }: MerchantRow, { hold }: Terms, time: PayerTime) {
  if (hold === undefined) return undefined
  const [last] = yield* payouts.heldBack(id, 0, 1)
  return holdInForce(hold, last, time)
}

/** A merchant that asked, and was held, asks again: nobody else tells when the hold is over. `adjustedAt`: its account changes then. */
function afterHold({ next }: PayoutPlan, { cycle }: Terms, held: HoldSpan | undefined, adjustedAt: number) {
  const until = held?.until ?? Number.POSITIVE_INFINITY
  return {
    next: isAtOnce(cycle) && next !== null ? Math.min(next, until, adjustedAt) : next,
    keepsAsking: held !== undefined && cycle.kind === 'onSettlement',
  }
}

/** `span`: when a hold from outside began and ends; undefined: begun now. */
function* noteHold(
  { id, hold }: MerchantRow,
  { reason, amount, span }: { reason: HoldReason; amount: number; span: HoldSpan | undefined },
  now: number,
): Steps<void> {
  const [last] = yield* payouts.heldBack(id, now, 1)
  if (hold === reason && last?.reason === reason) return yield* payouts.stillHeldBack(id, amount)
  const { since, until } = span ?? { since: now, until: null }
  yield* payouts.startHeldBack(id, { reason, since, until, amount }, now)
  yield* payouts.holdBack(id, reason, since)
}

function* endHold({ id }: MerchantRow, now: number): Steps<void> {
  yield* payouts.endHeldBack(id, now)
  yield* payouts.holdBack(id, null, now)
}

function* hasUnpaid(merchant: MerchantRow): Steps<boolean> {
  if ((yield* payouts.unpaid(merchant, Number.POSITIVE_INFINITY, 1)).length > 0) return true
  if ((yield* payouts.missed(merchant.id, Number.POSITIVE_INFINITY, 1)).length > 0) return true
  return (yield* payouts.corrections(merchant, (yield* payouts.ledgerEnd()).reversal)).length > 0
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
