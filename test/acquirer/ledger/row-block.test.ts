// Rows that are written in blocks are the rows that are bound whole.

import { describe, expect, test } from 'vitest'
import { type Entries, prepareEntries } from '../../../src/acquirer/ledger/rows/entries.js'
import type { NewEntry } from '../../../src/acquirer/ledger/rows/new-entry.js'
import { rowBlocks } from '../../../src/acquirer/ledger/rows/row-block.js'
import { valueNow } from '../../../src/acquirer/ledger/store/store.js'
import { openTestLedger } from './books.js'

const sale: NewEntry = {
  ...{
    terminal: { id: 3, merchant: 2 },
    batch: '000001',
    stan: '000001',
    effect: 'charge',
    kind: 'sale',
    state: 'charged',
  },
  ...{ processing: '000000', asked: 1000, amount: 1000, card: 7, original: null, code: '00', rrn: '633100000001' },
  ...{ authCode: '123456', reference: '633100000001', at: 1_795_000_000_000, cardKind: null },
}

/** The rows of a new ledger, and which were refused. */
function written(insertAll: (entries: Entries) => ReturnType<Entries['insertAll']>) {
  const ledger = openTestLedger()
  const refused = valueNow(ledger.store, insertAll(prepareEntries(false)))
  return {
    refused: refused.map(({ at }) => at),
    rows: ledger.database.prepare('SELECT * FROM entry ORDER BY id').all(),
  }
}

const together = (list: readonly NewEntry[]) =>
  written((entries) => entries.insertAll(list.length, (index) => list[index] as NewEntry))
const oneByOne = (list: readonly NewEntry[]) =>
  written(function* (entries) {
    const refused = []
    for (const [at, entry] of list.entries()) if ((yield* entries.insert(entry)) === undefined) refused.push({ at })
    return refused
  })

const blockOf = (list: readonly NewEntry[]) => rowBlocks()(0, list.length, (index) => list[index] as NewEntry)
const changed = (change: Partial<NewEntry>, stan = 1): NewEntry => ({
  ...sale,
  stan: String(stan).padStart(6, '0'),
  ...change,
})

describe('a block', () => {
  const kinds: readonly { readonly what: string; readonly change: Partial<NewEntry> }[] = [
    { what: 'a sale', change: {} },
    { what: 'a reference of its own', change: { reference: '000000000042' } },
    { what: 'a refusal', change: { state: 'declined', code: '51' } },
    { what: 'a kind of card', change: { cardKind: 'debit' } },
    { what: 'a hold', change: { effect: 'hold', kind: 'preauth' } },
    {
      what: 'the largest numbers',
      change: { terminal: { id: 999_999_999, merchant: 999_999_999 }, card: 999_999_999 },
    },
    { what: 'the largest amount', change: { asked: 999_999_999_999, amount: 999_999_999_999 } },
    { what: 'texts of nothing', change: { processing: '', batch: '', authCode: '' } },
    { what: 'texts that are no numbers', change: { rrn: '6331\'A"00;%', reference: '?1 -- x', batch: '001~' } },
  ]
  test.each(kinds)('holds what a row that is bound whole does: $what', ({ change }) => {
    const list = [changed(change, 1), changed(change, 2)]
    expect(blockOf(list)?.count).toBe(2)
    expect(together(list)).toEqual(oneByOne(list))
  })

  const ofOne = { terminal: { id: 4, merchant: 2 } }
  const mixed: readonly { readonly what: string; readonly change: Partial<NewEntry> }[] = [
    { what: 'two merchants', change: { terminal: { id: 4, merchant: 3 } } },
    { what: 'two batches', change: { batch: '000002' } },
  ]
  test.each(mixed)('holds rows of $what', ({ change }) => {
    const list = [changed(ofOne, 1), changed(change, 2), changed(ofOne, 3)]
    expect(blockOf(list)?.count).toBe(3)
    expect(blockOf(list)?.values).toHaveLength(4)
    expect(together(list)).toEqual(oneByOne(list))
  })

  test('of one merchant and one batch has both bound once', () => {
    const list = [changed(ofOne, 1), changed({}, 2)]
    expect(blockOf(list)?.values.slice(4)).toEqual([2, '000001'])
    expect(together(list)).toEqual(oneByOne(list))
  })

  const whole: readonly { readonly what: string; readonly change: Partial<NewEntry> }[] = [
    { what: 'an amount that is approved in part', change: { amount: 400 } },
    { what: 'an original', change: { original: 1 } },
    { what: 'no card', change: { card: null } },
    { what: 'a code that is no word', change: { code: "0'" } },
    { what: 'a kind that is no word', change: { kind: 'sale\0' } },
    { what: 'a text that is not ASCII', change: { batch: 'Ä00001' } },
    { what: 'a text with a zero byte', change: { rrn: '6331\u000000000001' } },
    { what: 'a number that is too long', change: { asked: 1_000_000_000_000, amount: 1_000_000_000_000 } },
    { what: 'an instant between two milliseconds', change: { at: 1.5 } },
    { what: 'a text that is too long', change: { batch: '0'.repeat(17) } },
  ]
  test.each(whole)('holds no row with $what', ({ change }) => {
    const list = [changed(change)]
    expect(blockOf(list)).toBeUndefined()
    expect(together(list)).toEqual(oneByOne(list))
  })

  test('ends where a row is of another kind, or has to be written by itself', () => {
    const later = sale.at + 1
    const others = [{ code: '51' }, { batch: 'Ä00001' }, { at: later }, { at: later, processing: '010000' }]
    const list = [{}, {}, ...others].map((change, index) => changed(change, index))
    const counts = list.map((_, index) => blockOf(list.slice(index))?.count)
    expect(counts).toEqual([2, 1, 1, undefined, 1, 1])
    expect(together(list)).toEqual(oneByOne(list))
  })

  test('holds 512 rows at most', () => {
    const list = Array.from({ length: 1100 }, (_, index) => changed({}, index))
    expect(blockOf(list)?.count).toBe(512)
    expect(together(list)).toEqual(oneByOne(list))
  })

  test('is kept for 64 kinds of rows, and rows of the next kinds are written by themselves', () => {
    const blocks = rowBlocks()
    const found = Array.from({ length: 100 }, (_, code) => blocks(0, 1, () => changed({ code: String(code) })))
    expect(found.filter((block) => block !== undefined)).toHaveLength(64)
    expect(blocks(0, 1, () => changed({ code: '7' }))?.sql).toContain("'7'")
  })
})

describe('rows that are refused', () => {
  const taken = (stan: number) => changed({ amount: 5, asked: 5 }, stan)
  const groups: readonly { readonly what: string; readonly list: readonly NewEntry[]; readonly refused: number[] }[] = [
    { what: 'one', list: [changed({}, 1), changed({}, 2), changed({}, 1), changed({}, 3)], refused: [2] },
    { what: 'the last', list: [changed({}, 1), taken(1)], refused: [1] },
    { what: 'all but the first', list: [changed({}, 1), taken(1), taken(1)], refused: [1, 2] },
    { what: 'of other kinds', list: [changed({}, 1), changed({ code: '51' }, 1), changed({}, 2)], refused: [1] },
    { what: 'between others', list: [1, 2, 1, 3, 2, 4, 4, 5].map((stan) => changed({}, stan)), refused: [2, 4, 6] },
  ]
  test.each(groups)('are found in their block: $what', ({ list, refused }) => {
    expect(together(list)).toEqual(oneByOne(list))
    expect(together(list).refused).toEqual(refused)
  })

  test('are found where all of a block are', () => {
    const ledger = openTestLedger()
    const entries = prepareEntries(false)
    const list = [changed({}, 1), changed({}, 2)]
    const insert = () =>
      valueNow(
        ledger.store,
        entries.insertAll(2, (index) => list[index] as NewEntry),
      )
    expect([insert(), insert()]).toEqual([[], [{ at: 0 }, { at: 1 }]])
  })
})
