// A command under way in Chinese: no line of its own words stays English, whatever it has to say, and no remedy of a condition.

import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { RemedyComparison, RemedyRow } from '../../src/measure/remedies.js'
import { liveLine } from '../../src/report/live/line.js'
import { createLiveView } from '../../src/report/live/view.js'
import { printRemedies, printRemediesMarkdown } from '../../src/report/remedies.js'
import { progressLineIn } from '../../src/report/words/progress-lines.js'
import { loadScenario } from '../../src/scenario/reader.js'
import { running, starting } from './live-samples.js'

/** Two English words in a row. */
const english = /[A-Za-z]{2,}[ ,:]+[a-z]{2,}/

const lines = [
  '1 of 4: baseline',
  '2 of 4: more-workers',
  'run 2 of 6: changed',
  '40/s for 10 s',
  'offered 223  approved 223  declined 0  timedOut 0  failed 0  unsent 0; failed+unsent 0 %; generator: simulated time',
  'keys: none; MACs and PIN blocks are neither sent nor checked',
  'keys: test keys (test-tmk KCV 43C6CC, test-pik KCV 8D0A74, 3 more); they are public: give your own with --keys FILE',
  'keys: keys.yaml lacks a key (zpk or pik) for PIN of cup-pos: messages go without',
  'TLS is INSECURE: the certificate of the peer is not checked (--insecure)',
  '3 of 120 terminals could not sign on: no answer',
  '3 of 120 terminals could not connect: ECONNREFUSED',
  '3 of 120 terminals could not sign off: declined with 96',
  '3 terminals did not sign off: their batch is open',
  'warning: the terminals did not settle: no answer',
  'switched from a to b: ECONNREFUSED',
  'rehearsed for 2.7 s',
  'payouts: 12 of 13 lines named a known transaction',
  '2 of them are not sent in this run: they stay in the journal, and in doubt',
  'the journal owes the host 2 messages of 2026-11-26: they are sent first',
  'the journal owes the host 2 messages of an earlier run: they are dropped',
  'pos.journal: the last 12 bytes are no whole record and were left out',
  'pos.journal: settlement totals of 3 terminals were never answered on its day. That day is closed, so they are not sent again.',
  'warning: 900 transactions wait for their money, and at most 1000 can: further ones are not followed, so the share of funds in time is not known',
  'warning: the books has 900 transactions and keeps 1000 at the most: end this run before that, or the books cannot be known',
  'wrote runs/1/remedies.json and remedies.md, and a folder for each run',
  'wrote runs/1/report.html, result.json, junit.xml and more',
  'wrote why/report.html and evidence.jsonl',
  'waiting for 3 s: connected, the echo was sent, nothing came yet',
  'waiting for 3 s: not connected yet, bytes came that are no message',
  'interrupted: closing the connection; once more exits at once',
  'metrics on http://127.0.0.1:9464/metrics',
  'interrupted: waiting for open answers; once more exits at once',
  'interrupted: waiting for open answers; no further remedy is tried; once more exits at once',
]

describe('in Chinese', () => {
  /** Names of keys are a user's own. */
  const named = (line: string) => line.replace(/\S+ KCV /g, '')
  test.each(lines)('%s', (line) => {
    expect(named(progressLineIn('zh', line))).not.toMatch(english)
    expect(progressLineIn('en', line)).toBe(line)
  })

  const moments = [
    ...[running, { ...running, faults: null }, { ...running, faults: [], responseCodes: {} }],
    ...[
      { ...running, stage: 'warmup', elapsedMs: 3000 } as const,
      { ...running, stage: 'draining', elapsedMs: 61_000, lagP99: 90 } as const,
    ],
    ...[
      starting,
      { ...starting, doing: 'connect' } as const,
      { ...starting, done: 0, failed: 0, came: 'nothing came yet' },
    ],
    { ...starting, done: 0, failed: 0, came: 'bytes came that are no whole message yet' },
    ...['the agreed start of the load', 'what is owed to the host from an earlier run', undefined].map(
      (waitingFor) => ({
        ...{ ...starting, done: 198 },
        ...(waitingFor === undefined ? {} : { waitingFor }),
      }),
    ),
  ]
  test.each(moments.map((live) => [live.stage, live] as const))('the figures of a run: %s', (_, live) => {
    expect(progressLineIn('zh', liveLine(live))).not.toMatch(english)
    for (const line of createLiveView('zh').lines(live, { columns: 200 })) expect(line).not.toMatch(english)
  })
})

const folder = resolve(import.meta.dirname, '../../scenarios/conditions')
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'))

const row = (name: string, about: string | undefined, timelyRate: number): RemedyRow => ({
  ...{ name, about: about ?? null, problem: null, interrupted: false },
  ...{ timelyRate, rate: timelyRate, fundsTimelyRate: timelyRate, p50: 1, p99: 2, fundsP99: 3, books: true },
  ...{ thresholds: { met: timelyRate === 1 ? 2 : 0, of: 2 }, cause: timelyRate === 1 ? null : 'network-unstable' },
})

/** The comparison that a condition's file leads to, with `best` on top. */
function comparisonOf(file: string, best: string | null): RemedyComparison {
  const { scenario } = loadScenario(readFileSync(join(folder, file), 'utf8'), file)
  const remedies = Object.entries(scenario.remedies)
  return {
    schema: 'isochron/remedies@1',
    ...{ scenario: { name: scenario.name, seed: 1, clock: 'virtual' }, goals: [], best, interrupted: false },
    rows: [row('baseline', undefined, 0.5), ...remedies.map(([name, { about }]) => row(name, about, 1))],
    alsoHelps: scenario.alsoHelps,
  }
}

describe.each(files)('the remedies of %s in Chinese', (file) => {
  const names = Object.keys(loadScenario(readFileSync(join(folder, file), 'utf8'), file).scenario.remedies)
  test.each([...names, null])('%s', (best) => {
    const comparison = comparisonOf(file, best)
    const text = printRemedies(comparison, { exit: 0, language: 'zh' }) + printRemediesMarkdown(comparison, 'zh')
    expect(text.split('\n').filter((line) => english.test(line))).toEqual([])
  })
})
