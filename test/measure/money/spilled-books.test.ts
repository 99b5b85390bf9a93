// Books on disk are the same books: whatever is written down, changed later and compared, with room and without it.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { inOneGo } from '../../../src/base/slices.js'
import { createBookKeeper } from '../../../src/measure/money/book-keeper.js'
import {
  type BookRow,
  type BookState,
  type Books,
  compareBooks,
  comparingBooks,
} from '../../../src/measure/money/books.js'
import { rowsOfPart } from '../../../src/measure/money/parted-rows.js'
import { memorySpill } from './memory-spill.js'

const anyState = fc.constantFrom<BookState>('charged', 'reversed', 'declined', 'unknown')
const anyRow: fc.Arbitrary<BookRow> = fc.record({
  terminal: fc.constantFrom('T1', 'T2', 'T3'),
  merchant: fc.constantFrom('M1', 'M2'),
  batch: fc.constantFrom('000001', '1122203015', ''),
  stan: fc.oneof(
    fc.integer({ min: 1, max: 999_999 }).map((stan) => String(stan).padStart(6, '0')),
    fc.constantFrom('1', 'AB12', '12345678', ''),
  ),
  kind: fc.constantFrom('sale', 'void', 'refund'),
  amountMinor: fc.integer({ min: 0, max: 999_999_999_999 }),
  state: anyState,
})
/** A row to write down, the state of an earlier one, or the disk that is full from now on, or has room again. */
const anyStep = fc.oneof(
  { arbitrary: fc.record({ add: anyRow }), weight: 6 },
  { arbitrary: fc.record({ set: fc.nat({ max: 100 }), state: anyState }), weight: 3 },
  { arbitrary: fc.record({ isFull: fc.boolean() }), weight: 1 },
)
const anySteps = fc.array(anyStep, { maxLength: 120 })
const tiny = { chunkRows: 4, keptRows: 4 }

describe('books on disk', () => {
  test('are the books that memory would have held, whenever the disk is full', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const spill = memorySpill()
        const keeper = createBookKeeper({ spill, ...tiny })
        const rows: BookRow[] = []
        for (const step of steps) {
          if ('isFull' in step) spill.isFull = step.isFull
          else if ('add' in step) expect(keeper.add(step.add)).toBe(rows.push(step.add) - 1)
          else if (rows.length > 0) {
            const number = step.set % rows.length
            keeper.set(number, step.state)
            rows[number] = { ...(rows[number] as BookRow), state: step.state }
          }
        }
        expect([...keeper.rows()]).toEqual(rows)
        expect([keeper.size, keeper.isFull]).toEqual([rows.length, false])
      }),
    )
  })

  test('leave memory as soon as there is a disk', () => {
    const spill = memorySpill()
    const keeper = createBookKeeper({ spill, ...tiny })
    for (let stan = 1; stan <= 40; stan++) keeper.add(sale(stan))
    expect(spill.size / 26).toBe(32)
  })

  test('say that a full disk takes nothing, once, and that it does again', () => {
    const spill = memorySpill()
    const said: string[] = []
    const keeper = createBookKeeper({ spill, ...tiny, onTrouble: (line) => said.push(line) })
    spill.isFull = true
    for (let stan = 1; stan <= 20; stan++) keeper.add(sale(stan))
    expect(said).toEqual(['the books stay in memory: the disk is full'])
    spill.isFull = false
    for (let stan = 21; stan <= 40; stan++) keeper.add(sale(stan))
    expect(said[1]).toBe('the books are written to the disk again')
    expect([...keeper.rows()]).toHaveLength(40)
  })

  test('are full when neither disk nor memory takes more, and tell it before', () => {
    const spill = memorySpill()
    const told: number[][] = []
    const keeper = createBookKeeper({ spill, ...tiny, inMemory: 12, onNearlyFull: (...said) => told.push(said) })
    for (let stan = 1; stan <= 20; stan++) keeper.add(sale(stan))
    spill.isFull = true
    while (keeper.add(sale(keeper.size + 1)) >= 0);
    expect([keeper.isFull, keeper.size % 4, told.length]).toEqual([true, 0, 1])
    const [size = 0, limit = 0] = told[0] ?? []
    expect([size < limit, limit]).toEqual([true, keeper.size])
  })
})

describe('a comparison in parts', () => {
  test('finds what one in memory finds', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 60 }), fc.array(anyRow, { maxLength: 60 }), (own, other) => {
        const ledger = [...own.filter((_, index) => index % 3 > 0), ...other]
        const inParts = inOneGo(comparingBooks({ size: 5 * rowsOfPart, rows: own }, ledger, { spill: memorySpill() }))
        expect(inOrder(inParts)).toEqual(inOrder(compareBooks(own, ledger)))
      }),
    )
  })

  test('is not known where there is no room for it, and accuses nobody', () => {
    const spill = memorySpill()
    spill.isFull = true
    const rows = Array.from({ length: 40 }, (_, index) => sale(index + 1))
    const books = inOneGo(comparingBooks({ size: 2 * rowsOfPart, rows }, [], { spill, inMemory: 8 }))
    expect(books).toMatchObject({ agree: null, differences: [], terminal: { transactions: 40 } })
  })
})

const sale = (stan: number): BookRow => ({
  terminal: 'T1',
  merchant: 'M1',
  batch: '000001',
  stan: String(stan).padStart(6, '0'),
  kind: 'sale',
  amountMinor: 1000,
  state: 'charged',
})

/** The parts come in an order of their own. */
const inOrder = (books: Books) => ({
  ...books,
  differences: books.differences.map((each) => JSON.stringify(each)).sort(),
})
