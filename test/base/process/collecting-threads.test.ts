// Threads of one process share V8's flags: one that asks for the collector must not take it from another.

import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'

const garbage = join(import.meta.dirname, '../../../dist/base/process/garbage.js')

/** Asks for the collector as soon as all threads are there. */
const asking = `
const { workerData: { garbage, there, threads } } = require('node:worker_threads')
import(garbage).then(({ collectYoungGarbage }) => {
  const waiting = new Int32Array(there)
  Atomics.add(waiting, 0, 1)
  while (Atomics.load(waiting, 0) < threads);
  collectYoungGarbage()
})
`

test('threads that ask for the collector in the same moment all have it', async () => {
  const threads = 2
  for (let round = 0; round < 10; round++) {
    const there = new SharedArrayBuffer(4)
    const started = Array.from(
      { length: threads },
      () => new Worker(asking, { eval: true, workerData: { garbage, there, threads } }),
    )
    const ended = started.map(
      (worker) => new Promise<unknown>((resolve) => worker.once('error', resolve).once('exit', resolve)),
    )
    expect(await Promise.all(ended)).toEqual([0, 0])
  }
})
