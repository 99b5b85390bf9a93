// A ledger whose disks are slow: who waits for whom, and what is lost when the host dies.

import { describe, expect, test } from 'vitest'
import type { Asker } from '../../src/acquirer/posting.js'
import { storageSchema } from '../../src/acquirer/storage/options.js'
import { createSlowStorage, shardOf } from '../../src/acquirer/storage/slow-storage.js'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import type { Peek } from '../../src/codec/codec.js'

const decision = { code: '00', rrn: '603400000000', authCode: '123456', balance: '', batch: '' }
const requestOf = (merchant: string) => ({ text: (field: number) => (field === 42 ? merchant : undefined) }) as Peek

function createStore(section: unknown, isPosted = true) {
  const clock = createVirtualClock(0)
  const posted = {
    post: (_: Peek, final: typeof decision, asker: Asker) =>
      void (isPosted ? clock.precisely(0, () => asker.conclude(final)) : asker.conclude(final)),
  }
  const storage = storageSchema.parse(section)
  const store = createSlowStorage({ posting: posted, storage, clock, random: createRandom(1) })
  const answers: string[] = []
  const ask = (name: string, merchant = 'A') =>
    store.post(requestOf(merchant), decision, {
      conclude: (final) => answers.push(`${name} ${final?.code ?? 'lost'} ${clock.now()}`),
    })
  return { clock, store, answers, ask }
}

describe('a slow disk', () => {
  test('writes one posting after another where each is written alone', () => {
    const { clock, answers, ask } = createStore({ write: { p50: '10ms' }, group: 1 })
    for (const name of ['a', 'b', 'c']) ask(name)
    clock.run(100)
    expect(answers).toEqual(['a 00 10', 'b 00 20', 'c 00 30'])
  })

  test('takes what waits with the next write', () => {
    const { clock, answers, ask } = createStore({ write: { p50: '10ms' } })
    for (const name of ['a', 'b', 'c']) ask(name)
    clock.run(100)
    expect(answers).toEqual(['a 00 10', 'b 00 20', 'c 00 20'])
  })

  test('is waited for by its own merchants only', () => {
    const shards = 4
    const other = [...'BCDEFGH'].find((name) => shardOf(name, shards) !== shardOf('A', shards)) as string
    const { clock, answers, ask } = createStore({ write: { p50: '10ms' }, group: 1, shards })
    ask('a')
    ask('b')
    ask('c', other)
    clock.run(100)
    expect(answers).toEqual(['a 00 10', 'c 00 10', 'b 00 20'])
  })

  test('is not waited for by what is never posted', () => {
    const { answers, ask } = createStore({ write: { p50: '10ms' } }, false)
    ask('a')
    expect(answers).toEqual(['a 00 0'])
  })

  test('loses what is not written when its host dies, and goes on afterwards', () => {
    const { clock, store, answers, ask } = createStore({ write: { p50: '10ms' }, group: 1 })
    ask('a')
    ask('b')
    clock.run(5)
    store.lose()
    ask('c')
    clock.run(100)
    expect(answers).toEqual(['a lost 5', 'b lost 5', 'c 00 15'])
  })
})

test('merchants are spread over the disks, each always on the same one', () => {
  const counts = new Map<number, number>()
  for (let number = 0; number < 800; number++) {
    const shard = shardOf(`OTHER${number}`, 8)
    counts.set(shard, (counts.get(shard) ?? 0) + 1)
  }
  expect([...counts.values()].every((count) => count > 50)).toBe(true)
  expect(counts.size).toBe(8)
})
