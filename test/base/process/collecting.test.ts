// Collections that are asked for are those that are made.

import { constants, PerformanceObserver } from 'node:perf_hooks'
import { expect, test } from 'vitest'
import { collectOldSooner, collectYoungGarbage, moveToOldSpace } from '../../../src/base/process/garbage.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'

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
  const kinds = await kindsOf(moveToOldSpace)
  expect(kinds).toContain(constants.NODE_PERFORMANCE_GC_MINOR)
  expect(kinds).not.toContain(constants.NODE_PERFORMANCE_GC_MAJOR)
})

/** So many bytes of the old space are garbage afterwards. */
function promote(bytes: number): void {
  let arrays: unknown[] | undefined = Array.from({ length: bytes / 8192 }, () => new Array(1024).fill(0))
  moveToOldSpace()
  arrays = undefined
  void arrays
}

/** Bytes of garbage that gather in the old space from one whole collection to the next. */
async function bytesBetweenCollections(): Promise<number> {
  let collections = 0
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as unknown as { detail: { kind: number } }).detail
      if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections++
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  const pieceBytes = 1 << 20
  const piecesUntil = async (most: number) => {
    for (let pieces = 0; ; pieces++) {
      if (collections >= most) return pieces
      promote(pieceBytes)
      // V8 begins with a collection in a task of its own.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  await piecesUntil(1)
  const pieces = await piecesUntil(3)
  observer.disconnect()
  return (pieces * pieceBytes) / 2
}

test('the old space is collected sooner after a minute of a load, and no sooner than V8 would when it is over', async () => {
  const clock = createVirtualClock()
  const usual = await bytesBetweenCollections()
  const stop = collectOldSooner(clock)
  const first = await bytesBetweenCollections()
  clock.run(60_001)
  const long = await bytesBetweenCollections()
  stop()
  const after = await bytesBetweenCollections()
  expect(long).toBeLessThan(Math.min(usual, first, after) / 2)
})
