// The short form of `npm run bench -- simulate:cluster`: deaths, freezes and partitions of a run on a bus, in virtual time.

import { expect, test } from 'vitest'
import { drawClusterSchedule, simulateCluster } from '../../bench/cluster/simulate-run.js'

test('nothing is lost unsaid and no part is made twice, whatever fails', async () => {
  const failed: Record<string, readonly string[]> = {}
  const endings = { whole: 0, 'not whole': 0, 'not begun': 0 }
  for (let number = 0; number < 10; number++) {
    const seed = `8583/${number}`
    const { problems, ending } = await simulateCluster(drawClusterSchedule(seed))
    if (problems.length > 0) failed[`npm run bench -- simulate:cluster --replay ${seed}`] = problems
    endings[ending]++
  }
  expect(failed).toEqual({})
  // Schedules that all end alike would prove nothing.
  expect(endings.whole).toBeGreaterThan(2)
  expect(endings['not whole']).toBeGreaterThan(0)
})
