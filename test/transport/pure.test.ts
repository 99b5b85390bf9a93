import { describe, expect, test } from 'vitest'
import { createRandom } from '../../src/base/random.js'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createAlarm } from '../../src/transport/client/alarm.js'
import { createBackoff } from '../../src/transport/client/backoff.js'
import { formatAddress, parseAddress } from '../../src/transport/network/address.js'
import { createSendQueue } from '../../src/transport/network/send-queue.js'

describe('an address', () => {
  const good = [
    ['127.0.0.1:8583', '127.0.0.1', 8583],
    [':8583', '127.0.0.1', 8583],
    ['host.example:1', 'host.example', 1],
    ['[::1]:8583', '::1', 8583],
    ['localhost:0', 'localhost', 0],
  ] as const
  for (const [text, host, port] of good) {
    test(`${text} is host ${host}, port ${port}`, () => {
      expect(parseAddress(text)).toEqual({ host, port })
      expect(formatAddress({ host, port })).toBe(text === ':8583' ? '127.0.0.1:8583' : text)
    })
  }
  for (const text of ['8583', 'host:', 'host:99999', 'host:x', '::1:8583', '[::1]8583', 'a b:1', '']) {
    test(`${JSON.stringify(text)} is refused`, () => {
      expect(() => parseAddress(text, '--target')).toThrow(
        `--target expected HOST:PORT such as 127.0.0.1:8583, got ${JSON.stringify(text)}`,
      )
    })
  }
})

describe('a backoff', () => {
  test('doubles up to its ceiling and starts again after a reset', () => {
    const backoff = createBackoff({ fromMs: 200, toMs: 1000, jitter: false }, createRandom(1))
    expect([1, 2, 3, 4].map(() => backoff.next())).toEqual([200, 400, 800, 1000])
    backoff.reset()
    expect(backoff.next()).toBe(200)
  })
  test('with jitter draws anything up to the ceiling', () => {
    const drawn: [number, number][] = []
    const random = { ...createRandom(1), between: (from: number, to: number) => drawn.push([from, to]) }
    const backoff = createBackoff({ fromMs: 200, toMs: 500, jitter: true }, random)
    expect([backoff.next(), backoff.next(), backoff.next()]).toEqual([1, 2, 3])
    expect(drawn).toEqual([
      [0, 200],
      [0, 400],
      [0, 500],
    ])
  })
})

test('an alarm rings at the earliest time that was asked for, and again only when it is set again', () => {
  const clock = createVirtualClock()
  const rings: number[] = []
  const alarm = createAlarm(clock, () => rings.push(clock.now()))
  for (const at of [30, 10, 20, Number.POSITIVE_INFINITY]) alarm.setBy(at)
  clock.run(50)
  expect(rings).toEqual([10])
  alarm.setBy(60)
  alarm.clear()
  clock.run()
  expect(rings).toEqual([10])
})

describe('a send queue', () => {
  const queueOf = (...deadlines: number[]) => {
    const queue = createSendQueue<{ sendBefore: number }>()
    for (const sendBefore of deadlines) queue.push({ sendBefore })
    return queue
  }
  const deadlines = (items: readonly { sendBefore: number }[]) => items.map(({ sendBefore }) => sendBefore)

  test('is first in, first out, with a way past the line', () => {
    const queue = queueOf(5, 6)
    queue.pushFirst({ sendBefore: 9 })
    expect([queue.shift(), queue.shift(), queue.shift(), queue.shift()].map((item) => item?.sendBefore)).toEqual([
      9,
      5,
      6,
      undefined,
    ])
  })
  test('gives up what has waited too long and says when to look again', () => {
    const queue = queueOf(5, 6, 20)
    expect(queue.nextDeadline()).toBe(5)
    expect(deadlines(queue.takeExpired(4))).toEqual([])
    expect(deadlines(queue.takeExpired(6))).toEqual([5, 6])
    expect(queue.nextDeadline()).toBe(20)
    expect(queue.size).toBe(1)
  })
  test('finds deadlines behind later ones, looking every few milliseconds', () => {
    const queue = queueOf(100, 5, 50, 12)
    expect(deadlines(queue.takeExpired(6))).toEqual([5])
    expect(queue.nextDeadline()).toBe(16)
    expect(deadlines(queue.takeExpired(16))).toEqual([12])
    expect(deadlines(queue.takeExpired(200))).toEqual([100, 50])
    expect(queue.nextDeadline()).toBe(Number.POSITIVE_INFINITY)
  })
  test('stays right through many entries', () => {
    const queue = createSendQueue<{ sendBefore: number }>()
    let next = 0
    for (let index = 0; index < 10_000; index++) {
      queue.push({ sendBefore: index })
      if (index % 3 > 0) expect(queue.shift()?.sendBefore).toBe(next++)
    }
    expect(queue.size).toBe(10_000 - next)
    expect(deadlines(queue.clear())[0]).toBe(next)
  })
})
