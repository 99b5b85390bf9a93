// Runs on one ledger are told apart by the numbers of its rows, whatever the clock does.

import { expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { wallStart } from '../harness.js'
import { createBooks, openAnyLedger } from './books.js'

const stansOf = (rows: Iterable<{ readonly stan: string }>) => [...rows].map(({ stan }) => stan)

test('a clock that is set back between two runs, or within one, hides and adds nothing', async () => {
  const ledger = openAnyLedger()
  const first = createBooks({ ledger })
  first.ask('sale', { stan: '000001' })
  const mark = await ledger.mark(undefined)
  expect(mark).toEqual({ entry: 1, payout: 0, postedAt: wallStart })
  const anHourBack = createBooks({ ledger, clock: createVirtualClock(wallStart - 3_600_000) })
  anHourBack.ask('sale', { stan: '000002' })
  expect(stansOf(await ledger.rows(mark))).toEqual(['000002'])
  expect(stansOf(await ledger.rows())).toEqual(['000001', '000002'])
})

test('a journal that outlives its process finds where it began', async () => {
  const ledger = openAnyLedger()
  const books = createBooks({ ledger })
  books.ask('sale', { stan: '000001' })
  const began = await ledger.mark({ beganAt: 17, isNew: true })
  books.ask('sale', { stan: '000002' })
  expect(await ledger.mark({ beganAt: 17, isNew: false })).toEqual(began)
  expect(stansOf(await ledger.rows(began))).toEqual(['000002'])
  // One that is older than the ledger's table of runs knows only its time.
  expect((await ledger.mark({ beganAt: wallStart + 1, isNew: false })).entry).toBe(2)
  expect((await ledger.mark({ beganAt: wallStart, isNew: false })).entry).toBe(0)
})
