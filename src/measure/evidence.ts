// The evidence of one transaction: one line of evidence.jsonl, the same for a merchant, a bank and a program.

import type { Outcome } from './sample.js'

/** Transactions with evidence in one run, some 350 MB until it is written; more are counted. */
export const maxEvidence = 100_000

/** The steps of a transaction, in the order in which they usually happen. */
export const stepNames = [
  'presented',
  'takenUp',
  'written',
  'delivered',
  'answered',
  'gaveUp',
  'failed',
  'notSent',
  'lateAnswer',
  'owed',
  'sentAgain',
  'acknowledged',
  'dropped',
  'paid',
] as const
export type StepName = (typeof stepNames)[number]

export interface EvidenceStep {
  readonly step: StepName
  /** `2026-01-05T01:00:00.123Z` */
  readonly utc: string
  /** `2026-01-05T09:00:00.123+08:00`, in the zone of the terminals. */
  readonly local: string
  /** Milliseconds since the card was presented. */
  readonly afterMs: number
}

export interface EvidenceLine {
  /** The RRN of the answer, of a late answer, or of the request where the terminal gives it; null where none was ever seen. */
  readonly rrn: string | null
  readonly terminal: string
  readonly merchant: string
  readonly batch: string | null
  readonly stan: string | null
  readonly type: string
  /** `10.00 CNY`; null for a message without an amount. */
  readonly amount: string | null
  readonly phase: string
  /** host:port */
  readonly target: string
  readonly outcome: Outcome
  readonly code: string | null
  /** The meaning of the code, as the dialect has it. */
  readonly codeMeaning: string | null
  readonly reason: string | null
  /** Requests made for it: a clerk who was told that data are wrong tries again. The rest is of the last one. */
  readonly tries: number
  /** After more than one try: the response code of the first try. */
  readonly firstCode: string | null
  /** Card presented to answer or giving up; null for what failed or was not sent. */
  readonly responseMs: number | null
  /** The response time up to which an answer is timely. */
  readonly withinMs: number
  /** The answer came in time and decided. The money may still be late. */
  readonly timelyResponse: boolean
  /** Name of the zone that `local` times are of. */
  readonly timeZone: string
  readonly steps: readonly EvidenceStep[]
  /** Masked messages as JSON; null where there was none, or none that can be read. */
  readonly request: unknown
  readonly answer: unknown
  readonly lateAnswer: unknown
  readonly reversal: {
    /** `repeat`: the advice itself is sent again. */
    readonly kind: 'reversal' | 'repeat'
    readonly state: 'pending' | 'acknowledged' | 'dropped'
    readonly tries: number
    readonly code: string | null
  } | null
  /** Null where no money is due, or nobody tells of it. */
  readonly payout: {
    readonly state: 'paid' | 'awaited' | 'voided'
    readonly afterMs: number | null
    /** The time up to which funds are timely; null where nobody has said. */
    readonly withinMs: number | null
    /** Left out: no terms are known. */
    readonly agreed?: AgreedMoney
  } | null
  readonly cause: { readonly cause: string; readonly confidence: number; readonly evidence: readonly string[] } | null
}

/** The contract's word on one sale, as a scenario writes it: what it brings, the fee of it, and the cycle of payouts. */
export interface AgreedMoney {
  readonly net: string
  readonly fee: string
  readonly cycle: string
}

/** The counts of a result's evidence. `leftOut`: transactions beyond `maxEvidence`, or whose money might have been late. */
export interface EvidenceCounts {
  readonly kept: number
  readonly leftOut: number
}
