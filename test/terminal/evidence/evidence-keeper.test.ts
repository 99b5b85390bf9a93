// The evidence that is kept while a run lasts: the untimely, what waits for its money, and no more than there is room for.

import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { createFundsWatch } from '../../../src/measure/money/funds.js'
import type { Sample } from '../../../src/measure/sample.js'
import { createEvidenceKeeper, type KeeperOptions } from '../../../src/terminal/evidence/evidence-keeper.js'
import type { Transaction } from '../../../src/terminal/exchange/transaction.js'

const key = (stan: string) => ({ terminal: '1', batch: '000001', stan })

function sampleOf(stan: string, given: Partial<Sample> = {}): Sample {
  return {
    ...{ type: 'sale', terminal: '1', merchant: 'm', target: 'h:1', phase: 'p', stan, intendedAt: 0, startedAt: 0 },
    ...{ writtenAt: 0, endedAt: 10, outcome: 'approved', responseCode: '00', retryCode: false, reason: undefined },
    ...{ backPressure: false, tries: 1, firstCode: undefined },
    ...given,
  }
}

/** A keeper at virtual time 0, and a way to hand it samples by their STAN. */
function setUp(options: Partial<KeeperOptions> = {}) {
  const clock = createVirtualClock(0)
  const keeper = createEvidenceKeeper({
    ...{ clock, keep: 'late', timelyWithinMs: 3000, fundsWithinMs: undefined, followsFunds: true },
    keyOf: (request) => key(request.stan ?? ''),
    ...options,
  })
  const end = (stan: string, given: Partial<Sample> = {}, answer?: Uint8Array) => {
    const transaction = { request: { stan, key: `k${stan}` } } as unknown as Transaction
    keeper.keep(sampleOf(stan, given), { transaction, answer })
  }
  const stans = (told = true) => keeper.stories(told).map(({ sample }) => sample.stan)
  return { clock, keeper, end, stans }
}

const late = { endedAt: 3001 }
const timedOut = { outcome: 'timedOut', endedAt: 30_000, responseCode: undefined } as const

describe('kept is', () => {
  test('what was not timely', () => {
    const { end, stans } = setUp()
    end('1')
    end('2', late)
    end('3', timedOut)
    end('4', { outcome: 'declined', responseCode: '51' })
    end('5', { outcome: 'declined', responseCode: '91', retryCode: true })
    expect(stans()).toEqual(['2', '3', '5'])
  })

  test('everything, when everything is asked for', () => {
    const { end, stans } = setUp({ keep: 'all' })
    end('1')
    end('2', late)
    expect(stans()).toEqual(['1', '2'])
  })

  test('nothing of the warm-up', () => {
    const { keeper, end, stans } = setUp()
    keeper.measureFrom(100)
    end('1', { intendedAt: 99, endedAt: 9999 })
    end('2', { intendedAt: 100, endedAt: 9999 })
    expect(stans()).toEqual(['2'])
  })

  test('no more than there is room for, and the rest is counted', () => {
    const { keeper, end, stans } = setUp({ limit: 2 })
    for (const stan of ['1', '2', '3', '4']) end(stan, late)
    expect(stans()).toEqual(['1', '2'])
    expect(keeper.leftOut).toBe(2)
  })

  test('a copy of the answer, whose buffer is used again', () => {
    const { keeper, end } = setUp()
    const answer = Uint8Array.of(1, 2, 3)
    end('1', late, answer)
    answer.fill(0)
    expect([...(keeper.stories(true)[0]?.answer ?? [])]).toEqual([1, 2, 3])
  })
})

test('a late answer finds its request, once', () => {
  const { keeper, end } = setUp()
  end('1', timedOut)
  end('2', late)
  keeper.late('k1', Uint8Array.of(7), 31_000)
  keeper.late('k1', Uint8Array.of(8), 32_000)
  keeper.late('k2', Uint8Array.of(9), 33_000)
  const [one, two] = keeper.stories(true)
  expect(one?.late).toEqual({ answer: Uint8Array.of(7), at: 31_000 })
  expect(two?.late).toBeUndefined()
})

test('a reversal is told from its beginning to its acknowledgement', () => {
  const { clock, keeper, end } = setUp()
  clock.run(30_000)
  keeper.owed(key('1'), 'reversal')
  end('1', timedOut)
  keeper.sentAgain(key('1'), 31_000)
  keeper.sentAgain(key('1'), 36_000)
  clock.run(36_050)
  keeper.settled(key('1'), 'acknowledged', '25')
  expect(keeper.stories(true)[0]?.owed).toEqual({
    ...{ kind: 'reversal', at: 30_000, sentAt: [31_000, 36_000], tries: 2, state: 'acknowledged' },
    ...{ endedAt: 36_050, code: '25' },
  })
})

test('the times of endless tries are bounded, their number is not', () => {
  const { keeper, end } = setUp()
  keeper.owed(key('1'), 'reversal')
  end('1', timedOut)
  for (let at = 0; at < 1000; at++) keeper.sentAgain(key('1'), at)
  const owed = keeper.stories(true)[0]?.owed
  expect(owed?.tries).toBe(1000)
  expect(owed?.sentAt.length).toBeLessThan(100)
})

describe('money', () => {
  /** Approved in time; `act` says what becomes of the money. */
  function waits(act: (funds: ReturnType<typeof createFundsWatch>) => void, options: Partial<KeeperOptions> = {}) {
    const { keeper, end, stans } = setUp({ fundsWithinMs: 15_000, ...options })
    const funds = keeper.watching(createFundsWatch(15_000))
    funds.expect(key('1'), 0)
    end('1')
    act(funds)
    funds.destroy()
    return { stans, story: keeper.stories(true)[0] }
  }

  test('that came in time leaves no evidence', () => {
    expect(waits((funds) => funds.paid(key('1'), 15_000)).stans()).toEqual([])
  })

  test('that came late does', () => {
    expect(waits((funds) => funds.paid(key('1'), 15_001)).story?.payout).toEqual({ state: 'paid', at: 15_001 })
  })

  test('that never came does', () => {
    expect(waits(() => {}).story?.payout).toEqual({ state: 'awaited' })
  })

  test('whose news overtook the answer leaves none', () => {
    const { keeper, end, stans } = setUp({ fundsWithinMs: 15_000 })
    const funds = keeper.watching(createFundsWatch(15_000))
    funds.paid(key('1'), 10)
    funds.expect(key('1'), 0)
    end('1')
    funds.destroy()
    expect(stans()).toEqual([])
  })

  test('that was voided leaves none', () => {
    expect(waits((funds) => funds.forget(key('1'))).stans()).toEqual([])
  })

  test('of which nobody tells is held against nobody', () => {
    expect(waits(() => {}).stans(false)).toEqual([])
  })

  test('is not asked for where nobody has said when it is late', () => {
    expect(waits(() => {}, { fundsWithinMs: undefined }).stans()).toEqual([])
  })
})
