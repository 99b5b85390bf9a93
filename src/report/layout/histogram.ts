// The distribution of the response times as ten rows of characters.

import { decodeValues } from '../../measure/latency/histogram-file.js'
import type { Distribution } from '../../measure/result.js'
import { formatCount, formatMs } from './figures.js'

const mostRows = 10
/** Characters of the longest bar, and of what stands beside it. */
const widestBar = 40
const besideBar = 30

/** Rows of equal ratio from the least to the greatest time; none where there is no shape to show. */
export function histogramLines(times: Distribution, columns = 80): readonly string[] {
  const { min, max, hdr, hdrUnit, count } = times
  if (min === null || max === null || hdr === '' || count === 0 || max <= min) return []
  const low = Math.max(min, 0.001)
  const ratio = (max / low) ** (1 / mostRows)
  if (!(ratio > 1.01)) return []
  const rows = new Array<number>(mostRows).fill(0)
  for (const { units, count: times } of valuesOf(hdr)) {
    const ms = Math.max(low, units / (hdrUnit === 'us' ? 1000 : 1))
    const row = Math.min(mostRows - 1, Math.max(0, Math.floor(Math.log(ms / low) / Math.log(ratio))))
    rows[row] = (rows[row] as number) + times
  }
  const most = Math.max(...rows)
  const width = Math.min(widestBar, Math.max(8, columns - besideBar))
  return rows.map((times, row) => {
    const bar = '█'.repeat(times === 0 ? 0 : Math.max(1, Math.round((times / most) * width)))
    return `${`≤ ${formatMs(low * ratio ** (row + 1))}`.padStart(13)} ${formatCount(times).padStart(11)}  ${bar}`.trimEnd()
  })
}

function valuesOf(hdr: string) {
  try {
    return decodeValues(hdr)
  } catch {
    return []
  }
}
