// The figures that the charts draw, column by column, as the page's script reads them.

import { decodeValues } from '../../measure/latency/histogram-file.js'
import { type IntervalValues, quantilesOf } from '../../measure/latency/interval-log.js'
import type { Distribution, Result, TimelineRow } from '../../measure/result.js'
import { outcomes } from '../../measure/sample.js'
import type { SavedRun } from '../saved-run.js'
import { heatMap } from './heat-map.js'

/** Where a fault was at work, in seconds since the start. */
export interface FaultBand {
  readonly name: string
  readonly from: number
  readonly to: number
}

type Column = readonly (number | null)[]

/** Steps of the spectrum for every tenfold of 1 / (1 - quantile). */
const stepsPerDecade = 16

export function chartData(run: SavedRun) {
  const { result, intervals } = run
  const { timeline } = result
  const column = (name: 'p50' | 'p99' | 'max' | 'lagP99' | 'echoP50' | 'inFlight'): Column =>
    timeline.map((row) => rounded(row[name]))
  return {
    at: timeline.map(({ atSecond }) => atSecond),
    seconds: timeline.map(({ seconds = 1 }) => seconds),
    p50: column('p50'),
    p90: p90Column(timeline, intervals),
    p99: column('p99'),
    max: column('max'),
    echoP50: column('echoP50'),
    limitMs: result.timeliness.responseWithinMs,
    outcomes: outcomes.map((outcome) => timeline.map((row) => perSecond(row[outcome], row))),
    offered: timeline.map((row) => perSecond(row.offered, row)),
    inFlight: column('inFlight'),
    lag: column('lagP99'),
    bands: faultBands(timeline),
    switches: (result.failover?.first ?? []).map(({ atMs, to }) => ({ at: atMs / 1000, to })),
    heat: heatMap(intervals),
    spectrum: spectrum(result),
  }
}

export type ChartData = ReturnType<typeof chartData>

const perSecond = (count: number, { seconds = 1 }: TimelineRow) => rounded(count / seconds)

/** Three decimals: a microsecond. */
const rounded = (value: number | null) => (value === null ? null : Math.round(value * 1000) / 1000)

/** The timeline has no p90; the interval log has every quantile. */
function p90Column(timeline: readonly TimelineRow[], intervals: readonly IntervalValues[]): Column {
  const bySecond = new Map(intervals.map((interval) => [interval.atSecond, interval]))
  return timeline.map(({ atSecond }) => {
    const interval = bySecond.get(atSecond)
    return interval === undefined ? null : rounded(quantilesOf(interval, [0.9])[0] ?? null)
  })
}

/** Stretches of seconds in which a fault was at work, in the order in which they began. */
export function faultBands(timeline: readonly TimelineRow[]): readonly FaultBand[] {
  const bands: FaultBand[] = []
  const open = new Map<string, { name: string; from: number; to: number }>()
  for (const { atSecond, seconds = 1, faults } of timeline) {
    for (const name of faults) {
      const band = open.get(name)
      if (band !== undefined && band.to === atSecond) band.to = atSecond + seconds
      else {
        const begun = { name, from: atSecond, to: atSecond + seconds }
        open.set(name, begun)
        bands.push(begun)
      }
    }
  }
  return bands
}

/** Response and service time at the same quantiles, which grow finer towards 100 %. */
function spectrum({ responseTime, serviceTime }: Result) {
  const decades = Math.ceil(Math.log10(Math.max(10, responseTime.count)))
  const x = Array.from({ length: decades * stepsPerDecade + 1 }, (_, step) => 10 ** (step / stepsPerDecade))
  const shares = x.map((distance) => 1 - 1 / distance)
  return {
    x: x.map((distance) => Math.round(distance * 1000) / 1000),
    response: quantiles(responseTime, shares),
    service: quantiles(serviceTime, shares),
  }
}

/** A histogram that cannot be read has no spectrum; the report is made all the same. */
function quantiles(distribution: Distribution, shares: readonly number[]): Column {
  const values = valuesOf(distribution)
  const most = 1 - 1 / Math.max(1, distribution.count)
  const counts = values.map(({ count }) => count)
  const ms = values.map(({ units }) => units / (distribution.hdrUnit === 'us' ? 1000 : 1))
  const found = quantilesOf({ ms: Float64Array.from(ms), counts: Float64Array.from(counts) }, shares)
  return found.map((value, index) => ((shares[index] as number) > most ? null : rounded(value)))
}

function valuesOf({ hdr, count }: Distribution) {
  if (count === 0 || hdr === '') return []
  try {
    return decodeValues(hdr)
  } catch {
    return []
  }
}
