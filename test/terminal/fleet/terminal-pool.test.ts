import { expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import {
  createTerminalPool,
  type TerminalPool,
  type WaitingArrival,
} from '../../../src/terminal/fleet/terminal-pool.js'
import { createTerminals, nextStan } from '../../../src/terminal/terminal.js'

/** As the fleet does it. True: it found all busy. */
function askPool(pool: TerminalPool, waiting: WaitingArrival): boolean {
  const terminal = pool.take(waiting.merchant)
  if (terminal === undefined) pool.wait(waiting)
  else waiting.take(terminal)
  return terminal === undefined
}

function setUp(options: { count: number; merchants?: string[]; oneAtATime?: boolean; named?: string[] }) {
  const clock = createVirtualClock()
  /** Time that passes within an event, while no timer rings. */
  const spent = { ms: 0 }
  const terminals = createTerminals({ count: options.count, idPattern: 'T{n:2}', merchants: options.merchants ?? 1 })
  const pool = createTerminalPool({
    terminals,
    oneAtATime: options.oneAtATime ?? true,
    merchants: new Set(options.named),
    clock: { ...clock, now: () => clock.now() + spent.ms },
  })
  const log: string[] = []
  const ask = (name: string, until = 1000, merchant?: string) =>
    askPool(pool, {
      merchant,
      until,
      take: (terminal) => log.push(`${name}=${terminal.id}`),
      giveUp: (at) => log.push(`${name} left at ${at}`),
    })
  return { clock, spent, terminals, pool, log, ask }
}

test('idle terminals take turns', () => {
  const { terminals, pool, log, ask } = setUp({ count: 2 })
  ask('a')
  ask('b')
  pool.release(terminals[0]!)
  pool.release(terminals[1]!)
  ask('c')
  expect(log).toEqual(['a=T01', 'b=T02', 'c=T01'])
})

test('an arrival that finds none waits, and the longest waiting is served first', () => {
  const { terminals, pool, log, ask } = setUp({ count: 1 })
  expect(['a', 'b', 'c'].map((name) => ask(name))).toEqual([false, true, true])
  pool.release(terminals[0]!)
  expect(log).toEqual(['a=T01', 'b=T01'])
})

test('one who waits too long leaves the line at its time', () => {
  const { clock, terminals, pool, log, ask } = setUp({ count: 1 })
  ask('a')
  ask('b', 30)
  ask('c', 50)
  clock.run(40)
  pool.release(terminals[0]!)
  clock.run()
  expect(log).toEqual(['a=T01', 'b left at 30', 'c=T01'])
})

test('one who has waited too long gets no terminal, though the timer has not rung yet', () => {
  const { spent, terminals, pool, log, ask } = setUp({ count: 1 })
  ask('a')
  ask('b', 30)
  ask('c', 50)
  spent.ms = 40
  pool.release(terminals[0]!)
  expect(log).toEqual(['a=T01', 'b left at 40', 'c=T01'])
})

test('an arrival of a merchant takes only its terminals', () => {
  const { pool, terminals, log, ask } = setUp({ count: 4, merchants: ['shop', 'bar'], named: ['bar'] })
  ask('a', 1000, 'bar')
  ask('b', 1000, 'bar')
  ask('c', 1000, 'bar')
  ask('d')
  pool.release(terminals[0]!)
  pool.release(terminals[3]!)
  expect(log).toEqual(['a=T02', 'b=T04', 'd=T01', 'c=T04'])
})

test('places left behind by the other queue are swept', () => {
  const { pool, log, ask, terminals } = setUp({ count: 2, merchants: ['shop'], named: ['shop'] })
  for (let round = 0; round < 10_000; round++) {
    ask(`${round}`)
    const id = log.pop()?.split('=')[1]
    pool.release(terminals.find((terminal) => terminal.id === id)!)
  }
  ask('last', 1000, 'shop')
  expect(log[0]).toMatch(/^last=T0[12]$/)
})

test('terminals that may do several things at once are never busy, and still take turns', () => {
  const { log, ask } = setUp({ count: 2, oneAtATime: false })
  for (const name of ['a', 'b', 'c', 'd']) ask(name)
  expect(log).toEqual(['a=T01', 'b=T02', 'c=T01', 'd=T02'])
})

test('closing ends every wait', () => {
  const { pool, log, ask } = setUp({ count: 1 })
  ask('a')
  ask('b')
  pool.close()
  expect(log).toEqual(['a=T01', 'b left at 0'])
})

test('STANs run from 000001 to 999999 and start again at 000001', () => {
  const [terminal] = createTerminals({ count: 1, idPattern: '{n:8}', merchants: 1 })
  expect(terminal?.id).toBe('00000001')
  expect(nextStan(terminal!)).toBe('000001')
  terminal!.stan = 999_999
  expect(nextStan(terminal!)).toBe('000001')
})

test('a pattern that gives two terminals one id is refused', () => {
  expect(() => createTerminals({ count: 2, idPattern: 'SAME', merchants: 1 })).toThrow('terminals.idPattern:')
})
