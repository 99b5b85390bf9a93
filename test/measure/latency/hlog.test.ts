import { HistogramLogReader, listTags } from 'hdr-histogram-js'
import { expect, test } from 'vitest'
import { intervalLog } from '../../../src/measure/latency/hlog.js'
import { createRecorder } from '../../../src/measure/latency/recorder.js'
import { sampleOf } from '../sample-of.js'

const startedAtWall = Date.UTC(2026, 0, 2, 3, 4, 5)

test('the interval log is read back by the tools of HdrHistogram, second by second and tag by tag', () => {
  const recorder = createRecorder({ startedAt: 0, timelyWithinMs: 3000 })
  for (let index = 0; index < 30; index++) {
    recorder.record(sampleOf({ intendedAt: index * 100, writtenAt: index * 100 + 10, tookMs: 50 + index }))
    recorder.lag(0.5, index * 100)
  }
  recorder.echo(2, 1500)
  const log = [...intervalLog(recorder.tally().timeline, startedAtWall)].join('')
  recorder.destroy()

  expect(listTags(log)).toEqual(['RESPONSE', 'SERVICE', 'LAG', 'ECHO'])
  const reader = new HistogramLogReader(log, 64)
  const found: string[] = []
  for (let histogram = reader.nextIntervalHistogram(); histogram !== null; histogram = reader.nextIntervalHistogram()) {
    const second = (histogram.startTimeStampMsec - startedAtWall) / 1000
    const length = histogram.endTimeStampMsec - histogram.startTimeStampMsec
    found.push(
      `${second}+${length / 1000} ${histogram.tag} ${histogram.totalCount} ${histogram.getValueAtPercentile(100)}`,
    )
  }
  expect(found).toEqual([
    '0+1 RESPONSE 10 59007',
    '0+1 SERVICE 10 49023',
    '0+1 LAG 10 500',
    '1+1 RESPONSE 10 69055',
    '1+1 SERVICE 10 59007',
    '1+1 ECHO 1 2000',
    '1+1 LAG 10 500',
    '2+1 RESPONSE 10 79039',
    '2+1 SERVICE 10 69055',
    '2+1 LAG 10 500',
  ])
})

test('the head of the log names its version, and its start in a way that does not depend on the machine', () => {
  expect([...intervalLog([], startedAtWall)].join('').split('\n')).toEqual([
    '#[Histogram log format version 1.3]',
    '#[StartTime: 1767323045.000 (seconds since epoch), 2026-01-02T03:04:05.000Z]',
    '#[BaseTime: 1767323045.000 (seconds since epoch)]',
    '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"',
    '',
  ])
})
