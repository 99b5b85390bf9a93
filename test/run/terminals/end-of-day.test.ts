// The effect of a settlement file on a run, and how the run tells it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inOneGo } from '../../../src/base/slices.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { createBookKeeper } from '../../../src/measure/money/book-keeper.js'
import { createFundsWatch } from '../../../src/measure/money/funds.js'
import { booksOrWhyNot, closingBooks, takePayouts } from '../../../src/run/terminals/end-of-day.js'
import { memorySpill } from '../../measure/money/memory-spill.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-end-of-day-'))
afterAll(() => rmSync(folder, { recursive: true }))

function take(lines: readonly string[]) {
  const clock = createVirtualClock()
  const money = { funds: createFundsWatch(1000), books: createBookKeeper() }
  const key = { terminal: 'T1', batch: '000001', stan: '000001' }
  money.books.add({ ...key, merchant: 'M1', kind: 'sale', amountMinor: 100, state: 'charged' })
  money.funds.expect(key, clock.now())
  const file = join(folder, 'payouts.csv')
  const paidAt = new Date(clock.wall() + 250).toISOString()
  writeFileSync(file, ['terminal,batch,stan,paidAt', ...lines.map((line) => `${line},${paidAt}`), ''].join('\n'))
  const said: string[] = []
  takePayouts(file, { money, observer: { told: () => {} }, clock, say: (line) => said.push(line) })
  const { timeToFunds } = money.funds.figures(true)
  money.funds.destroy()
  return { said, timeToFunds }
}

test('lines of known transactions are counted, with or without their leading zeros', () => {
  const { said, timeToFunds } = take(['T1,1,1', 'T1,000001,000002', 'T2,1,1'])
  expect(said).toEqual(['payouts: 1 of 3 lines named a known transaction'])
  expect(timeToFunds).toMatchObject({ count: 1, max: 250 })
})

test('a file that names nothing of this run says so', () => {
  expect(take(['T9,1,1']).said).toEqual(['payouts: 0 of 1 line named a known transaction'])
})

test('books of a journal that has lost rows are not known, whatever the ledger holds', () => {
  const money = { books: createBookKeeper(), spill: memorySpill(), rowsLost: true, unsettled: () => [] }
  const row = {
    terminal: 'T1',
    merchant: 'M1',
    batch: '000001',
    stan: '000001',
    kind: 'sale',
    amountMinor: 100,
  } as const
  const books = inOneGo(closingBooks(money, { rows: [{ ...row, state: 'charged' }], settled: undefined }))
  expect(books).toMatchObject({ agree: null, because: expect.stringContaining('journal') })
})

test('books that the disk does not give back are not known, and the sums are of what can be read', async () => {
  const spill = memorySpill()
  const books = createBookKeeper({ spill, chunkRows: 2, keptRows: 0 })
  for (const stan of ['000001', '000002', '000003', '000004', '000005'])
    books.add({ terminal: 'T1', merchant: 'M1', batch: '1', stan, kind: 'sale', amountMinor: 100, state: 'charged' })
  spill.unreadableFrom = 60
  const money = { books, spill, rowsLost: false, unsettled: () => books.rows() }
  const known = await booksOrWhyNot(books, async () => inOneGo(closingBooks(money, { rows: [], settled: undefined })))
  expect(known).toMatchObject({ agree: null, because: 'the disk is gone', terminal: { transactions: 2 } })
})
