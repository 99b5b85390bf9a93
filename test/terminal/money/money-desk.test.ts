// The money of each transaction: which ending charges, which declines, which is owed to the host, and what is on disk when.

import { describe, expect, test } from 'vitest'
import { createBookKeeper } from '../../../src/measure/money/book-keeper.js'
import { createJudge } from '../../../src/terminal/exchange/judge.js'
import { type TakenUp, Transaction, type TransactionSetting } from '../../../src/terminal/exchange/transaction.js'
import { createJournal } from '../../../src/terminal/journal/journal.js'
import { type JournalStorage, renewalInMemory } from '../../../src/terminal/journal/journal-storage.js'
import type { Judgement } from '../../../src/terminal/judgement.js'
import {
  createMoneyDesk,
  type EndedExchange,
  type MoneyDeskOptions,
  maxOwed,
} from '../../../src/terminal/money/money-desk.js'
import type { Owed, OwedItem } from '../../../src/terminal/money/owed.js'
import type { MessagePlan } from '../../../src/terminal/requests/message-plan.js'
import { valueIn } from '../../../src/terminal/requests/request.js'
import type { Received } from '../../../src/transport/wire/wire.js'
import { answerOf, createTill, planOf, rules } from '../till.js'

const acknowledged: Judgement = { outcome: 'approved', code: '00', retryCode: false, reason: undefined }

function createDisk() {
  let bytes: Uint8Array = new Uint8Array()
  let isFull = false
  const storage: JournalStorage = {
    read: () => [bytes],
    append(more) {
      if (isFull) throw Object.assign(new Error('disk full'), { code: 'ENOSPC' })
      bytes = Buffer.concat([bytes, more])
    },
    renew: () =>
      renewalInMemory((all) => {
        bytes = all
      }),
    close: () => {},
  }
  return { storage, fill: () => (isFull = true) }
}

function createDeskAtTill(disk = createDisk(), over: Partial<MoneyDeskOptions> = {}) {
  const till = createTill()
  const { clock, terminals, terminal, makeRequest } = till
  const journal = createJournal({ storage: disk.storage, clock, dialect: 'cup-pos', day: '20261127' })
  const books = createBookKeeper()
  const items: OwedItem[] = []
  const owed = {
    pending: 0,
    add: (item: OwedItem) => items.push(item),
    owes: () => true,
    before: (_t: unknown, _u: unknown, go: () => void) => go(),
  }
  const mix = ['sale', 'void', 'refund'].map((name) => planOf(name))
  const desk = createMoneyDesk({
    ...{ rules, reverses: true, terminals, journal, books, makeRequest, mix },
    owed: owed as unknown as Owed,
    plan: planOf,
    instead: mix[0],
    ...over,
  })
  let count = 0
  const judge = createJudge(rules)
  /** A transaction that is prepared; `log` says what the desk allowed. */
  const begin = (plan: MessagePlan = mix[0] as MessagePlan) => {
    const log: string[] = []
    let ended: EndedExchange | undefined
    const setting: TransactionSetting<TakenUp> = {
      target: 'host',
      judge: (answer, request) => judge(answer, valueIn, request),
      onEnd(transaction, sample) {
        ended = sample
        desk.ended(transaction, sample)
      },
    }
    const transaction = new Transaction(setting, {
      number: ++count,
      taken: { terminal, startedAt: 0, timeoutMs: 1000, arrival: { intendedAt: 0, phase: '1' } },
      request: makeRequest(plan, terminal, { names: { 'original.stan': '000001' } }),
      again: undefined,
    })
    desk.prepare(transaction, { send: () => log.push('send'), refuse: (_, reason) => log.push(reason) })
    return { transaction, log, outcome: () => ended?.outcome }
  }
  const states = () => [...books.rows()].map(({ state }) => state)
  return { ...till, desk, journal, books, items, owed, mix, begin, states, turn: () => clock.run(clock.now()) }
}

const received = (mti: string, fields: Record<string, string>) =>
  ({ peek: answerOf(mti, fields), body: new Uint8Array() }) as unknown as Received

/** How the exchange ends, as the client tells it. */
type Ends = (transaction: Transaction) => void
const answered =
  (code: string): Ends =>
  (transaction) => {
    transaction.onWritten(1)
    transaction.onAnswer(received('0210', { 39: code }), 10)
  }
const unread: Ends = (transaction) => {
  transaction.onWritten(1)
  transaction.onAnswer({ peek: undefined } as Received, 10)
}
const silence: Ends = (transaction) => {
  transaction.onWritten(1)
  transaction.onTimeout(1001)
}
const lost: Ends = (transaction) => {
  transaction.onWritten(1)
  transaction.onFailed(5, 'ECONNRESET')
}
const never: Ends = (transaction) => transaction.onUnsent(5, { backPressure: true, reason: 'queue full' })

interface Row {
  readonly name: string
  readonly message?: string
  readonly ends: Ends
  readonly reverses?: boolean
  readonly state: string | undefined
  /** MTI of the message that is owed then; undefined: nothing is. */
  readonly owes: string | undefined
  /** The book's state when the host has acknowledged it. */
  readonly settles?: string
}

const rows: readonly Row[] = [
  { name: 'an approved sale is charged', ends: answered('00'), state: 'charged', owes: undefined },
  { name: 'a declined sale is not', ends: answered('51'), state: 'declined', owes: undefined },
  { name: 'a sale that was never sent leaves nothing', ends: never, state: undefined, owes: undefined },
  { name: 'silence is reversed', ends: silence, state: 'unknown', owes: '0400', settles: 'reversed' },
  { name: 'a connection that was lost is reversed', ends: lost, state: 'unknown', owes: '0400', settles: 'reversed' },
  {
    name: 'an answer that nobody can read is reversed',
    ends: unread,
    state: 'unknown',
    owes: '0400',
    settles: 'reversed',
  },
  { name: 'without reversals, doubt fails', ends: silence, reverses: false, state: 'declined', owes: undefined },
  {
    name: 'a refund in doubt is told again',
    message: 'refund',
    ends: silence,
    state: 'unknown',
    owes: '0220',
    settles: 'charged',
  },
]

describe('the ending of a transaction:', () => {
  for (const { name, message = 'sale', ends, reverses = true, state, owes, settles } of rows) {
    test(name, () => {
      const { begin, states, items, journal, turn, desk } = createDeskAtTill(createDisk(), { reverses })
      const { transaction, log } = begin(planOf(message))
      expect(log).toEqual([])
      turn()
      expect(log).toEqual(['send'])
      ends(transaction)
      turn()
      expect(states()).toEqual(state === undefined ? [] : [state])
      expect(items.map((item) => item.request(false).plan.mti)).toEqual(owes === undefined ? [] : [owes])
      expect(journal.stillOwed()).toHaveLength(owes === undefined ? 0 : 1)
      if (settles === undefined) return
      items[0]?.onAcknowledged(acknowledged)
      turn()
      expect(states()).toEqual([settles])
      expect(journal.stillOwed()).toEqual([])
      const isReversal = settles === 'reversed'
      expect(desk.counts()).toEqual({ created: +isReversal, acknowledged: +isReversal, pending: 0 })
    })
  }

  test('a reversal that is given up leaves a sale that the terminal takes for failed', () => {
    const { begin, states, items, turn, desk } = createDeskAtTill()
    const { transaction } = begin()
    turn()
    silence(transaction)
    items[0]?.request(false)
    items[0]?.onDropped()
    expect(states()).toEqual(['declined'])
    expect(desk.counts()).toEqual({ created: 1, acknowledged: 0, pending: 0 })
  })

  test('a reversal names the trace number of its sale', () => {
    const { begin, items, turn } = createDeskAtTill()
    const { transaction } = begin()
    turn()
    silence(transaction)
    const { plan, values } = items[0]!.request(false)
    expect([11, 61].map((field) => plan.valueOf(field, values) ?? '').join(' ')).toContain(transaction.request.stan)
  })
})

describe('nothing is sent', () => {
  test('before its case is on disk', () => {
    const { begin, turn } = createDeskAtTill()
    const { log } = begin()
    expect(log).toEqual([])
    turn()
    expect(log).toEqual(['send'])
  })

  test('when the journal cannot be written, and its reason is handed on', () => {
    const disk = createDisk()
    const { begin, turn, desk } = createDeskAtTill(disk)
    expect(desk.counts()).not.toHaveProperty('notJournalled')
    disk.fill()
    const { log } = begin()
    turn()
    expect(log).toEqual(['disk full'])
    expect(desk.counts().notJournalled).toBe(1)
  })

  test('when too much is owed', () => {
    const { begin, owed, turn } = createDeskAtTill()
    owed.pending = maxOwed
    const { log } = begin()
    turn()
    expect(log).toEqual(['too much is owed to the host'])
  })
})

describe('a message that names an earlier transaction', () => {
  test('takes one that was approved, once; else a sale goes in its place', () => {
    const { desk, begin, turn, terminal, mix } = createDeskAtTill()
    const [sale, voids] = mix as [MessagePlan, MessagePlan]
    expect(desk.choose(voids, terminal)).toMatchObject({ plan: sale, substituted: true })
    const { transaction } = begin()
    turn()
    answered('00')(transaction)
    const chosen = desk.choose(voids, terminal)
    expect(chosen).toMatchObject({ plan: voids, substituted: false })
    expect(chosen.original?.texts).toMatchObject({ 'original.stan': transaction.request.stan })
    expect(desk.choose(voids, terminal).substituted).toBe(true)
  })

  test('takes none that was declined', () => {
    const { desk, begin, turn, terminal, mix } = createDeskAtTill()
    const { transaction } = begin()
    turn()
    answered('51')(transaction)
    expect(desk.choose(mix[1] as MessagePlan, terminal).substituted).toBe(true)
  })
})

describe('after a crash', () => {
  /** A disk on which one sale is in doubt. */
  function inDoubt() {
    const disk = createDisk()
    const { begin, turn } = createDeskAtTill(disk)
    begin()
    turn()
    return disk
  }

  test('what was under way is reversed as a repeat', () => {
    const { desk, terminals, items, states } = createDeskAtTill(inDoubt())
    expect(desk.recover(terminals, true)).toBe(0)
    expect(states()).toEqual(['unknown'])
    expect(items.map((item) => item.request(false).plan.mti)).toEqual(['0400'])
  })

  test.each([
    { name: 'where it is to be kept', replay: false, own: true },
    { name: 'of a terminal that is not in this run', replay: true, own: false },
  ])('what was under way stays in doubt $name', ({ replay, own }) => {
    const { desk, terminals, items, states } = createDeskAtTill(inDoubt())
    expect(desk.recover(own ? terminals : [], replay)).toBe(1)
    expect([states(), items]).toEqual([['unknown'], []])
    expect(desk.counts()).toEqual({ created: 1, acknowledged: 0, pending: 1 })
  })
})
