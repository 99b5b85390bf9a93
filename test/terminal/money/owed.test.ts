// The SAF queue of terminals: what leaves when, again, and in which order, over the virtual clock.

import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import type { Judgement } from '../../../src/terminal/judgement.js'
import { createOwed, type OwedOptions } from '../../../src/terminal/money/owed.js'
import type { Request } from '../../../src/terminal/requests/request.js'
import { createTerminals, type Terminal } from '../../../src/terminal/terminal.js'
import type { Client, Exchange } from '../../../src/transport/client/client.js'
import type { Received } from '../../../src/transport/wire/wire.js'

const answerMs = 10
const timeoutMs = 1000
const intervalMs = 500

/** `silence`, `refused` (the connection is down), or the response code of an answer. */
type Reply = string

/** A host that gives its replies one after another, and then approves. */
function createQueue(replies: readonly Reply[], over: Partial<OwedOptions> = {}) {
  const clock = createVirtualClock()
  const log: string[] = []
  const terminals = createTerminals({ count: 2, idPattern: '{n:8}', merchants: 1 })
  const left = [...replies]
  let code = ''
  const client = {
    send(exchange: Exchange) {
      const reply = left.shift() ?? '00'
      if (reply === 'refused') {
        clock.after(0, () => exchange.onFailed(clock.now(), 'ECONNREFUSED', false))
        return
      }
      exchange.onWritten(clock.now())
      if (reply === 'silence') clock.after(timeoutMs, () => exchange.onTimeout(clock.now()))
      else
        clock.after(answerMs, () => {
          code = reply
          exchange.onAnswer({} as Received, clock.now())
        })
    },
  } as unknown as Client
  const judge = (): Judgement => {
    const outcome = code === '00' ? 'approved' : code === '25' || code === '51' ? 'declined' : 'failed'
    return { outcome: code === '30' ? 'declined' : outcome, code, retryCode: code === '09', reason: undefined }
  }
  const owed = createOwed({
    ...{ when: 'atOnce', retries: 1, intervalMs, giveUp: false, timeoutMs, clock, judge },
    connections: { acquire: () => client, release: () => {}, serves: () => true },
    originalNotFound: '25',
    notRead: ['30', 'A0'],
    ...over,
  })
  const add = (name: string, terminal = terminals[0] as Terminal) =>
    owed.add({
      terminal,
      request(again) {
        log.push(`${clock.now()} ${name}${again ? ' again' : ''}`)
        return { plan: { template: { maxBytes: 1 } }, values: [], key: name, guard: undefined } as unknown as Request
      },
      onAcknowledged: ({ code = '' }) => log.push(`${clock.now()} ${name} acknowledged ${code}`),
      onDropped: () => log.push(`${clock.now()} ${name} dropped`),
    })
  return { clock, log, owed, add, terminals }
}

interface Row {
  readonly name: string
  readonly owes: readonly string[]
  readonly replies: readonly Reply[]
  readonly options?: Partial<OwedOptions>
  readonly log: readonly string[]
  readonly pending: number
}

const rows: readonly Row[] = [
  { name: 'one that is acknowledged', owes: ['a'], replies: ['00'], log: ['0 a', '10 a acknowledged 00'], pending: 0 },
  {
    name: 'several of one terminal leave in order, each after the one before',
    owes: ['a', 'b', 'c'],
    replies: ['00', '00', '00'],
    log: ['0 a', '10 a acknowledged 00', '10 b', '20 b acknowledged 00', '20 c', '30 c acknowledged 00'],
    pending: 0,
  },
  {
    name: 'silence: again as a repeat after the interval, and those behind it wait',
    owes: ['a', 'b'],
    replies: ['silence', '00', '00'],
    log: ['0 a', '1500 a again', '1510 a acknowledged 00', '1510 b', '1520 b acknowledged 00'],
    pending: 0,
  },
  {
    name: 'a connection that is down: it never left, so it is no repeat',
    owes: ['a'],
    replies: ['refused', '00'],
    log: ['0 a', '500 a', '510 a acknowledged 00'],
    pending: 0,
  },
  {
    name: 'tries used up: it stays owed, and rests at the head of its line',
    owes: ['a', 'b'],
    replies: ['silence', 'silence'],
    log: ['0 a', '1500 a again'],
    pending: 2,
  },
  {
    name: 'tries used up, where terminals give up: dropped, and the next one goes',
    owes: ['a', 'b'],
    replies: ['silence', 'silence', '00'],
    options: { giveUp: true },
    log: ['0 a', '1500 a again', '2500 a dropped', '2500 b', '2510 b acknowledged 00'],
    pending: 0,
  },
  {
    name: 'a decline is an answer',
    owes: ['a'],
    replies: ['51'],
    log: ['0 a', '10 a acknowledged 51'],
    pending: 0,
  },
  {
    name: 'an original that the host does not know: nothing to undo',
    owes: ['a'],
    replies: ['25'],
    log: ['0 a', '10 a acknowledged 25'],
    pending: 0,
  },
  {
    name: 'a host that could not read it has undone nothing',
    owes: ['a'],
    replies: ['30', '00'],
    log: ['0 a', '510 a again', '520 a acknowledged 00'],
    pending: 0,
  },
  {
    name: 'a code that decides nothing',
    owes: ['a'],
    replies: ['09', '00'],
    log: ['0 a', '510 a again', '520 a acknowledged 00'],
    pending: 0,
  },
]

describe('at once:', () => {
  for (const { name, owes, replies, options, log: expected, pending } of rows) {
    test(name, () => {
      const { clock, log, owed, add } = createQueue(replies, options)
      for (const each of owes) add(each)
      clock.run(60_000)
      expect(log).toEqual(expected)
      expect(owed.pending).toBe(pending)
    })
  }

  test('terminals do not wait for each other', () => {
    const { clock, log, add, terminals } = createQueue(['silence', '00'], { retries: 0 })
    add('a', terminals[0])
    add('b', terminals[1])
    clock.run(100)
    expect(log).toEqual(['0 a', '0 b', '10 b acknowledged 00'])
  })
})

describe('before the next transaction:', () => {
  const before = { when: 'beforeNext' } as const

  test('nothing leaves until the terminal wants to sell, and the sale goes when all is acknowledged', () => {
    const { clock, log, owed, add, terminals } = createQueue([], before)
    add('a')
    add('b')
    clock.run(5000)
    expect(log).toEqual([])
    owed.before(terminals[0]!, 8000, () => log.push(`${clock.now()} sale`))
    clock.run(9000)
    const expected = ['5000 a', '5010 a acknowledged 00', '5010 b', '5020 b acknowledged 00', '5020 sale']
    expect(log).toEqual(expected)
  })

  test('the sale goes at its own time even so', () => {
    const { clock, log, owed, add, terminals } = createQueue(['silence'], before)
    add('a')
    owed.before(terminals[0]!, 700, () => log.push(`${clock.now()} sale`))
    clock.run(800)
    expect(log).toEqual(['0 a', '700 sale'])
  })

  test('a terminal that owes nothing goes at once', () => {
    const { clock, log, owed, add, terminals } = createQueue([], before)
    add('a', terminals[0])
    owed.before(terminals[1]!, 700, () => log.push(`${clock.now()} sale`))
    expect(log).toEqual(['0 sale'])
  })
})

describe('at the end of a run', () => {
  test('nothing rests, and `done` is called once, when nothing is owed', () => {
    const { clock, log, owed, add } = createQueue(['silence', 'silence', 'silence', '00'])
    add('a')
    clock.run(10_000)
    owed.drain(() => log.push(`${clock.now()} drained`))
    clock.run(30_000)
    expect(log.slice(-3)).toEqual(['11500 a again', '11510 a acknowledged 00', '11510 drained'])
    expect(owed.pending).toBe(0)
  })

  test('what is closed sends nothing any more, and stays owed', () => {
    const { clock, log, owed, add } = createQueue(['silence'])
    add('a')
    owed.close()
    clock.run(60_000)
    expect(log).toEqual(['0 a'])
    expect(owed.pending).toBe(1)
  })
})
