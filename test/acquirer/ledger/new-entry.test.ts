// Rows whose frequent texts stand in the statement are the rows that are bound whole.

import { describe, expect, test } from 'vitest'
import { frequentInserts, type NewEntry } from '../../../src/acquirer/ledger/new-entry.js'
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

/** The row as it stands in a ledger after its frequent insert. */
function rowOf(entry: NewEntry) {
  const { database } = openTestLedger()
  const insert = frequentInserts()(entry)
  if (insert === undefined) return undefined
  database.prepare(insert.sql).run(...(insert.valuesOf(entry) as string[]))
  return database.prepare('SELECT * FROM entry').get()
}

describe('a frequent insert', () => {
  const kinds: readonly { readonly what: string; readonly change: Partial<NewEntry> }[] = [
    { what: 'a sale', change: {} },
    { what: 'a reference of its own', change: { reference: '000000000042' } },
    { what: 'a refusal without a card', change: { state: 'declined', code: '51', card: null } },
    { what: 'a kind of card', change: { cardKind: 'debit' } },
    { what: 'a hold', change: { effect: 'hold', kind: 'preauth' } },
  ]
  test.each(kinds)('writes what it was given: $what', ({ change }) => {
    const { terminal, at, authCode, cardKind, ...others } = { ...sale, ...change }
    const ids = { terminal: terminal.id, merchant: terminal.merchant }
    const columns = { ...ids, auth_code: authCode, posted_at: at, card_kind: cardKind }
    expect(rowOf({ ...sale, ...change })).toEqual({ id: 1, ...columns, ...others })
  })

  const whole: readonly { readonly what: string; readonly change: Partial<NewEntry> }[] = [
    { what: 'an amount that is approved in part', change: { amount: 400 } },
    { what: 'an original', change: { original: 1 } },
    { what: 'a code that is no word', change: { code: "0'" } },
    { what: 'a kind that is no word', change: { kind: 'sale\0' } },
  ]
  test.each(whole)('is none for $what', ({ change }) => expect(rowOf({ ...sale, ...change })).toBeUndefined())

  test('is kept for 64 kinds of rows, and the next kinds are bound whole', () => {
    const insertFor = frequentInserts()
    const found = Array.from({ length: 100 }, (_, code) => insertFor({ ...sale, code: String(code) }))
    expect(found.filter((insert) => insert !== undefined)).toHaveLength(64)
    expect(insertFor({ ...sale, code: '7' })?.sql).toContain("'7'")
  })
})
