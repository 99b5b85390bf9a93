// The comparison of the two sides, and the columns in which the terminals' side is kept.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBookKeeper } from '../../../src/measure/money/book-keeper.js'
import {
  type BookRow,
  type BookState,
  booksByTotals,
  compareBooks,
  maxDifferences,
  type SettledTotals,
} from '../../../src/measure/money/books.js'

const row = (stan: number, state: BookState, amountMinor = 1000): BookRow => ({
  terminal: 'T1',
  merchant: 'M1',
  batch: '000001',
  stan: String(stan).padStart(6, '0'),
  kind: 'sale',
  amountMinor,
  state,
})

describe('books', () => {
  const cases: readonly { name: string; terminal: BookRow[]; acquirer: BookRow[]; kinds: string[] }[] = [
    { name: 'agree when both are empty', terminal: [], acquirer: [], kinds: [] },
    { name: 'agree on a charge', terminal: [row(1, 'charged')], acquirer: [row(1, 'charged')], kinds: [] },
    { name: 'agree on a reversal', terminal: [row(1, 'reversed')], acquirer: [row(1, 'reversed')], kinds: [] },
    {
      name: 'agree when the host never saw what was reversed',
      terminal: [row(1, 'reversed')],
      acquirer: [],
      kinds: [],
    },
    {
      name: 'agree when the host never saw what was declined',
      terminal: [row(1, 'declined')],
      acquirer: [],
      kinds: [],
    },
    {
      name: 'show a charge that the terminal took for failed',
      terminal: [row(1, 'declined')],
      acquirer: [row(1, 'charged')],
      kinds: ['chargedButNotKnown'],
    },
    {
      name: 'show a charge that was reversed for the terminal only',
      terminal: [row(1, 'reversed')],
      acquirer: [row(1, 'charged')],
      kinds: ['chargedButNotKnown'],
    },
    { name: 'show a charge of nobody', terminal: [], acquirer: [row(1, 'charged')], kinds: ['chargedButNotKnown'] },
    { name: 'show a charge that was lost', terminal: [row(1, 'charged')], acquirer: [], kinds: ['knownButNotCharged'] },
    {
      name: 'show a charge that the host has undone',
      terminal: [row(1, 'charged')],
      acquirer: [row(1, 'reversed')],
      kinds: ['knownButNotCharged'],
    },
    {
      name: 'show another amount',
      terminal: [row(1, 'charged', 1000)],
      acquirer: [row(1, 'charged', 999)],
      kinds: ['amountDiffers'],
    },
    {
      name: 'show a second charge',
      terminal: [row(1, 'charged')],
      acquirer: [row(1, 'charged'), row(1, 'charged')],
      kinds: ['chargedTwice'],
    },
    {
      name: 'show a reversal that is still owed, charged or not',
      terminal: [row(1, 'unknown'), row(2, 'unknown')],
      acquirer: [row(1, 'charged')],
      kinds: ['reversalPending', 'reversalPending'],
    },
    {
      name: 'tell the same number in another batch apart',
      terminal: [row(1, 'charged')],
      acquirer: [{ ...row(1, 'charged'), batch: '000002' }],
      kinds: ['chargedButNotKnown', 'knownButNotCharged'],
    },
  ]
  for (const { name, terminal, acquirer, kinds } of cases) {
    test(name, () => {
      const books = compareBooks(terminal, acquirer)
      expect(books.differences.map(({ kind }) => kind)).toEqual(kinds)
      expect(books.agree).toBe(kinds.length === 0)
    })
  }

  test('say what each side has', () => {
    const difference = compareBooks([row(1, 'declined', 5)], [row(1, 'charged', 7)]).differences[0]
    expect(difference).toMatchObject({ stan: '000001', type: 'sale', terminalSays: null })
    expect(difference?.acquirerSays).toEqual({ state: 'charged', amountMinor: 7 })
  })

  test('list the first differences and count all', () => {
    const rows = Array.from({ length: 3 * maxDifferences }, (_, index) => row(index + 1, 'charged'))
    const books = compareBooks([], rows)
    expect(books.differences).toHaveLength(maxDifferences)
    expect(books.counts.chargedButNotKnown).toBe(3 * maxDifferences)
    expect(books.acquirer?.chargedMinor).toBe(3 * maxDifferences * 1000)
  })
})

describe('books by the totals of a host whose ledger cannot be seen', () => {
  const settled = (change: Partial<SettledTotals> = {}): SettledTotals => ({
    ...{ terminal: 'T1', merchant: 'M1', batch: '000001', over: 'batch' },
    ...{ verdict: 'balanced', totalsAgree: true, ownMinor: 1000, hostMinor: 1000 },
    ...change,
  })
  const sale = row(1, 'charged')
  const later = { ...row(2, 'reversed'), batch: '000002' }
  const cases: readonly {
    name: string
    rows: BookRow[]
    settled: SettledTotals[]
    agree: boolean | null
    kinds?: string[]
  }[] = [
    { name: 'agree where verdict and totals do', rows: [sale], settled: [settled()], agree: true },
    {
      name: 'agree on a verdict alone',
      rows: [sale],
      settled: [settled({ totalsAgree: null, hostMinor: null })],
      agree: true,
    },
    {
      name: 'do not agree on a verdict that the totals belie',
      rows: [sale],
      settled: [settled({ totalsAgree: false, hostMinor: 99_000 })],
      agree: false,
      kinds: ['wrongVerdict'],
    },
    {
      name: 'do not agree out of balance, though the totals do',
      rows: [sale],
      settled: [settled({ verdict: 'outOfBalance' })],
      agree: false,
      kinds: ['wrongVerdict'],
    },
    {
      name: 'do not agree out of balance',
      rows: [sale],
      settled: [settled({ verdict: 'outOfBalance', totalsAgree: false, hostMinor: 900 })],
      agree: false,
      kinds: ['totalsDiffer'],
    },
    {
      name: 'are not known without a verdict',
      rows: [sale],
      settled: [settled({ verdict: 'unknown', totalsAgree: null })],
      agree: null,
    },
    { name: 'are not known where money was sent and nothing settled', rows: [sale], settled: [], agree: null },
    { name: 'agree where nothing was sent', rows: [], settled: [], agree: true },
    {
      name: 'show what is still owed',
      rows: [sale, row(2, 'unknown')],
      settled: [settled()],
      agree: false,
      kinds: ['reversalPending'],
    },
    {
      name: 'are not known over a batch that no settlement was of',
      rows: [sale, later],
      settled: [settled()],
      agree: null,
    },
    {
      name: 'agree over two batches that were both settled',
      rows: [sale, later],
      settled: [settled(), settled({ batch: '000002' })],
      agree: true,
    },
    {
      name: 'agree over all batches where a settlement is of all since the last',
      rows: [sale, later],
      settled: [settled({ over: 'sinceLast' })],
      agree: true,
    },
    {
      name: 'are not known of a terminal that did not settle',
      rows: [sale, { ...sale, terminal: 'T2' }],
      settled: [settled()],
      agree: null,
    },
  ]
  test.each(cases)('$name', ({ rows, settled, agree, kinds = [] }) => {
    const books = booksByTotals({ all: rows, open: rows }, settled)
    expect(books.differences.map(({ kind }) => kind)).toEqual(kinds)
    expect(books.agree).toBe(agree)
    expect(books.because === undefined).toBe(agree !== null)
  })

  test('say what each side has', () => {
    const [difference] = booksByTotals({ all: [sale], open: [sale] }, [
      settled({ totalsAgree: false, hostMinor: 99_000 }),
    ]).differences
    expect([difference?.terminalSays?.amountMinor, difference?.acquirerSays?.amountMinor]).toEqual([1000, 99_000])
  })

  test('leave what an earlier run settled out of the comparison, and in the sums', () => {
    const books = booksByTotals({ all: [later, sale], open: [sale] }, [settled()])
    expect([books.agree, books.terminal.transactions]).toEqual([true, 2])
  })

  test('say why they are not known', () => {
    const { because } = booksByTotals({ all: [], open: [sale, later] }, [settled({ verdict: 'unknown' })])
    expect(because).toBe(
      '1 of 1 settlement brought no verdict on the totals; 1 transaction is in no batch that was settled',
    )
  })
})

describe('the keeper', () => {
  const anyRow = fc.record({
    terminal: fc.constantFrom('T1', 'T2'),
    merchant: fc.constantFrom('M1', 'M2'),
    batch: fc.constantFrom('000001', '1122203015', ''),
    stan: fc.integer({ min: 1, max: 999_999 }).map((stan) => String(stan).padStart(6, '0')),
    kind: fc.constantFrom('sale', 'void', 'refund'),
    amountMinor: fc.integer({ min: 0, max: 999_999_999_999 }),
    state: fc.constantFrom<BookState>('charged', 'reversed', 'declined', 'unknown'),
  })

  test('gives back what was written down, with the latest state', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(anyRow, fc.option(fc.constantFrom<BookState>('reversed', 'declined')))), (all) => {
        const keeper = createBookKeeper()
        for (const [each, later] of all) {
          const number = keeper.add(each)
          if (later !== null) keeper.set(number, later)
        }
        expect([...keeper.rows()]).toEqual(all.map(([each, later]) => ({ ...each, state: later ?? each.state })))
      }),
    )
  })

  test('keeps so many rows and says that there were more', () => {
    const told: number[][] = []
    const keeper = createBookKeeper({ limit: 2, onNearlyFull: (...said) => told.push(said) })
    expect([1, 2].map((stan) => keeper.add(row(stan, 'charged')))).toEqual([0, 1])
    expect([keeper.isFull, told]).toEqual([false, [[2, 2]]])
    expect(keeper.add(row(3, 'charged'))).toBe(-1)
    expect(keeper.isFull).toBe(true)
    expect([keeper.size, told.length]).toEqual([2, 1])
  })
})
