// Collections that are asked for are those that are made.

import { constants, PerformanceObserver } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { collectYoungGarbage, moveToOldSpace } from '../../../src/base/process/garbage.js'

/** The kinds of the collections that `act` makes. */
async function kindsOf(act: () => void): Promise<Set<number>> {
  const kinds = new Set<number>()
  await new Promise<void>((resolve) => {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) kinds.add((entry as unknown as { detail: { kind: number } }).detail.kind)
      observer.disconnect()
      resolve()
    })
    observer.observe({ entryTypes: ['gc'] })
    act()
  })
  return kinds
}

test('the young garbage alone', async () => {
  expect(await kindsOf(collectYoungGarbage)).toContain(constants.NODE_PERFORMANCE_GC_MINOR)
})

test('what lives is moved without a whole collection, which would forget shapes that code was compiled for', async () => {
  expect([...(await kindsOf(moveToOldSpace))]).toEqual([constants.NODE_PERFORMANCE_GC_MINOR])
})
