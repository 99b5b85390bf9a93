// How many arrivals a second a host keeps up with: which rates are tried, and what the curve of them says. Pure.

import { counted } from '../base/text/counted.js'
import type { Outcomes, Result } from './result.js'

/** One rate, held for long enough to judge the condition. */
export interface CapacityStep {
  readonly ratePerSecond: number
  /** Without the warm-up. */
  readonly seconds: number
  readonly offered: number
  readonly p50: number | null
  readonly p99: number | null
  readonly timelyRate: number | null
  readonly outcomes: Outcomes
  /** Arrivals that found every terminal busy. */
  readonly terminalBusy: number
  /** The value that the condition is about; null where there was none. */
  readonly actual: number | boolean | null
  readonly kept: boolean
  /** Why the generator was the limit; null where it was not. */
  readonly saturatedBecause: string | null
}

export interface Capacity {
  readonly schema: 'isochron/capacity@1'
  readonly scenario: string
  /** The condition, as a threshold is written. */
  readonly condition: string
  /** The highest rate that was kept; null: none was. */
  readonly keptPerSecond: number | null
  /** The lowest rate above it that was not; null: none was tried. */
  readonly missedPerSecond: number | null
  /** The reason why the search ended. */
  readonly limitedBy: 'host' | 'generator' | 'terminals' | 'range' | 'interrupted'
  /** In a sentence, for people. */
  readonly because: string
  /** The curve, by rate. */
  readonly steps: readonly CapacityStep[]
}

/** From the first step to the last, arrivals a second. */
export interface CapacityRange {
  readonly from: number
  readonly to: number
}

/** The highest rate that is looked for: what no generator in one process can send. */
export const mostPerSecond = 1_000_000
/** The search ends when the rate that is missed is not further above the one that is kept. */
const closeEnough = 1.1

/** The next rate to try; undefined when the answer is known well enough. */
export function nextRate(steps: readonly CapacityStep[], { from, to }: CapacityRange): number | undefined {
  const { kept, missed } = bounds(steps)
  if (steps.some(({ saturatedBecause }) => saturatedBecause !== null)) return undefined
  if (missed === undefined) {
    if (kept === undefined) return from
    return kept >= to ? undefined : Math.min(to, 2 * kept)
  }
  // Nothing is kept so far: what is less may be.
  if (kept === undefined) return missed > 1 ? Math.max(1, Math.floor(missed / 4)) : undefined
  const middle = Math.round((kept + missed) / 2)
  return missed / kept <= closeEnough || middle === kept || middle === missed ? undefined : middle
}

function bounds(steps: readonly CapacityStep[]) {
  const missed = Math.min(...steps.filter((step) => !step.kept).map(({ ratePerSecond }) => ratePerSecond))
  const kept = Math.max(
    ...steps.filter((step) => step.kept && step.ratePerSecond < missed).map(({ ratePerSecond }) => ratePerSecond),
  )
  return { kept: kept > 0 ? kept : undefined, missed: Number.isFinite(missed) ? missed : undefined }
}

/** Samples beyond the percentile that make it one. */
const samplesBeyond = 10

/**
 * Seconds that a step is held, without its warm-up: until so many samples lie beyond the percentile that the condition names,
 * or for the shares of a run.
 */
export function secondsOf(condition: string, ratePerSecond: number): number {
  const nines = /\.p(\d{2,4})\b/.exec(condition)?.[1]
  const beyond = nines === undefined ? 0.01 : 1 - Number(`0.${nines}`)
  const needed = samplesBeyond / beyond / ratePerSecond
  return Math.ceil(Math.min(120, Math.max(5, needed)))
}

export function stepOf(result: Result, ratePerSecond: number, seconds: number): CapacityStep {
  const threshold = result.thresholds.at(-1)
  const { generator } = result
  return {
    ...{ ratePerSecond, seconds, offered: result.offered },
    p50: result.responseTime.p50,
    p99: result.responseTime.p99,
    timelyRate: result.timeliness.timelyRate,
    outcomes: result.outcomes,
    terminalBusy: generator?.terminalBusy ?? 0,
    actual: threshold?.actual ?? null,
    kept: threshold?.met === true,
    saturatedBecause: generator?.saturatedBecause ?? null,
  }
}

export function capacityOf(
  { scenario, condition }: { readonly scenario: string; readonly condition: string },
  steps: readonly CapacityStep[],
  interrupted: boolean,
): Capacity {
  // A rate that the generator did not send says nothing of the host.
  const { kept, missed } = bounds(steps.filter(({ saturatedBecause }) => saturatedBecause === null))
  const saturated = steps.find(({ saturatedBecause }) => saturatedBecause !== null)
  const missedStep = steps.find(({ ratePerSecond }) => ratePerSecond === missed)
  const [limitedBy, because] = verdict({ kept, missedStep, saturated, interrupted, condition })
  return {
    schema: 'isochron/capacity@1',
    ...{ scenario, condition, limitedBy, because },
    keptPerSecond: kept ?? null,
    missedPerSecond: missed ?? null,
    steps: [...steps].sort((one, other) => one.ratePerSecond - other.ratePerSecond),
  }
}

function verdict(found: {
  readonly kept: number | undefined
  readonly missedStep: CapacityStep | undefined
  readonly saturated: CapacityStep | undefined
  readonly interrupted: boolean
  readonly condition: string
}): [Capacity['limitedBy'], string] {
  const { kept, missedStep, saturated, interrupted, condition } = found
  const best = kept === undefined ? 'no rate was kept' : `${kept}/s was kept`
  if (interrupted) return ['interrupted', `the search was interrupted: ${best} so far`]
  if (saturated !== undefined && missedStep === undefined)
    return [
      'generator',
      `this generator is the limit, not the host: ${best}, and at ${saturated.ratePerSecond}/s ${saturated.saturatedBecause}`,
    ]
  if (missedStep === undefined) return ['range', `${best}, the highest rate that was looked for`]
  if (missedStep.terminalBusy > 0)
    return [
      'terminals',
      `the terminals are the limit: ${best}, and at ${missedStep.ratePerSecond}/s ${counted(missedStep.terminalBusy, 'arrival')} found every terminal busy; raise terminals.count to load the host further`,
    ]
  return ['host', `the host keeps ${condition} up to ${kept ?? 0}/s, and not at ${missedStep.ratePerSecond}/s`]
}
