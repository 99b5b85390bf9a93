// D+0: what is sold within the window is paid at once, the rest by the fallback, and nothing twice, whatever is reversed meanwhile.

import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { createBooks, openAnyLedger, query } from '../ledger/books.js'

type Books = ReturnType<typeof createBooks>

const local = (text: string) => Date.parse(`${text}+08:00`)
const paid = (books: Books) =>
  query<{ amount: number; paid_at: number }>(books.ledger, 'SELECT amount, paid_at FROM payout ORDER BY id').map(
    ({ amount, paid_at }) => [amount, new Date(paid_at + 8 * 3_600_000).toISOString().slice(0, 16)],
  )
/** The acquirer at a later time, on the same ledger: no timer of the days in between has to run. */
const at = (books: Books | undefined, time: string, settlement: object = {}) => {
  books?.money.close()
  const clock = createVirtualClock(local(time))
  const ledger = books?.ledger ?? openAnyLedger()
  const later = createBooks({ ledger, clock, acquirer: { settlement: { cycle: 'D+0', ...settlement } } })
  clock.run(1000)
  return later
}
const sell = (books: Books, stan: string, amount: string) => {
  books.ask('sale', { stan, amount: amount.padStart(12, '0') })
  books.clock.run(books.clock.now() + 1000)
}

describe('a merchant on D+0', () => {
  test('is paid at once within the window, and what misses it on the next working day', () => {
    let books = at(undefined, '2026-02-06T21:59:00')
    sell(books, '000001', '1000')
    expect(paid(books)).toEqual([[1000, '2026-02-06T21:59']])
    books = at(books, '2026-02-06T22:30:00')
    sell(books, '000002', '200')
    books = at(books, '2026-02-07T12:00:00')
    // Saturday's sale within the window does not wait for Friday night's, which is Monday's.
    sell(books, '000003', '30')
    expect(paid(books).slice(1)).toEqual([[30, '2026-02-07T12:00']])
    books = at(books, '2026-02-09T09:59:00')
    expect(paid(books).length).toBe(2)
    books.clock.run(60_000)
    expect(paid(books).slice(2)).toEqual([[200, '2026-02-09T10:00']])
    expect(paid(at(books, '2026-02-12T12:00:00')).length).toBe(3)
  })

  test('falls back with what the limit of a day has left over', () => {
    let books = at(undefined, '2026-02-03T12:00:00', { dayLimit: '15.00 CNY' })
    sell(books, '000001', '1000')
    sell(books, '000002', '1000')
    books = at(books, '2026-02-03T23:30:00', { dayLimit: '15.00 CNY' })
    expect(paid(books)).toEqual([[1000, '2026-02-03T12:00']])
    books = at(books, '2026-02-04T09:59:59', { dayLimit: '15.00 CNY' })
    expect(paid(books).slice(1)).toEqual([[1000, '2026-02-04T10:00']])
  })

  test('is not paid for a sale that was reversed while it waited', () => {
    let books = at(undefined, '2026-02-03T22:30:00')
    sell(books, '000001', '1000')
    sell(books, '000002', '200')
    books.ask('reversal', { 'original.stan': '000001' })
    books = at(books, '2026-02-04T10:00:00')
    expect(paid(books)).toEqual([[200, '2026-02-04T10:00']])
    sell(books, '000003', '30')
    expect(paid(books).slice(1)).toEqual([[30, '2026-02-04T10:00']])
  })

  test('is charged nothing for a sale that was reversed before the payer saw it', () => {
    let books = at(undefined, '2026-02-03T22:30:00', { cycle: 'onSettlement' })
    sell(books, '000001', '1000')
    books.ask('reversal', { 'original.stan': '000001' })
    sell(books, '000002', '200')
    books = at(books, '2026-02-03T22:40:00')
    books = at(books, '2026-02-04T10:00:00')
    expect(paid(books)).toEqual([[200, '2026-02-04T10:00']])
    sell(books, '000003', '30')
    expect(paid(books).slice(1)).toEqual([[30, '2026-02-04T10:00']])
  })

  test('gives back what is reversed after the fallback has paid it', () => {
    let books = at(undefined, '2026-02-03T22:30:00')
    sell(books, '000001', '1000')
    books = at(books, '2026-02-04T10:00:00')
    books.ask('reversal', { 'original.stan': '000001' })
    sell(books, '000002', '5000')
    expect(paid(books).map(([amount]) => amount)).toEqual([1000, -1000, 5000])
  })

  test('on T+0 has no window on a Sunday', () => {
    const terms = { cycle: 'T+0', fallback: 'D+1' }
    let books = at(undefined, '2026-02-08T12:00:00', terms)
    sell(books, '000001', '1000')
    expect(paid(books)).toEqual([])
    books = at(books, '2026-02-09T10:00:00', terms)
    expect(paid(books)).toEqual([[1000, '2026-02-09T10:00']])
  })

  test('keeps what missed the window where its cycle is changed meanwhile', () => {
    let books = at(undefined, '2026-02-03T22:30:00')
    sell(books, '000001', '1000')
    books = at(books, '2026-02-03T22:31:00', { cycle: '1s' })
    books.clock.run(3000)
    expect(paid(books)).toEqual([[1000, '2026-02-03T22:31']])
  })
})

describe('terms of the same day', () => {
  test.each([
    [{ cycle: '10s', window: '09:00-22:00' }, /acquirer\.settlement\.window: is for the cycles D\+0/],
    [{ cycle: 'T+1', fallback: 'T+2' }, /acquirer\.settlement\.fallback/],
    [{ fees: { debit: { feeRate: '0.5%' } } }, /acquirer\.settlement\.fees\.debit: is no kind of acquirer\.cardKinds/],
  ])('that do nothing are refused: %j', (settlement, message) => {
    expect(() => createBooks({ acquirer: { settlement } })).toThrow(UsageError)
    expect(() => createBooks({ acquirer: { settlement } })).toThrow(message)
  })
})

describe('fees by kind of card', () => {
  test('are taken for each sale by the first kind that fits, and given back with it', () => {
    const acquirer = {
      cardKinds: [
        { kind: 'qr', match: { 22: '03*' } },
        { kind: 'debit', match: { 2: '6*' } },
      ],
      settlement: { cycle: '10s', feeRate: '1%', fees: { qr: { feeRate: '0.3%' }, debit: { feeCap: '0.02 CNY' } } },
    }
    const books = createBooks({ acquirer })
    books.ask('sale', {}, { 2: '6200000000000005', 22: '032' })
    books.ask('sale', { stan: '000002' }, { 2: '6200000000000005', 22: '022' })
    books.ask('sale', { stan: '000003' }, { 2: '4111111111111111', 22: '022' })
    expect(query(books.ledger, 'SELECT card_kind FROM entry ORDER BY id').map((row) => row.card_kind)).toEqual([
      'qr',
      'debit',
      null,
    ])
    books.clock.run(10_000)
    expect(query(books.ledger, 'SELECT gross, fee FROM payout')).toEqual([{ gross: 3000, fee: 3 + 2 + 10 }])
  })
})
