// A search for capacity and several runs in Chinese: no line of their own words stays English.

import { expect, test } from 'vitest'
import { capacityOf } from '../../src/measure/capacity.js'
import { printCapacity } from '../../src/report/capacity.js'
import { searchLineIn } from '../../src/report/words/search-lines.js'

/** Two English words in a row. */
const english = /[A-Za-z]{2,}[ ,:]+[a-z]{2,}/

const lines = [
  'the search was interrupted: 400/s was kept so far',
  'this generator is the limit, not the host: 800/s was kept',
  '800/s was kept, the highest rate that was looked for',
  'the terminals are the limit: 300/s was kept, and at 320/s 7 arrivals found every terminal busy; raise terminals.count to load the host further',
  'the host keeps timelyRate >= 99% up to 38/s, and not at 42/s',
  'interrupted: not every run was made; 1 of 3 runs failed; nothing is worse; too few data to judge',
  '3 of 3 runs passed; nothing is worse; better: responseTime.p50, responseTime.p99',
  '1 of 1 run passed; not comparable: ',
  'shop, 6 runs, seeds 1 to 6, virtual time',
  'median of base',
  'max of now',
  '+1.20 points … +2.50 points',
  'base: runs/1, runs/2; now: runs/3',
  '--force compares them all the same, and says so',
  'interval of 95 %; a change below 5 % is none; one run a side, resampled by seconds; one run a side says nothing of the difference between runs',
  'interval of 95 %; a change below 5 % is none; 6 pairs of runs, by exact signed ranks',
  'interval of 95 %; a change below 5 % is none; 1 against 3 runs, by exact ranks; fewer than 4 a side are never judged',
  'the scenarios were to differ, and do, in load.0, 2 more',
  'too few data',
  'responseTime.p99 worse; timelyRate worse',
  'not comparable: now/2: it is of scenario shop, not mall; now/2: it was offered 12.0/s, not 10.0/s',
  'not comparable: a: its generator was saturated: it measured itself; a: it was interrupted; b: a part of it is missing',
  'a: a threshold with abortOnFail ended it early; a: nothing was measured in it',
  'FORCED, though: a: it has no warm-up: its first seconds are not like the others (warmup: 5s)',
  'b: it ran with other remedies; b: it ran in virtual time, not in real; b: it ran in real time, not in virtual',
  'b: isochron 2.0.0 made it, not 1.4.0; b: its scenario differs in load.0, terminals.count and 3 more',
  'b: its scenario is another text, and one of the folders does not say which',
  'no earlier run of this scenario in runs passed: nothing to compare with',
  'shop: compared',
  'shop: repeated',
  'Runs over each other',
  'Response time by percentile',
  'Scripts are off here: the charts are not drawn. The table says what was judged.',
]

test.each(lines)('%s', (line) => {
  expect(searchLineIn('en', line)).toBe(line)
  expect(searchLineIn('zh', line)).not.toMatch(english)
})

test('a search for capacity is Chinese as a whole', () => {
  const step = {
    ...{ ratePerSecond: 40, seconds: 10, offered: 400, p50: 12, p99: 80, timelyRate: 1, terminalBusy: 0 },
    outcomes: { approved: 400, declined: 0, timedOut: 0, failed: 0, unsent: 0 },
    ...{ actual: 1, kept: true, saturatedBecause: null },
  }
  const capacity = capacityOf({ scenario: 'shop', condition: 'timelyRate >= 99%' }, [step], false)
  expect(printCapacity(capacity, { exit: 0, language: 'zh' })).not.toMatch(english)
  expect(printCapacity(capacity, { exit: 0, language: 'zh' })).toContain('最大速率 40/s (timelyRate >= 99%)')
})
