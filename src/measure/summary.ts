// From counts to the figures of a result. Pure: at any instant of a run, or from the tallies of many workers.

import type { EventLoopDelay } from '../base/process/event-loop-delay.js'
import { breakdownOf, sumOf } from './breakdown.js'
import type { TalliedDistribution } from './latency/histogram.js'
import type { Look } from './latency/recorder.js'
import type { TimelineEntry } from './latency/timeline-row.js'
import type { Distribution, Result, TimelineRow } from './result.js'
import { saturatedBecause } from './saturation.js'
import type { Tally } from './tally.js'

/** The parts of a result that measuring alone can fill. */
export type Figures = Pick<
  Result,
  | 'offered'
  | 'substituted'
  | 'outcomes'
  | 'responseCodes'
  | 'failures'
  | 'retries'
  | 'responseTime'
  | 'serviceTime'
  | 'echoTime'
  | 'connectTime'
  | 'timeToFunds'
  | 'breakdown'
  | 'timeliness'
  | 'throughput'
  | 'lateAnswers'
  | 'unmatched'
  | 'generator'
  | 'slowest'
>

export interface FiguresContext {
  /** When the arrivals ended (or now, in a run under way), in ms since the start of the run. */
  readonly loadEndedMs: number
  /** Null in virtual time, where no machine is slow: `generator` is null then. */
  readonly eventLoopDelay: EventLoopDelay | null
  readonly fundsWithinMs?: number | null
}

/** The figures of a run under way that a threshold may name, without its breakdown. */
export function figuresUnderWay(look: Look, context: FiguresContext) {
  const { outcomes, substituted, responseCodes, failures, lateAnswers, unmatched } = look
  const { responseTime, serviceTime, echoTime, connectTime } = look
  const offered = sumOf(outcomes)
  return {
    ...{ offered, outcomes, substituted, responseCodes, failures, lateAnswers, unmatched },
    ...{ responseTime, serviceTime, echoTime, connectTime },
    timeliness: { timelyRate: offered === 0 ? null : look.timely / offered },
    throughput: throughput(look, offered, context.loadEndedMs),
    generator: generator(look, context),
  }
}

export function figures(tally: Tally, context: FiguresContext): Figures {
  const offered = sumOf(tally.outcomes)
  return {
    offered,
    substituted: tally.substituted,
    outcomes: tally.outcomes,
    responseCodes: tally.responseCodes,
    failures: tally.failures,
    retries: retries(tally),
    responseTime: published(tally.responseTime),
    serviceTime: published(tally.serviceTime),
    echoTime: published(tally.echoTime),
    connectTime: published(tally.connectTime),
    timeToFunds: null,
    breakdown: breakdownOf(tally.breakdown),
    timeliness: {
      responseWithinMs: tally.timelyWithinMs,
      timelyRate: offered === 0 ? null : tally.timely / offered,
      fundsWithinMs: context.fundsWithinMs ?? null,
      fundsTimelyRate: null,
    },
    throughput: throughput(tally, offered, context.loadEndedMs),
    lateAnswers: tally.lateAnswers,
    unmatched: tally.unmatched,
    generator: generator(tally, context),
    slowest: tally.slowest,
  }
}

/** Without what only the merging of workers needs. */
function published({ sum, squares, clamped, ...distribution }: TalliedDistribution): Distribution {
  return distribution
}

/** Null where nobody erred: in runs without clerk's errors. */
function retries({ retried, firstCodes, caught }: Tally): Result['retries'] {
  return retried + caught === 0 ? null : { transactions: retried, firstCodes, caughtByChecks: caught }
}

/** Offered over the time in which cards were presented; answered over the time until the last of its answers came. */
function throughput(
  tally: Pick<Tally, 'outcomes' | 'lastAnswerMs' | 'measureFromMs'>,
  offered: number,
  loadEndedMs: number,
): Result['throughput'] {
  const answered = tally.outcomes.approved + tally.outcomes.declined
  const answersEndedMs = Math.max(loadEndedMs, tally.lastAnswerMs ?? 0)
  return {
    offeredPerSecond: perSecond(offered, loadEndedMs - tally.measureFromMs),
    answeredPerSecond: perSecond(answered, answersEndedMs - tally.measureFromMs),
  }
}

const perSecond = (count: number, overMs: number) =>
  overMs > 0 ? Math.round((count / overMs) * 1_000_000) / 1000 : null

/** Arrivals that are later than this, in ms, are late. */
const lateMs = 10
/** Seconds in which the compiler is at work. */
const coldSeconds = 2

/** Undefined while a run is under way. */
function isLateAtStartOnly(tally: Tally | Look): boolean {
  if (!('timeline' in tally)) return false
  const late = tally.timeline.filter(({ intervals }) => (intervals.lag?.max ?? 0) > lateMs)
  const coldUntil = tally.measureFromMs / 1000 + coldSeconds
  return late.length > 0 && late.length < tally.timeline.length && late.every(({ atSecond }) => atSecond < coldUntil)
}

function generator(tally: Tally | Look, { eventLoopDelay }: FiguresContext): Result['generator'] {
  if (eventLoopDelay === null) return null
  const { effort } = eventLoopDelay
  const { backPressure, clamped } = { clamped: undefined, ...tally }
  const because = saturatedBecause({
    lagP99Ms: tally.lag.p99,
    responseP50Ms: tally.responseTime.p50,
    eventLoopDelayP99Ms: eventLoopDelay.p99Ms,
    unsentUnexplained: tally.unsentUnexplained,
    ...{ effort, backPressure, isLateAtStartOnly: isLateAtStartOnly(tally) },
  })
  return {
    lagMs: { p50: tally.lag.p50, p99: tally.lag.p99, max: tally.lag.max },
    eventLoopDelayMs: { p99: eventLoopDelay.p99Ms, max: eventLoopDelay.maxMs },
    terminalBusy: tally.terminalBusy,
    ...(effort !== undefined && {
      cores: rounded(effort.cores),
      ...(effort.waitShare !== undefined && { waitShare: rounded(effort.waitShare) }),
      gc: { ...effort.gc, share: rounded(effort.gc.share) },
    }),
    ...{ backPressure, ...(clamped !== undefined && { clamped }) },
    saturated: because !== undefined,
    ...(because !== undefined && { saturatedBecause: because }),
  }
}

const rounded = (value: number) => Math.round(value * 10_000) / 10_000

/** A row of a result's timeline; which faults act in it is not known here. */
export function timelineRow(entry: TimelineEntry): TimelineRow {
  const { atSecond, seconds, outcomes, timely, inFlight, inFlightAtMost, intervals } = entry
  const { response, lag, echo } = intervals
  return {
    atSecond,
    ...(seconds > 1 && { seconds }),
    offered: sumOf(outcomes),
    ...outcomes,
    timely,
    p50: toMs(response?.p50),
    p99: toMs(response?.p99),
    max: toMs(response?.max),
    lagP99: toMs(lag?.p99),
    echoP50: toMs(echo?.p50),
    inFlight,
    ...(inFlightAtMost > inFlight && { inFlightAtMost }),
    faults: [],
  }
}

const toMs = (microseconds: number | undefined) => (microseconds === undefined ? null : microseconds / 1000)
