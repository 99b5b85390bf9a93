// response-time.hgrm: percentiles in the text form of HdrHistogram, values in ms, as its plotters read them.

import { decodeHistogram } from '../measure/latency/histogram-file.js'
import type { Distribution } from '../measure/result.js'

/** Percentile distribution of a saved histogram. Throws UsageError when the histogram is damaged. */
export function printHgrm(distribution: Distribution): string {
  const { mean, stdev, max } = distribution
  const rows = [...decodeHistogram(distribution).percentiles()].map(({ ms, quantile, count }) => {
    const line = `${number(ms, 3, 12)} ${quantile.toFixed(12)} ${String(count).padStart(10)}`
    // At 100 % the last column would be infinite; HdrHistogram leaves it out.
    return quantile < 1 ? `${line} ${number(1 / (1 - quantile), 2, 14)}` : line
  })
  return [
    '       Value     Percentile TotalCount 1/(1-Percentile)',
    '',
    ...rows,
    `#[Mean    = ${number(mean ?? 0, 3, 12)}, StdDeviation   = ${number(stdev ?? 0, 3, 12)}]`,
    `#[Max     = ${number(max ?? 0, 3, 12)}, Total count    = ${String(distribution.count).padStart(12)}]`,
    '',
  ].join('\n')
}

const number = (value: number, decimals: number, width: number) => value.toFixed(decimals).padStart(width)
