// The saved result of a run: the shape of result.json, schema id isochron/result@1.
// A field that nothing can fill yet, or that cannot be known, is null: never true or 0.

import type { CauseRow } from './causes/diagnose.js'
import type { EvidenceCounts } from './evidence.js'
import type { Books } from './money/books.js'
import type { LieTally } from './money/lies.js'
import type { Funds } from './money/merchant-funds.js'
import type { Outcome } from './sample.js'
import type { LimitCounts } from './turned-away.js'

export type Outcomes = Record<Outcome, number>

/** Milliseconds, except `hdr`: V2 compressed HdrHistogram in microseconds, base64. */
export interface Distribution {
  readonly unit: 'ms'
  readonly count: number
  readonly min: number | null
  readonly mean: number | null
  readonly stdev: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly p9999: number | null
  readonly max: number | null
  readonly hdrUnit: 'us' | 'ms'
  readonly hdr: string
}

export interface BreakdownRow {
  readonly offered: number
  readonly timely: number
  /** Share of 1; null where nothing was offered. */
  readonly timelyRate: number | null
  readonly outcomes: Outcomes
  readonly responseTime: Distribution
}
export type Breakdown = Record<'type' | 'phase' | 'merchant' | 'target', Record<string, BreakdownRow>>

export interface TimelineRow {
  /** Since the start of the run; the transactions that were meant to begin in this second. */
  readonly atSecond: number
  /** How many seconds the row covers; left out: one. */
  readonly seconds?: number
  readonly offered: number
  readonly approved: number
  readonly declined: number
  readonly timedOut: number
  readonly failed: number
  readonly unsent: number
  readonly timely: number
  readonly p50: number | null
  readonly p99: number | null
  readonly max: number | null
  readonly lagP99: number | null
  readonly echoP50: number | null
  /** The most that were under way at once; where several workers were put together, the most that is certain. */
  readonly inFlight: number
  /** More than this were never under way at once; left out where `inFlight` is exact. */
  readonly inFlightAtMost?: number
  readonly faults: readonly string[]
}

/** How often a fault acted: on messages, on pieces of data, or on connections. */
export interface FaultRow {
  readonly name: string
  readonly on: 'terminal' | 'network' | 'acquirer'
  readonly kind: string
  readonly applied: number
}

export interface ThresholdRow {
  readonly expression: string
  readonly actual: number | boolean | null
  readonly met: boolean
}

/** The threshold with `abortOnFail` that ended a run, as it stood then. */
export interface AbortRow extends ThresholdRow {
  /** From the start of the load. */
  readonly atMs: number
}

export interface SlowTransaction {
  readonly type: string
  readonly terminal: string
  readonly stan: string | null
  readonly phase: string
  readonly target: string
  readonly outcome: Outcome
  readonly responseCode: string | null
  readonly reason: string | null
  /** Milliseconds since the start of the run. */
  readonly intendedAt: number
  readonly startedAt: number | null
  readonly writtenAt: number | null
  readonly endedAt: number
  readonly cause: string | null
  /** Masked messages as JSON. */
  readonly request: unknown
  readonly answer: unknown
}

/** Terminals speak to another host, or over another route. */
export interface Switch {
  /** From the start of the load. */
  readonly atMs: number
  readonly from: string
  readonly to: string
  readonly why: string
}

/** One part of a run that several generators made. */
export interface PartRow {
  /** From 1. */
  readonly part: number
  readonly of: number
  /** Null where nothing is known of the part. */
  readonly host: string | null
  readonly cpus: number | null
  /** Open arrivals of its share of the plan. */
  readonly planned: number | null
  readonly offered: number
  /** Null: the part is whole. Otherwise what became of it, in words. */
  readonly lost: string | null
  /** How much later than the first part it began, by the clocks of both machines, in ms. */
  readonly startSkewMs: number | null
  readonly lagP99Ms: number | null
  readonly saturated: boolean | null
  /** How the part's calendar stood to the coordinator's; left out where they had no bus. In ms. */
  readonly clock?: {
    readonly offsetMs: number
    /** The start of the part is that exact. */
    readonly uncertaintyMs: number
    /** How far it moved while the run lasted; null where that was not measured. */
    readonly driftMs: number | null
  }
}

/** The bus that held the parts of a run together. */
export interface BusRow {
  /** Its address. */
  readonly server: string
  /** The coordinator's connection to it was encrypted. */
  readonly tls: boolean
  /** Servers that kept the run. */
  readonly replicas: number
  /** When the coordinator had no bus, in ms since the start of the load. */
  readonly outages: readonly { readonly fromMs: number; readonly toMs: number }[]
}

export interface Result {
  readonly schema: 'isochron/result@1'
  readonly tool: {
    readonly name: 'isochron'
    readonly version: string
    readonly node: string
    readonly platform: string | null
    readonly cpus: number | null
  }
  readonly scenario: {
    readonly name: string
    readonly sha256: string
    readonly seed: number
    readonly remedies: readonly string[]
    readonly clock: 'real' | 'virtual'
  }
  readonly startedAt: string
  readonly endedAt: string
  readonly interrupted: boolean
  /** The threshold that ended the run before its time; left out where none did. */
  readonly abortedBy?: AbortRow
  /** The keys that protected the messages, by name and check value; null where nothing was protected. */
  readonly keys: {
    /** `test keys`, `environment`, or the key file's name. */
    readonly source: string
    readonly names: readonly string[]
    /** In the order of `names`. */
    readonly kcvs: readonly string[]
  } | null
  /** Null: connections without TLS. `insecure`: the peer's certificate was not checked. */
  readonly tls: {
    readonly insecure: boolean
    readonly ownCertificate: boolean
    readonly minVersion: string
  } | null
  readonly offered: number
  readonly substituted: number
  readonly outcomes: Outcomes
  readonly responseCodes: Record<string, number>
  /** Why transactions failed or were not sent: reason to count. */
  readonly failures: Record<string, number>
  /**
   * Transactions that a clerk tried again, by the code that the first try got, and errors that the terminal's own checks
   * found; null where there were neither.
   */
  readonly retries: {
    readonly transactions: number
    readonly firstCodes: Readonly<Record<string, number>>
    readonly caughtByChecks: number
  } | null
  readonly responseTime: Distribution
  readonly serviceTime: Distribution
  readonly echoTime: Distribution
  readonly connectTime: Distribution
  readonly timeToFunds: Distribution | null
  readonly breakdown: Breakdown
  readonly timeliness: {
    readonly responseWithinMs: number
    readonly timelyRate: number | null
    readonly fundsWithinMs: number | null
    readonly fundsTimelyRate: number | null
  }
  readonly throughput: { readonly offeredPerSecond: number | null; readonly answeredPerSecond: number | null }
  readonly lateAnswers: number
  /** Answers that belonged to no exchange, and why, for the first few. */
  readonly unmatched: { readonly count: number; readonly examples: readonly string[] }
  readonly reversals: {
    readonly created: number
    readonly acknowledged: number
    readonly pending: number
    /** Payments that were not sent, because the journal could not be written; left out where it always could. */
    readonly notJournalled?: number
  } | null
  /** Reconciliations of terminals with the host (0500), by its verdict; null where there were none. */
  readonly settlements: {
    readonly balanced: number
    readonly outOfBalance: number
    readonly unknown: number
    /** The part of `unknown` that no answer came to, sent or not; left out by earlier versions. */
    readonly unanswered?: number
  } | null
  readonly books: Books | null
  /** The fate of the lies that terminals told; null where none lied. */
  readonly lies: LieTally | null
  /** The payouts to merchants by hosts of ours; null where they are not paid, and for a host elsewhere. */
  readonly funds: Funds | null
  /** Why transactions were not timely, the most frequent first; null where nobody looked. */
  readonly causes: readonly CauseRow[] | null
  /** Transactions in evidence.jsonl; null for a run without a folder. */
  readonly evidence: EvidenceCounts | null
  readonly generator: {
    readonly lagMs: { readonly p50: number | null; readonly p99: number | null; readonly max: number | null }
    readonly eventLoopDelayMs: { readonly p99: number | null; readonly max: number | null }
    readonly terminalBusy: number
    /**
     * Processor time of the process by the time of the load: 1 is a whole core. Compiler, collector and an embedded host count too. Of
     * several generators the busiest. This and the next four are left out in results of earlier versions.
     */
    readonly cores?: number
    /**
     * Part of the time in which the generator could have run and had no processor, because other processes had them: lag that is no
     * fault of the generator's. Left out where the system does not say (it is Linux that does).
     */
    readonly waitShare?: number
    /** Collections of garbage that stopped the generator: how many, their part of the time, and the longest. */
    readonly gc?: { readonly pauses: number; readonly share: number; readonly longestMs: number }
    /** Writes that filled a connection: the peer did not take what it was sent as fast as it came. */
    readonly backPressure?: number
    /** Times that lay outside what a histogram holds (an hour), and were counted at its edge. */
    readonly clamped?: number
    readonly saturated: boolean
    /** Why, in one sentence; left out when it was not. */
    readonly saturatedBecause?: string
    /** `--allow-saturated`: no failure of the run. Left out when it is one. */
    readonly saturationAllowed?: boolean
  } | null
  /** Changes of host or route during the load; null where there is one of each. */
  readonly failover: { readonly count: number; readonly first: readonly Switch[] } | null
  /**
   * Connections and messages that the run's own hosts turned away by their limits, by the limit's name; null for a host
   * elsewhere.
   */
  readonly turnedAway: LimitCounts | null
  /** In the scenario's order; null where it names no fault. */
  readonly faults: readonly FaultRow[] | null
  /** Every part of the plan is in these figures; left out for a run of one generator. */
  readonly whole?: boolean
  /** `--allow-lost`: so many parts may be missing. Left out: none. */
  readonly lostAllowed?: number
  /** `merge --allow-mixed`: in which way parts are not of one run, a sentence each. Left out: in none. */
  readonly mixed?: readonly string[]
  /** The generators of the run; left out where there was one. */
  readonly parts?: readonly PartRow[]
  /** Left out where the parts had no bus. */
  readonly bus?: BusRow
  readonly timeline: readonly TimelineRow[]
  readonly thresholds: readonly ThresholdRow[]
  readonly slowest: readonly SlowTransaction[]
}
