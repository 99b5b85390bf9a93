// When a percentile of a run in real time is the same as in virtual time. Rule: pure; only 'yes' is a proof. What holds less
// what bare bytes take is named as not shown, and runs in which this machine was the bottleneck count for nothing.

import { medianOf } from './median.js'

/** How far the two may be apart: this share of the real time, or these milliseconds, whichever is more. */
export const tolerance = { share: 0.1, ms: 2 }
/** Runs in real time that must count. */
export const fewestRuns = 2

export interface RealRun {
  readonly realMs: number
  /** Bare bytes to another thread and back, just before. */
  readonly machineMs: number
  /** It says itself that this machine was too slow for it. */
  readonly saturated: boolean
}

export interface AgreementRow {
  readonly scenario: string
  readonly percentile: string
  /** Medians of the runs that count; NaN where there are too few. */
  readonly realMs: number
  readonly virtualMs: number
  readonly machineMs: number
  /** Runs that count, of how many. */
  readonly counted: number
  readonly runs: number
  readonly holds: 'yes' | 'less the machine' | 'no' | 'nothing can be said'
}

export function agreementRow(
  { scenario, percentile, virtualMs }: Pick<AgreementRow, 'scenario' | 'percentile' | 'virtualMs'>,
  runs: readonly RealRun[],
): AgreementRow {
  const counted = runs.filter(({ saturated }) => !saturated)
  const isEnough = counted.length >= fewestRuns
  const realMs = isEnough ? medianOf(counted.map((run) => run.realMs)) : Number.NaN
  const machineMs = isEnough ? medianOf(counted.map((run) => run.machineMs)) : Number.NaN
  const holds = isEnough ? verdictOn({ realMs, virtualMs, machineMs }) : 'nothing can be said'
  return { scenario, percentile, realMs, virtualMs, machineMs, counted: counted.length, runs: runs.length, holds }
}

function verdictOn({
  realMs,
  virtualMs,
  machineMs,
}: Pick<AgreementRow, 'realMs' | 'virtualMs' | 'machineMs'>): AgreementRow['holds'] {
  const most = Math.max(tolerance.ms, tolerance.share * realMs)
  if (Math.abs(realMs - virtualMs) <= most) return 'yes'
  // The excess over the real time: no more may be than bare bytes took, where these are later than is allowed at all.
  const excessMs = realMs - virtualMs - most
  return machineMs > tolerance.ms && excessMs > 0 && excessMs <= machineMs ? 'less the machine' : 'no'
}

/** The shortcomings of the rows that do not hold as they are; empty when all hold. */
export function shortcomingsOf(rows: readonly AgreementRow[]): readonly string[] {
  return rows.flatMap((row) => {
    const { scenario, percentile, counted, runs, holds } = row
    const name = `${scenario}, ${percentile}`
    if (holds === 'yes') return []
    if (holds === 'no') return [`${name} differs: ${figuresOf(row)}`]
    if (holds === 'less the machine')
      return [`${name} is not shown on this machine, it holds only less what bare bytes take here: ${figuresOf(row)}`]
    return [
      `${name}: nothing can be said, ${counted} of ${runs} runs count and ${fewestRuns} must: in the others this machine was the bottleneck, so let it do nothing else or use more --rounds`,
    ]
  })
}

function figuresOf({ realMs, virtualMs, machineMs }: AgreementRow): string {
  const ms = (value: number) => `${value.toFixed(2)} ms`
  return `${ms(realMs)} in real time, ${ms(virtualMs)} in virtual time, ${ms(machineMs)} of bare bytes`
}
