// The material of a line of evidence, kept while a run lasts: references and copied answers, bounded. Nothing is rendered.
//
// Rule: what was not timely is kept when its sample comes; what was timely but waits for its money is kept until that comes.

import type { Clock } from '../../base/clock.js'
import { maxEvidence } from '../../measure/evidence.js'
import { type FundsKey, type FundsWatch, fundsKeyText } from '../../measure/money/funds.js'
import { isTimely, type Sample } from '../../measure/sample.js'
import type { Transaction } from '../exchange/transaction.js'
import type { MoneyWatch } from '../money/money-watch.js'
import type { Request } from '../requests/request.js'

export interface TransactionStory {
  readonly sample: Sample
  /** Undefined for an arrival that no terminal took up. */
  readonly request: Request | undefined
  /** The last bytes of the request as it was sent, with its MAC. */
  readonly sealed: Uint8Array | undefined
  readonly key: FundsKey | undefined
  /** MTI to last field. */
  readonly answer: Uint8Array | undefined
  /** The number that the observer of causes gave it. */
  readonly observed: number | undefined
  late?: { readonly answer: Uint8Array; readonly at: number }
  readonly owed: OwedStory | undefined
  readonly payout: PayoutStory | undefined
}

/** The fate of a reversal, or of an advice that is repeated. Instants are ms of the clock. */
export interface OwedStory {
  readonly kind: 'reversal' | 'repeat'
  readonly at: number
  readonly sentAt: number[]
  tries: number
  state: 'pending' | 'acknowledged' | 'dropped'
  endedAt?: number
  code?: string | undefined
}

export interface PayoutStory {
  state: 'paid' | 'awaited' | 'voided'
  at?: number
}

/** Tries of one reversal whose times are kept; all are counted. */
const maxTryTimes = 32

export interface KeeperOptions {
  readonly clock: Clock
  /** `all`: timely transactions too. */
  readonly keep: 'all' | 'late'
  readonly timelyWithinMs: number
  /** Undefined: nobody has said when funds are late, so that nothing is kept for its funds alone. */
  readonly fundsWithinMs: number | undefined
  /** Somebody may tell when money comes. */
  readonly followsFunds: boolean
  readonly keyOf: (request: Request, transaction: Transaction) => FundsKey
  readonly limit?: number
}

export interface KeptTransaction {
  readonly transaction: Transaction | undefined
  readonly answer: Uint8Array | undefined
  /** The number that the observer of causes gave it. */
  readonly observed?: number | undefined
}

export interface EvidenceKeeper extends MoneyWatch {
  /** Transactions with an intended time before this, in ms of the clock, are in no figure and in no evidence. */
  measureFrom(at: number): void
  /** Once for each sample. `answer` is copied where it is kept. */
  keep(sample: Sample, taken: KeptTransaction): void
  /** An answer to a request that had timed out; `key` tells which. */
  late(key: string, answer: Uint8Array, at: number): void
  /** A watch of funds that tells this keeper what it hears. */
  watching(funds: FundsWatch): FundsWatch
  /** Transactions that found no place, or whose money might have been late and was not followed. */
  readonly leftOut: number
  /** Hands over what was kept, in the order in which it ended. `fundsAreTold` false: money of which nobody told is not held against anyone. */
  stories(fundsAreTold: boolean): TransactionStory[]
}

export function createEvidenceKeeper(options: KeeperOptions): EvidenceKeeper {
  return new Keeper(options)
}

class Keeper implements EvidenceKeeper {
  leftOut = 0
  readonly #options: KeeperOptions
  readonly #limit: number
  readonly #kept = new Set<TransactionStory>()
  readonly #byAnswer = new Map<string, TransactionStory>()
  /** The messages owed for a transaction whose sample has not come yet, or has: stories hold the same objects. */
  readonly #owed = new Map<string, OwedStory>()
  readonly #payouts = new Map<string, PayoutStory>()
  /** Timely so far: they leave when their money comes in time. */
  readonly #awaiting = new Map<string, TransactionStory>()
  #measureFrom = Number.NEGATIVE_INFINITY
  #somethingWasPaid = false

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#limit = options.limit ?? maxEvidence
  }

  measureFrom(at: number): void {
    this.#measureFrom = at
  }

  keep(sample: Sample, { transaction, answer, observed }: KeptTransaction): void {
    if (sample.intendedAt < this.#measureFrom) return
    const { keep, keyOf, timelyWithinMs, fundsWithinMs } = this.#options
    const isSure = keep === 'all' || !isTimely(sample, timelyWithinMs)
    const mayWait = sample.outcome === 'approved' && fundsWithinMs !== undefined && this.#payouts.size > 0
    if (!isSure && !mayWait) return
    const request = transaction?.request
    const key = transaction && keyOf(transaction.request, transaction)
    const text = key === undefined ? '' : fundsKeyText(key)
    const payout = this.#payouts.get(text)
    if (!isSure && payout === undefined) return
    if (this.#kept.size >= this.#limit) {
      this.leftOut++
      return
    }
    const { sealed } = transaction ?? {}
    const story = {
      sample,
      request,
      sealed,
      key,
      answer: answer?.slice(),
      observed,
      owed: this.#owed.get(text),
      payout,
    }
    this.#kept.add(story)
    if (sample.outcome === 'timedOut' && request !== undefined) this.#byAnswer.set(request.key, story)
    if (!isSure) this.#awaiting.set(text, story)
  }

  late(key: string, answer: Uint8Array, at: number): void {
    const story = this.#byAnswer.get(key)
    if (story === undefined) return
    this.#byAnswer.delete(key)
    story.late = { answer: answer.slice(), at }
  }

  // ---- money

  owed(key: FundsKey, kind: OwedStory['kind']): void {
    if (this.#owed.size < this.#limit)
      this.#owed.set(fundsKeyText(key), { kind, at: this.#options.clock.now(), sentAt: [], tries: 0, state: 'pending' })
  }

  sentAgain(key: FundsKey, at: number): void {
    const owed = this.#owed.get(fundsKeyText(key))
    if (owed === undefined) return
    owed.tries++
    if (owed.sentAt.length < maxTryTimes) owed.sentAt.push(at)
  }

  settled(key: FundsKey, state: 'acknowledged' | 'dropped', code: string | undefined): void {
    const owed = this.#owed.get(fundsKeyText(key))
    if (owed === undefined) return
    this.#owed.delete(fundsKeyText(key))
    owed.state = state
    owed.endedAt = this.#options.clock.now()
    owed.code = code
  }

  watching(funds: FundsWatch): FundsWatch {
    return {
      get waiting() {
        return funds.waiting
      },
      measureFrom: (at) => funds.measureFrom(at),
      expect: (key, intendedAt) => {
        const isPaid = funds.expect(key, intendedAt)
        if (!isPaid) this.#expect(key, intendedAt)
        return isPaid
      },
      forget: (key) => {
        this.#end(key, 'voided', this.#options.clock.now())
        funds.forget(key)
      },
      paid: (key, at) => {
        this.#somethingWasPaid = true
        this.#end(key, 'paid', at)
        funds.paid(key, at)
      },
      onNone: (done) => funds.onNone(done),
      figures: (isKnown) => funds.figures(isKnown),
      tally: (isKnown) => funds.tally(isKnown),
      destroy: () => funds.destroy(),
    }
  }

  #expect(key: FundsKey, intendedAt: number): void {
    const { followsFunds, fundsWithinMs } = this.#options
    if (!followsFunds || intendedAt < this.#measureFrom) return
    if (this.#payouts.size < this.#limit) this.#payouts.set(fundsKeyText(key), { state: 'awaited' })
    else if (fundsWithinMs !== undefined) this.leftOut++
  }

  #end(key: FundsKey, state: 'paid' | 'voided', at: number): void {
    const text = fundsKeyText(key)
    const payout = this.#payouts.get(text)
    if (payout === undefined) return
    this.#payouts.delete(text)
    payout.state = state
    payout.at = at
    const story = this.#awaiting.get(text)
    if (story === undefined) return
    this.#awaiting.delete(text)
    const { fundsWithinMs = Number.POSITIVE_INFINITY } = this.#options
    if (state === 'voided' || at - story.sample.intendedAt <= fundsWithinMs) this.#kept.delete(story)
  }

  // ---- the end

  stories(fundsAreTold: boolean): TransactionStory[] {
    const kept = [...this.#kept]
    this.#kept.clear()
    this.#byAnswer.clear()
    if (fundsAreTold || this.#somethingWasPaid) return kept
    const unknown = new Set(this.#awaiting.values())
    return kept.filter((story) => !unknown.has(story)).map((story) => ({ ...story, payout: undefined }))
  }
}
