// Takes every sample of a run as it ends and keeps what the result needs. Rule: a transaction counts by the time at which
// its card was to be presented. What was to begin during the warm-up is in no figure, whenever it ends.

import { inOneGo, type Slices } from '../../base/slices.js'
import { createBreakdown, type RowUnderWay, sumOf } from '../breakdown.js'
import { Meter, type Metered } from '../meter.js'
import type { Outcomes } from '../result.js'
import { isTimely, outcomes, responseTime, type Sample, serviceTime } from '../sample.js'
import { createWordCounts, type Tally, timeKinds } from '../tally.js'
import type { BreakdownKind } from '../threshold.js'
import { CountedTime, type TimeFigures, TimeHistogram } from './histogram.js'
import { Recent, type RecentFigures } from './recent.js'
import { createSlowest, type LateMasked, slowTransaction } from './slowest.js'
import { createTimeline, maxTimelineRows, type Timeline } from './timeline.js'
import { type IntervalKind, noOutcomes } from './timeline-row.js'

/** Explanations kept of answers that belonged to no exchange; all are counted. */
const maxUnmatchedExamples = 5

/** Instants are ms of the run's clock. */
export interface RecorderOptions {
  /** When the load begins: zero of the timeline. */
  readonly startedAt: number
  /** End of the warm-up; left out: there is none. */
  readonly measureFrom?: number
  /** The response time up to which an answer is timely. */
  readonly timelyWithinMs: number
  /** Counters for a monitoring system are kept too; left out: none. */
  readonly metered?: boolean
  /** True: the counts since the last cut are kept too, for whoever adds up a run from afar; left out: they are not. */
  readonly cuts?: boolean
  /** It records a piece out of a run; left out: from the beginning. */
  readonly isPiece?: boolean
}

interface AddOptions {
  /** It is what the same worker recorded next; left out: another worker of the same run did. */
  readonly sameWorker?: boolean
}

/** A look at a run under way: counts of all that is measured, figures of the time since the last look. */
export interface Snapshot extends RecentFigures {
  readonly offered: number
  readonly outcomes: Outcomes
  readonly timely: number
  readonly inFlight: number
  readonly responseCodes: Readonly<Record<string, number>>
  /** Left out where nobody asked for it. */
  readonly metered?: Metered
}

type Counted = Omit<Tally, 'breakdown' | 'clamped' | 'slowest' | 'timeline' | (typeof timeKinds)[number]>

/** All that a run under way can be judged by: a tally whose times are figures alone. */
export interface Look extends Counted, Readonly<Record<(typeof timeKinds)[number], TimeFigures>> {
  /** Undefined where nothing of that name has ended yet. */
  row(kind: BreakdownKind, name: string): RowUnderWay | undefined
}

type Counter =
  | 'timely'
  | 'substituted'
  | 'retried'
  | 'caught'
  | 'lateAnswers'
  | 'unmatched'
  | 'terminalBusy'
  | 'backPressure'
  | 'unsentUnexplained'
const addedUp = [
  ...(['timely', 'substituted', 'retried', 'caught', 'lateAnswers'] as const),
  ...(['terminalBusy', 'backPressure', 'unsentUnexplained'] as const),
]
/** Which distribution of the result a kind of interval belongs to. */
const timeOf = { response: 'responseTime', service: 'serviceTime', echo: 'echoTime', lag: 'lag' } as const

/**
 * Lives until `destroy()`. Instants are ms of the run's clock. Where `at` may be left out, the event counts whenever it
 * happens; given, not during the warm-up. What takes events may be handed out as a callback of its own.
 */
export class Recorder {
  readonly #startedAt: number
  readonly #measureFrom: number
  readonly #timelyWithinMs: number
  readonly #counters: Record<Counter, number> = {
    timely: 0,
    substituted: 0,
    retried: 0,
    caught: 0,
    lateAnswers: 0,
    unmatched: 0,
    terminalBusy: 0,
    backPressure: 0,
    unsentUnexplained: 0,
  }
  readonly #outcomes = noOutcomes()
  readonly #times: Readonly<Record<(typeof timeKinds)[number], TimeHistogram>> = {
    responseTime: new TimeHistogram(),
    serviceTime: new TimeHistogram(),
    echoTime: new TimeHistogram(),
    connectTime: new TimeHistogram(),
    lag: new TimeHistogram(),
  }
  readonly #breakdown = createBreakdown()
  readonly #slowest = createSlowest()
  readonly #recent: Recent
  readonly #timeline: Timeline
  readonly #responseCodes = createWordCounts()
  readonly #failures = createWordCounts()
  readonly #firstCodes = createWordCounts()
  readonly #unmatchedExamples: string[] = []
  readonly #meter: Meter | undefined
  #underWay = 0
  /** The time at hand. */
  readonly #measured = new CountedTime()
  #lastAnswerMs: number | null = null
  #isDestroyed = false
  readonly #options: RecorderOptions
  /** The counts since the last cut. */
  #since: Recorder | undefined

  constructor(options: RecorderOptions) {
    const { startedAt, measureFrom = startedAt, timelyWithinMs, metered = false } = options
    this.#options = options
    if (options.cuts === true) this.#since = new Recorder(pieceOf(options))
    this.#meter = metered ? new Meter() : undefined
    this.#startedAt = startedAt
    this.#measureFrom = measureFrom
    this.#timelyWithinMs = timelyWithinMs
    this.#timeline = createTimeline(Math.floor((measureFrom - startedAt) / 1000), maxTimelineRows, options.isPiece)
    this.#recent = new Recent(startedAt)
  }

  /** Counts one transaction. `evidence` is asked only when it is among the slowest, for what will make the evidence some day. */
  readonly record = (sample: Sample, evidence?: () => LateMasked): void => {
    this.#since?.record(sample, evidence)
    const response = responseTime(sample)
    const isAnswered = sample.outcome === 'approved' || sample.outcome === 'declined'
    const measured = response === undefined ? undefined : this.#measured.of(response)
    this.#recent.ended(measured)
    this.#metered(sample, response)
    if (!this.#isMeasured(sample.intendedAt)) return
    const offset = sample.intendedAt - this.#startedAt
    const timely = isTimely(sample, this.#timelyWithinMs)
    this.#outcomes[sample.outcome]++
    if (timely) this.#counters.timely++
    if (isAnswered) this.#lastAnswerMs = Math.max(this.#lastAnswerMs ?? 0, sample.endedAt - this.#startedAt)
    this.#countWords(sample)
    this.#timeline.count(offset, sample.outcome, timely)
    this.#breakdown.record(sample, measured, timely)
    if (measured !== undefined) this.#time('response', measured, offset)
    const service = serviceTime(sample)
    if (service !== undefined) this.#time('service', this.#measured.of(service), offset)
    if (this.#slowest.wouldKeep(response)) {
      this.#slowest.keep(slowTransaction(sample, this.#startedAt), evidence?.())
    }
  }

  /** Counts `times` arrivals that were never taken up, all like this one. */
  readonly neverBegun = (sample: Sample, times: number): void => {
    this.#since?.neverBegun(sample, times)
    this.#recent.ended(undefined, times)
    this.#metered(sample, undefined, times)
    if (!this.#isMeasured(sample.intendedAt)) return
    this.#outcomes[sample.outcome] += times
    this.#countWords(sample, times)
    this.#timeline.count(sample.intendedAt - this.#startedAt, sample.outcome, false, times)
    this.#breakdown.record(sample, undefined, false, times)
  }

  /** Whether `record` would ask for evidence: gather it only then. */
  readonly wouldKeep = (sample: Sample): boolean => {
    return this.#isMeasured(sample.intendedAt) && this.#slowest.wouldKeep(responseTime(sample))
  }

  /** An echo probe that was sent at `at` took so long. */
  readonly echo = (ms: number, at: number): void => {
    this.#since?.echo(ms, at)
    if (this.#isMeasured(at)) this.#time('echo', this.#measured.of(ms), at - this.#startedAt)
  }

  /** A connection took so long to open. Warm-up included: most connections open before the first transaction. */
  readonly connect = (ms: number): void => {
    this.#since?.connect(ms)
    this.#times.connectTime.record(ms)
  }

  /** `times` arrivals due at `at` were handed over so late. */
  readonly lag = (ms: number, at: number, times = 1): void => {
    this.#since?.lag(ms, at, times)
    const measured = this.#measured.of(ms)
    this.#recent.arrived(measured, times)
    if (this.#isMeasured(at)) this.#time('lag', measured, at - this.#startedAt, times)
  }

  /** An answer after the terminal gave up. `at`: the transaction's intended time. */
  readonly late = (at?: number): void => {
    this.#since?.late(at)
    this.#count('lateAnswers', at)
  }

  /** An answer that belongs to no exchange, and why. */
  readonly unmatched = (explanation: string, at?: number): void => {
    this.#since?.unmatched(explanation, at)
    if (!this.#isMeasured(at)) return
    this.#counters.unmatched++
    this.#keepExample(explanation)
  }

  /** An arrival had to wait for an idle terminal. `at`: its intended time. */
  readonly busy = (at?: number): void => {
    this.#since?.busy(at)
    this.#count('terminalBusy', at)
  }

  /** A write filled a connection at that instant: its peer takes what it is sent more slowly than it comes. */
  readonly backPressed = (at: number): void => {
    this.#since?.backPressed(at)
    this.#count('backPressure', at)
  }

  /** Another kind of transaction was sent because the one drawn was not possible. `at`: its intended time. */
  readonly substituted = (at?: number): void => {
    this.#since?.substituted(at)
    this.#count('substituted', at)
  }

  /** The terminal's own checks found what a clerk had entered wrongly. `at`: its intended time. */
  readonly caught = (at?: number): void => {
    this.#since?.caught(at)
    this.#count('caught', at)
  }

  /** So many transactions more (or fewer) are under way. */
  readonly inFlight = (delta: number, at: number): void => {
    this.#since?.inFlight(delta, at)
    this.#underWay += delta
    if (this.#isMeasured(at)) this.#timeline.inFlight(at - this.#startedAt, this.#underWay)
  }

  /** For one reader: the next look begins where this one ended. */
  snapshot(now: number): Snapshot {
    const counts = { ...this.#outcomes }
    return {
      offered: sumOf(counts),
      outcomes: counts,
      timely: this.#counters.timely,
      inFlight: this.#underWay,
      responseCodes: this.#responseCodes.record(),
      ...(this.#meter === undefined ? {} : { metered: this.#meter.read() }),
      ...this.#recent.read(now),
    }
  }

  /** Cheap enough for every second of a run. */
  look(): Look {
    const { responseTime, serviceTime, echoTime, connectTime, lag } = this.#times
    return {
      ...this.#counted(),
      responseTime: responseTime.shape(),
      serviceTime: serviceTime.shape(),
      echoTime: echoTime.shape(),
      connectTime: connectTime.shape(),
      lag: lag.shape(),
      row: (kind, name) => this.#breakdown.row(kind, name),
    }
  }

  /** Everything counted so far, as plain data that may be sent to another thread. */
  tally(): Tally {
    const { responseTime, serviceTime, echoTime, connectTime, lag } = this.#times
    return {
      ...this.#counted(),
      responseTime: responseTime.tallied(),
      serviceTime: serviceTime.tallied(),
      echoTime: echoTime.tallied(),
      connectTime: connectTime.tallied(),
      lag: lag.tallied(),
      breakdown: this.#breakdown.tallied(),
      clamped: timeKinds.reduce((sum, kind) => sum + this.#times[kind].clamped, 0),
      slowest: this.#slowest.list(),
      timeline: this.#timeline.entries(),
    }
  }

  /** Takes what was counted since the last cut; all cuts of a run add up to its tally. Only where `cuts` was asked for. */
  cut(): Tally {
    const since = this.#since
    if (since === undefined) throw new Error('this recorder keeps no cuts')
    const tally = since.tally()
    since.destroy()
    this.#since = new Recorder(pieceOf(this.#options))
    this.#since.#underWay = this.#underWay
    return tally
  }

  /** Adds what another worker of the same run recorded, or, `sameWorker`, what the same one recorded next. */
  add(other: Tally, options?: AddOptions): void {
    inOneGo(this.adding(other, options))
  }

  /** The same, in slices: a long run has thousands of histograms. */
  *adding(other: Tally, { sameWorker = false }: AddOptions = {}): Slices<void> {
    for (const outcome of outcomes) this.#outcomes[outcome] += other.outcomes[outcome]
    for (const name of addedUp) {
      // A part that an earlier version wrote does not know every counter.
      this.#counters[name] += other[name] ?? 0
    }
    this.#counters.unmatched += other.unmatched.count
    for (const example of other.unmatched.examples) this.#keepExample(example)
    for (const [code, count] of Object.entries(other.responseCodes)) this.#responseCodes.count(code, count)
    for (const [reason, count] of Object.entries(other.failures)) this.#failures.count(reason, count)
    for (const [code, count] of Object.entries(other.firstCodes)) this.#firstCodes.count(code, count)
    for (const kind of timeKinds) this.#times[kind].add(other[kind])
    this.#breakdown.add(other.breakdown)
    if (other.lastAnswerMs !== null) this.#lastAnswerMs = Math.max(this.#lastAnswerMs ?? 0, other.lastAnswerMs)
    for (const transaction of other.slowest) this.#slowest.keep(transaction)
    yield* this.#timeline.adding(other.timeline, sameWorker)
  }

  /** Gives the memory of the histograms back. Idempotent; the recorder must not be used again. */
  destroy(): void {
    if (this.#isDestroyed) return
    this.#isDestroyed = true
    this.#since?.destroy()
    for (const kind of timeKinds) this.#times[kind].destroy()
    this.#recent.destroy()
  }

  #counted(): Counted {
    const { unmatched, ...counters } = this.#counters
    return {
      measureFromMs: this.#measureFrom - this.#startedAt,
      timelyWithinMs: this.#timelyWithinMs,
      outcomes: { ...this.#outcomes },
      ...counters,
      unmatched: { count: unmatched, examples: [...this.#unmatchedExamples] },
      responseCodes: this.#responseCodes.record(),
      failures: this.#failures.record(),
      firstCodes: this.#firstCodes.record(),
      lastAnswerMs: this.#lastAnswerMs,
    }
  }

  #metered(sample: Sample, ms: number | undefined, times = 1): void {
    if (this.#meter === undefined) return
    const { type, phase, outcome } = sample
    this.#meter.record({ type, phase, outcome, ms, timely: isTimely(sample, this.#timelyWithinMs) }, times)
  }

  #isMeasured(at: number | undefined): boolean {
    return at === undefined || at >= this.#measureFrom
  }

  #count(name: Counter, at: number | undefined): void {
    if (this.#isMeasured(at)) this.#counters[name]++
  }

  #time(kind: IntervalKind, measured: CountedTime, offset: number, times = 1): void {
    this.#times[timeOf[kind]].take(measured, times)
    this.#timeline.time(offset, kind, measured, times)
  }

  #countWords({ outcome, responseCode, reason, backPressure, tries, firstCode }: Sample, times = 1): void {
    if (tries > 1) this.#counters.retried += times
    if (tries > 1 && firstCode !== undefined) this.#firstCodes.count(firstCode, times)
    if (responseCode !== undefined) this.#responseCodes.count(responseCode, times)
    if (outcome === 'failed' || outcome === 'unsent') this.#failures.count(reason ?? outcome, times)
    if (outcome === 'unsent' && !backPressure) this.#counters.unsentUnexplained += times
  }

  #keepExample(example: string): void {
    const examples = this.#unmatchedExamples
    if (examples.length < maxUnmatchedExamples && !examples.includes(example)) examples.push(example)
  }
}

export const createRecorder = (options: RecorderOptions): Recorder => new Recorder(options)

const pieceOf = (options: RecorderOptions): RecorderOptions => ({
  ...options,
  cuts: false,
  metered: false,
  isPiece: true,
})
