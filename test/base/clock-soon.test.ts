// realClock.soon: all that is asked for in one event runs in one tick, and one that throws takes none of the others with it.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { realClock } from '../../src/base/clock.js'

test('runs what is asked for after the event, in its order, with what is asked for meanwhile', async () => {
  const order: string[] = []
  realClock.soon(() => {
    order.push('first')
    realClock.soon(() => order.push('meanwhile'))
  })
  realClock.soon(() => order.push('second'))
  order.push('event')
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(order).toEqual(['event', 'first', 'second', 'meanwhile'])
  realClock.soon(() => order.push('later'))
  await new Promise<void>((resolve) => setImmediate(resolve))
  expect(order.at(-1)).toBe('later')
})

test('one that throws takes none of the others with it', async () => {
  const clock = new URL('../../dist/base/clock.js', import.meta.url).href
  const worker = new Worker(
    `const { parentPort } = require('node:worker_threads')
    process.on('uncaughtException', (error) => parentPort.postMessage(error.message))
    import(${JSON.stringify(clock)}).then(({ realClock }) => {
      realClock.soon(() => { throw new Error('thrown') })
      realClock.soon(() => parentPort.postMessage('others'))
    })`,
    { eval: true },
  )
  const said: unknown[] = []
  worker.on('message', (message) => said.push(message))
  await once(worker, 'exit')
  expect(said).toEqual(['thrown', 'others'])
})
