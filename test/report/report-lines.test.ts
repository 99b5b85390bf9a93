// Text and Markdown reports in Chinese: no line of a run's own words stays English, whatever the run has to say.

import { describe, expect, test } from 'vitest'
import { booksOfTerminals } from '../../src/measure/money/books.js'
import { outsideHolds } from '../../src/measure/money/hold-reasons.js'
import { saturatedBecause } from '../../src/measure/saturation.js'
import { printMarkdown } from '../../src/report/markdown.js'
import { booksVerdict, differenceWords } from '../../src/report/rows/money-rows.js'
import { printSummary } from '../../src/report/summary.js'
import { holdIn } from '../../src/report/words/holds.js'
import { reportLineIn } from '../../src/report/words/report-lines.js'
import { newLedgerHint } from '../../src/run/terminals/end-of-day.js'
import { savedResult } from './saved-sample.js'

/** Every reason to call a generator saturated, and all that may be behind it. */
const allReasons = saturatedBecause({
  lagP99Ms: 114,
  responseP50Ms: 20,
  eventLoopDelayP99Ms: 57.9,
  unsentUnexplained: 3,
  effort: { cores: 0.98, waitShare: 0.679, gc: { pauses: 3, share: 0.2, longestMs: 80 } },
  backPressure: 7,
  isLateAtStartOnly: true,
})

const unknownBooks = booksOfTerminals([], '')
const everyKind = { ...unknownBooks.counts }
for (const kind of Object.keys(differenceWords) as (keyof typeof differenceWords)[]) everyKind[kind] = 4

/** Two English words in a row. */
const english = /[A-Za-z]{2,}[ ,:]+[a-z]{2,}/

const lines = [
  'offered 1,000  approved 900  declined 40  timedOut 30  failed 20  unsent 10; failed+unsent 3 %; generator not saturated',
  'generator SATURATED: this machine was the bottleneck, do not trust the latencies',
  `saturated because: ${allReasons}`,
  'saturated because: 1 arrival was not sent in time though the peer took what it was sent; 1 write filled a connection, which its peer did not empty in time',
  'timely within 3s: 92 %; offered 14.7/s, answered 14.7/s',
  'from 2026-01-05T01:00:00.224Z to 2026-01-05T01:00:19.226Z, seed 71, virtual time',
  "warning: no threshold asks how many must be approved; --threshold 'outcomes.approved >= 99%' makes such a run fail",
  'books: agree (185 transactions)',
  ...[
    "the host's ledger cannot be seen from here",
    'the host does not say',
    'more transactions than can be kept',
    'the journal had more transactions than it can keep: begin another',
    'neither disk nor memory has room to compare so many transactions',
    'a generator was lost, or had more transactions than it can keep',
    'a part of the run was lost',
    '1 of 3 settlements brought no verdict on the totals; 1,200 transactions are in no batch that was settled',
  ].map((because) => `books: ${booksVerdict({ ...unknownBooks, because })}`),
  `books: ${booksVerdict({ ...unknownBooks, agree: false, counts: everyKind, hint: newLedgerHint })}`,
  'settlements: balanced 3, out of balance 1, no verdict 2',
  'reversals: 12, acknowledged 10, pending 2',
  'lies: 12 told, none taken for the truth',
  'payouts: 9901.30 CNY to 1 of 2 merchants, fees 59.80 CNY',
  'payouts: 9901.30 CNY to 1 merchant, fees 59.80 CNY',
  'fees: NOT AS AGREED: merchant M1: kept 1.20 CNY, agreed 0.60 CNY',
  'terms: not as agreed: merchant M1: feeRate 1.2%, agreed 0.6%; minimum not set, agreed none',
  'held: merchant M1: risk hold since 2026-01-05 01:00:02 UTC; and 3 more',
  'held: merchant M1: balance since 2026-01-05 01:00:02 UTC',
  'was held: merchant M1: sale above day limit from 2026-01-05 01:00:02 to 2026-01-05 01:00:14 UTC, -175.03 CNY',
  'was held: merchant M1: returned by the bank from 2026-01-05 01:00:02 UTC, 1.00 CNY',
  'failures: ECONNRESET: 9, not connected: 1, peer does not read: 2',
  "tried again: 12 (14: 7, 30: 5), 3 found by the terminal's own checks",
  'evidence: 92 transactions in evidence.jsonl, 3 more found no place',
  'generator: lag p99 1.2 ms, event loop p99 11 ms, terminal busy 4',
  'host-slow: an echo on the same connection came back quickly while the answer was awaited',
  'issuer: 47 of 47 late transactions had cards 620000… (100 % of those; of all others 0 of 159); this one took 3.9 s (00)',
  'generator: lag p99 1.2 ms, event loop p99 11 ms, terminal busy 4, 0.39 cores, garbage 0 %',
  'generator: lag p99 1.2 ms, event loop p99 11 ms, terminal busy 4, 0.39 cores, without a processor 3.1 %, garbage 0 %',
  'scenario x, seed 5, keys: test keys',
  'x, seed 5, virtual time: before and after',
  '2 of 3 thresholds met without a remedy; interrupted: not everything was tried',
  'No remedy does better than the baseline; thresholds are not met.',
]

describe('in Chinese', () => {
  test.each(lines)('%s', (line) => {
    expect(reportLineIn('zh', line)).not.toMatch(english)
    expect(reportLineIn('en', line)).toBe(line)
  })

  test.each([
    ...Object.values(outsideHolds),
    'below minimum',
    'balance',
    'payout limit',
    'day limit',
    'sale above payout limit',
    'sale above day limit',
  ])('money is held: %s', (reason) => {
    expect(holdIn('zh', reason)).toMatch(/[\u4e00-\u9fff]/)
    expect(holdIn('en', reason)).toBe(reason)
  })

  test('the reports of a whole run keep no English line but names of its own', () => {
    const result = savedResult
    const own = new RegExp(`${result.scenario.name}|test keys|isochron [\\d.]+, Node|books\\.agree`)
    const text = `${printSummary(result, { language: 'zh' })}${printMarkdown(result, 'zh')}`
    expect(text.split('\n').filter((line) => english.test(line) && !own.test(line))).toEqual([])
  })
})
