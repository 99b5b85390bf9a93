// Reading intervals.hlog back: the histograms of a run second by second, as compact lists of values.

import { UsageError } from '../../base/errors.js'
import { inOneGo, type Slices, sliced } from '../../base/slices.js'
import { decodeValues } from './histogram-file.js'
import { intervalTags } from './hlog.js'
import type { IntervalKind } from './timeline-row.js'

/** The values of one kind in one interval, in ms, rising, with how often each occurs. */
export interface IntervalValues {
  readonly atSecond: number
  readonly seconds: number
  readonly count: number
  readonly ms: Float64Array
  readonly counts: Float64Array
}

/**
 * The intervals of one kind, in the order of their time. Throws UsageError that names the line: anyone may have written
 * the file. `name` is the file's in errors.
 */
export const readIntervalLog = (text: string, kind: IntervalKind, name: string): readonly IntervalValues[] =>
  inOneGo(readingIntervalLog(text, kind, name))

/** The same, in slices. */
export function* readingIntervalLog(text: string, kind: IntervalKind, name: string): Slices<readonly IntervalValues[]> {
  const tag = `Tag=${intervalTags[kind]},`
  const rows: IntervalValues[] = []
  yield* sliced(
    text.split('\n'),
    (line, index) => {
      if (line.startsWith(tag)) rows.push(readLine(line.slice(tag.length), `${name}:${index + 1}:`))
    },
    8,
  )
  return rows.sort((a, b) => a.atSecond - b.atSecond)
}

function readLine(line: string, where: string): IntervalValues {
  const match = /^(\d+(?:\.\d+)?),(\d+(?:\.\d+)?),[^,]*,([A-Za-z0-9+/=]+)\s*$/.exec(line)
  if (match === null) throw new UsageError('expected a line of a histogram log: the file was cut or changed', { where })
  const [, start, length, hdr = ''] = match
  try {
    const values = decodeValues(hdr)
    return {
      atSecond: Number(start),
      seconds: Number(length),
      count: values.reduce((sum, { count }) => sum + count, 0),
      ms: Float64Array.from(values, ({ units }) => units / 1000),
      counts: Float64Array.from(values, ({ count }) => count),
    }
  } catch (cause) {
    throw new UsageError(cause instanceof Error ? cause.message : 'damaged', { where, cause })
  }
}

/** The values that these shares (0 to 1, rising) of all values do not exceed; null where there are none. */
export function quantilesOf(
  { ms, counts }: Pick<IntervalValues, 'ms' | 'counts'>,
  shares: readonly number[],
): readonly (number | null)[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return shares.map(() => null)
  let [index, seen] = [0, counts[0] as number]
  return shares.map((share) => {
    const rank = Math.max(1, Math.ceil(share * total - 1e-9))
    while (seen < rank && index < counts.length - 1) seen += counts[++index] as number
    return ms[index] as number
  })
}
