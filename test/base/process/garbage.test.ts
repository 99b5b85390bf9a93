// Objects of each connection must die young: V8 puts the accessor of an object literal into the old space at once.

import { getHeapSpaceStatistics } from 'node:v8'
import { expect, test } from 'vitest'
import { createBusyMap } from '../../../src/base/collections/busy-map.js'
import { createBusySet } from '../../../src/base/collections/busy-set.js'
import { createQueue } from '../../../src/base/collections/queue.js'
import { letGarbageDieYoung } from '../../../src/base/process/garbage.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { createAlarm } from '../../../src/transport/client/alarm.js'
import { createPending } from '../../../src/transport/client/pending.js'
import { createRefusals } from '../../../src/transport/client/refusals.js'
import { createSendQueue } from '../../../src/transport/network/send-queue.js'
import { createMatchKey } from '../../../src/transport/wire/match-key.js'

const clock = createVirtualClock()
const matchKey = createMatchKey([11, 41])
const nothing = () => {}

const made: Record<string, () => unknown> = {
  queue: () => createQueue(),
  'busy map': () => createBusyMap(),
  'busy set': () => createBusySet(),
  'send queue': () => createSendQueue(),
  alarm: () => createAlarm(clock, nothing),
  refusals: () => createRefusals(clock, nothing),
  pending: () => createPending(matchKey),
}

const times = 50_000
/** The median counts: in one of them a young generation may be full while its objects are still used, or code be compiled. */
const rounds = 3
/** A function takes 64. Less than that is code, and the last that were made. */
const mostBytes = 32

const oldBytes = () =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'old_space')?.space_used_size ?? 0

test.each(Object.keys(made))('%s that is over leaves nothing in the old space', (what) => {
  letGarbageDieYoung()
  const make = made[what] as () => unknown
  for (let warm = 0; warm < times; warm++) make()
  const grown = Array.from({ length: rounds }, () => {
    const before = oldBytes()
    for (let time = 0; time < times; time++) make()
    return (oldBytes() - before) / times
  }).sort((one, other) => one - other)
  expect(grown[Math.floor(rounds / 2)]).toBeLessThan(mostBytes)
})
