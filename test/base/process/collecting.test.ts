// Collections that are asked for are those that are made.

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, test } from 'vitest'
import { collectYoungGarbage, moveToOldSpace } from '../../../src/base/process/garbage.js'

/** A whole collection, after which V8 has no reason for another one. */
function collectAll(): void {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
}

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
  // Otherwise what a young process has loaded makes V8 begin with one of its own.
  collectAll()
  expect([...(await kindsOf(moveToOldSpace))]).toEqual([constants.NODE_PERFORMANCE_GC_MINOR])
})

/** How many pieces of 512 kB of garbage gather in the old space from one whole collection to the next: usually, and while one is asked for sooner. */
const gathering = `
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { collectOldSooner, moveToOldSpace } from './dist/base/process/garbage.js'
import { createVirtualClock } from './dist/base/virtual-clock.js'

let collections = 0
new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) collections++
}).observe({ entryTypes: ['gc'] })

// V8 lets as much gather as lives, about.
globalThis.lives = Array.from({ length: 8000 }, () => new Array(1024).fill(0))
moveToOldSpace()
let arrays
async function piecesUntil(most) {
  for (let pieces = 0; ; pieces++) {
    if (collections >= most) return pieces
    arrays = Array.from({ length: 64 }, () => new Array(1024).fill(0))
    moveToOldSpace()
    arrays = undefined
    // V8 begins with a collection in a task of its own.
    await new Promise((resolve) => setImmediate(resolve))
  }
}
async function gathered() {
  collections = 0
  await piecesUntil(1)
  return await piecesUntil(3)
}

const clock = createVirtualClock()
// V8 learns how long a collection takes.
await gathered()
const stop = collectOldSooner(clock)
const first = await gathered()
clock.run(60_001)
const long = await gathered()
stop()
console.log(JSON.stringify({ first, long, after: await gathered() }))
`

test('the old space is collected sooner after a minute of a load, and as usual when it is over', () => {
  // A process of its own: what V8 lets gather grows with what lives, which in this one are all tests.
  const { stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', gathering], {
    cwd: join(import.meta.dirname, '../../..'),
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  const { first, long, after } = JSON.parse(stdout)
  expect(long).toBeLessThan(Math.min(first, after) / 2)
})
