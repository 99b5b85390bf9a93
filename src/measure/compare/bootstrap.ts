// One run a side: circular block bootstrap over seconds (Politis and Romano, 1992). Neighbouring seconds are alike, so
// they are drawn in blocks; seconds with injected faults are drawn for each other only.

import { createRandom, type Random } from '../../base/random.js'
import { type ComparedFigure, comparedFigures, scaled } from './figures.js'
import type { Series, TimeBlock } from './seconds.js'

const resamples = 2000
/** Seconds of a block at least. */
const leastBlockSeconds = 5
/** Neighbours are alike while the autocorrelation of their medians is above this. */
const alike = 0.2
/** Blocks that a run must have: fewer say nothing of how much seconds differ. */
export const leastBlocks = 10

/** Differences of side b to side a, sorted; log ratios, or shares. */
export type Differences = Readonly<Record<ComparedFigure, readonly number[]>>

/** Undefined where a run is too short. Equal runs and seeds give equal differences. */
export function bootstrap(a: Series, b: Series, seed: number): Differences | undefined {
  const block = Math.max(blockOf(a), blockOf(b))
  if (Math.min(a.units.length, b.units.length) / block < leastBlocks) return undefined
  const random = createRandom(seed)
  const drawn = Object.fromEntries(comparedFigures.map((figure) => [figure, [] as number[]])) as Record<
    ComparedFigure,
    number[]
  >
  for (let round = 0; round < resamples; round++) {
    const before = figuresOf(a, draw(a.units, block, random))
    const after = figuresOf(b, draw(b.units, block, random))
    for (const figure of comparedFigures)
      drawn[figure].push(scaled(figure, after[figure]) - scaled(figure, before[figure]))
  }
  for (const figure of comparedFigures) drawn[figure].sort((x, y) => x - y)
  return drawn
}

/** Units of a block: five seconds, or twice as long as neighbours are alike. */
export function blockOf({ units }: Series): number {
  const least = Math.max(1, Math.ceil(leastBlockSeconds / (units[0]?.seconds ?? 1)))
  const medians = units.flatMap(({ p50 }) => (p50 === null ? [] : [p50]))
  const mean = medians.reduce((sum, value) => sum + value, 0) / Math.max(1, medians.length)
  const variance = medians.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  if (variance === 0) return least
  for (let lag = 1; lag < medians.length; lag++) {
    let covariance = 0
    for (let at = lag; at < medians.length; at++)
      covariance += ((medians[at] as number) - mean) * ((medians[at - lag] as number) - mean)
    if (covariance / variance < alike) return Math.max(least, 2 * lag)
  }
  return medians.length
}

function draw(units: readonly TimeBlock[], block: number, random: Random): readonly TimeBlock[] {
  return [true, false].flatMap((faulty) => {
    const stratum = units.filter((unit) => unit.faulty === faulty)
    const drawn: TimeBlock[] = []
    while (drawn.length < stratum.length) {
      const start = Math.floor(random.next() * stratum.length)
      for (let at = 0; at < block && drawn.length < stratum.length; at++)
        drawn.push(stratum[(start + at) % stratum.length] as TimeBlock)
    }
    return drawn
  })
}

const shares = [0.5, 0.9, 0.99, 0.999]

/** The figures of these units together; a percentile of nothing is a thousandth of a ms. */
function figuresOf({ ms }: Series, units: readonly TimeBlock[]): Record<ComparedFigure, number> {
  const counts = new Float64Array(ms.length)
  const total = { seconds: 0, offered: 0, timely: 0, answered: 0, lost: 0, times: 0 }
  for (const { places, counts: own, ...unit } of units) {
    for (const name of ['seconds', 'offered', 'timely', 'answered', 'lost'] as const) total[name] += unit[name]
    for (let index = 0; index < places.length; index++) {
      counts[places[index] as number]! += own[index] as number
      total.times += own[index] as number
    }
  }
  let [place, seen] = [0, counts[0] ?? 0]
  const [p50 = 0, p90 = 0, p99 = 0, p999 = 0] = shares.map((share) => {
    while (seen < share * total.times - 1e-9 && place < ms.length - 1) seen += counts[++place] as number
    return Math.max(0.001, ms[place] ?? 0)
  })
  const offered = Math.max(1, total.offered)
  return {
    ...{ 'responseTime.p50': p50, 'responseTime.p90': p90, 'responseTime.p99': p99, 'responseTime.p999': p999 },
    timelyRate: total.timely / offered,
    failedAndUnsent: total.lost / offered,
    'throughput.answeredPerSecond': Math.max(0.001, total.answered / Math.max(1, total.seconds)),
  }
}
