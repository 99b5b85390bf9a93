// The reports of one made-up result, word for word.

import { build, encodeIntoCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { printHgrm } from '../../src/report/hgrm.js'
import { printJson } from '../../src/report/json.js'
import { headline } from '../../src/report/layout/headline.js'
import { printMarkdown } from '../../src/report/markdown.js'
import { printSummary } from '../../src/report/summary.js'
import { empty, sample } from './sample-result.js'
import { savedResult } from './saved-sample.js'

const firstLine =
  'offered 1,000  approved 950  declined 30  timedOut 10  failed 6  unsent 4; failed+unsent 1 %; generator not saturated'

describe('the first line', () => {
  test('says what was offered, what became of it, and whether to trust it', () => {
    expect(headline(sample)).toBe(firstLine)
  })

  test('says that the generator was saturated', () => {
    const generator = { ...(sample.generator as NonNullable<typeof sample.generator>), saturated: true }
    expect(headline({ ...sample, generator })).toContain('generator SATURATED: this machine was the bottleneck')
    const because = 'other processes kept the processor from it for 12.0 % of the time'
    const said = { ...sample, generator: { ...generator, saturatedBecause: because } }
    for (const text of [printSummary(said), printMarkdown(said)])
      expect(text).toContain(`saturated because: ${because}`)
    for (const text of [printSummary(sample), printMarkdown(sample)]) expect(text).not.toContain('saturated because')
  })

  test('says that the run was interrupted, and that nothing is known of a share of nothing', () => {
    const nothing = { approved: 0, declined: 0, timedOut: 0, failed: 0, unsent: 0 }
    const line = headline({ ...sample, interrupted: true, offered: 0, outcomes: nothing, generator: null })
    expect(line).toContain('failed+unsent –; generator: simulated time; INTERRUPTED')
  })
})

test('the summary', () => {
  expect(printSummary(sample)).toBe(`FAIL 2 of 3: timelyRate 98 %, limit 99 %; books.agree not known; failed+unsent 1 %
${firstLine}
timely within 3s: 98 %; offered 16.7/s, answered 16.3/s
scenario a|b, seed 42

               count      p50      p90      p95      p99     p99.9    p99.99       max
response time    990  12.3 ms  20.0 ms  40.0 ms   412 ms  1,204 ms  1,204 ms  1,204 ms
service time     990  12.3 ms  20.0 ms  40.0 ms   412 ms  1,204 ms  1,204 ms  1,204 ms
connect time      10  0.40 ms  0.50 ms  0.50 ms  0.60 ms   0.60 ms   0.60 ms   0.60 ms

by type  offered  approved  declined  timedOut  failed  unsent      p50     p99       max
sale         800       750        30        10       6       4  12.3 ms  412 ms  1,204 ms
balance      200       200         0         0       0       0  12.3 ms  412 ms  1,204 ms

response codes: 00: 950, 51: 30
failures: ECONNRESET: 6, queue full: 4
late answers: 2
unmatched answers: 1 (0210 STAN 000001: nobody waits for it)
generator: lag p99 1.20 ms, event loop p99 11.0 ms, terminal busy 0

threshold                 actual      met
responseTime.p99 < 800ms  412 ms      met
timelyRate >= 99%           98 %  NOT MET
books.agree                    –  NOT MET

FAILED 2 of 3: timelyRate 98 %, limit 99 %; books.agree not known · exit 3
`)
})

test('a run that passes because nobody asked for more says how few were approved, and how to ask', () => {
  const outcomes = { approved: 200, declined: 0, timedOut: 10, failed: 780, unsent: 10 }
  const unasked = { ...sample, outcomes, thresholds: [], books: null }
  const [first, second] = printSummary(unasked).split('\n')
  expect(first).toBe('PASS no threshold was set, and only 20 % of the payments were approved; failed+unsent 79 %')
  expect(second).toMatch(/^warning: no threshold asks .* --threshold 'outcomes\.approved >= 99%'/)
  expect(printMarkdown(unasked).split('\n')[0]).toContain('and only 20 % of the payments were approved')
  expect(printSummary({ ...unasked, outcomes: sample.outcomes })).not.toContain('warning')
})

test('on a screen of 80 columns no row wraps, and the last line is the verdict', () => {
  const lines = printSummary(savedResult, { columns: 80, exit: 3 }).trimEnd().split('\n')
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  expect(lines.at(-1)).toBe('FAILED 2 of 3: timelyRate 98 %, limit 99 %; books.agree not known · exit 3')
  expect(lines.filter((line) => line.includes('█'))).not.toHaveLength(0)
})

test('the Markdown report', () => {
  const text = printMarkdown(sample)
  expect(text.split('\n')[0]).toBe('FAIL 2 of 3: timelyRate 98 %, limit 99 %; books.agree not known')
  expect(text.split('\n')[2]).toBe(`**${firstLine}**`)
  expect(text).toContain('# a\\|b')
  expect(text).toContain('| timelyRate \\>= 99% | 98 % | NOT MET |')
  expect(text).toContain(
    '| response time | 990 | 12.3 ms | 20.0 ms | 40.0 ms | 412 ms | 1,204 ms | 1,204 ms | 1,204 ms |',
  )
  expect(text).toContain('## By type')
  expect(text).toContain('| sale | 00000001 | 000007 | 1,000 ms | 1,204 ms | approved | 00 |  |')
  expect(text).toContain('failed and unsent ones are not in it')
})

describe('result.json', () => {
  test('reads back as the result', () => {
    expect(JSON.parse(printJson(sample))).toEqual(sample)
  })

  test('is the same text for the same result, however it was put together', () => {
    const shuffled = Object.fromEntries(Object.entries(sample).reverse()) as unknown as typeof sample
    expect(printJson(shuffled)).toBe(printJson(sample))
    const failures = { 'queue full': 4, ECONNRESET: 6 }
    expect(printJson({ ...sample, failures })).toBe(printJson(sample))
  })
})

test('the percentiles in HdrHistogram form, in ms', () => {
  const histogram = build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 })
  for (const us of [1000, 2000, 3000, 4000]) histogram.recordValue(us)
  const distribution = { ...empty, count: 4, min: 1, mean: 2.5, stdev: 1.118, max: 4 }
  const lines = printHgrm({ ...distribution, hdr: encodeIntoCompressedBase64(histogram) }).split('\n')
  expect(lines[0]).toBe('       Value     Percentile TotalCount 1/(1-Percentile)')
  expect(lines[2]).toBe('       1.000 0.000000000000          1           1.00')
  expect(lines.at(-4)).toBe('       4.000 1.000000000000          4')
  expect(lines.at(-3)).toBe('#[Mean    =        2.500, StdDeviation   =        1.118]')
  expect(lines.at(-2)).toBe('#[Max     =        4.000, Total count    =            4]')
})

test('the percentiles of 5,000 values are those that HdrHistogram itself prints', () => {
  const histogram = build({ highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: 3 })
  for (let index = 0; index < 5000; index++) histogram.recordValue(Math.round(800 * 1.0021 ** index))
  const [min, max] = [0, 100].map((percentile) => histogram.getValueAtPercentile(percentile) / 1000) as [number, number]
  const distribution = { ...empty, count: 5000, min, max, hdr: encodeIntoCompressedBase64(histogram) }
  // The twelfth decimal of a percentile is a matter of rounding.
  const rows = (text: string) => {
    const lines = text.split('\n').filter((line) => /^\s*\d/.test(line))
    return lines.map((line) =>
      line
        .trim()
        .split(/\s+/)
        .map((each) => Number(Number(each).toFixed(10))),
    )
  }
  const own = rows(histogram.outputPercentileDistribution(5, 1000))
  expect(own.length).toBeGreaterThan(60)
  expect(rows(printHgrm(distribution))).toEqual(own)
})
