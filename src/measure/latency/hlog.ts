// intervals.hlog: one histogram for every second of a run, in HdrHistogram's log format 1.3, for the tools that read it.
// Values are µs, the column Interval_Max is ms, and times are seconds since the start of the run.

import { HistogramLogWriter } from 'hdr-histogram-js'
import { unpackInterval } from './interval.js'
import { type IntervalKind, intervalKinds, type TimelineEntry } from './timeline-row.js'

/** Tags of the log's lines. */
export const intervalTags: Readonly<Record<IntervalKind, string>> = {
  response: 'RESPONSE',
  service: 'SERVICE',
  echo: 'ECHO',
  lag: 'LAG',
}

/** The log, piece by piece so that a long one need not be held whole. `startedAtWall` is ms since 1970. */
export function* intervalLog(timeline: readonly TimelineEntry[], startedAtWall: number): Generator<string> {
  let lines: string[] = []
  const writer = new HistogramLogWriter((text) => lines.push(text))
  const flush = () => {
    const text = lines.join('')
    lines = []
    return text
  }
  const seconds = (startedAtWall / 1000).toFixed(3)
  writer.outputLogFormatVersion()
  writer.outputComment(`[StartTime: ${seconds} (seconds since epoch), ${new Date(startedAtWall).toISOString()}]`)
  writer.outputComment(`[BaseTime: ${seconds} (seconds since epoch)]`)
  writer.outputLegend()
  yield flush()
  for (const entry of timeline) {
    for (const kind of intervalKinds) writeInterval(writer, entry, kind)
    yield flush()
  }
}

function writeInterval(writer: HistogramLogWriter, entry: TimelineEntry, kind: IntervalKind): void {
  const packed = entry.intervals[kind]
  if (packed === undefined) return
  const histogram = unpackInterval(packed.bytes)
  histogram.tag = intervalTags[kind]
  writer.outputIntervalHistogram(histogram, entry.atSecond, entry.atSecond + entry.seconds)
  histogram.destroy()
}
