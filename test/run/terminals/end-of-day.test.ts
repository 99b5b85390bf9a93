// The effect of a settlement file on a run, and how the run tells it.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { inOneGo } from '../../../src/base/slices.js'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { createBookKeeper } from '../../../src/measure/money/book-keeper.js'
import { createFundsWatch } from '../../../src/measure/money/funds.js'
import { closingBooks, takePayouts } from '../../../src/run/terminals/end-of-day.js'

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
  takePayouts(file, { money, clock, say: (line) => said.push(line) })
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
  expect(take(['T9,1,1']).said).toEqual(['payouts: 0 of 1 lines named a known transaction'])
})

test('books of a journal that has lost rows are not known, whatever the ledger holds', () => {
  const money = { books: createBookKeeper(), rowsLost: true, unsettled: () => [] }
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
