// The pure parts of a ledger in a database: its URL, what an error of it means, and serial numbers in stock.

import { describe, expect, test } from 'vitest'
import { stockedSerials, stockSerials } from '../../../src/acquirer/ledger/serials/stock.js'
import { parsePostgresUrl } from '../../../src/acquirer/ledger/store/postgres-place.js'
import { postgresTables } from '../../../src/acquirer/ledger/store/postgres-schema.js'
import { troubleWith } from '../../../src/acquirer/ledger/store/postgres-trouble.js'

describe('the URL of a ledger', () => {
  test('names hosts in the order of failover, and a server off this machine has to show who it is', () => {
    const place = parsePostgresUrl('postgres://pos@db1:5433,db2/books?schema=lab')
    expect(place).toMatchObject({
      hosts: [
        { host: 'db1', port: 5433 },
        { host: 'db2', port: 5432 },
      ],
      ...{ database: 'books', user: 'pos', schema: 'lab', tls: 'full' },
    })
    expect(place.shown).toBe('postgres://db1:5433,db2:5432/books')
  })

  test('of this machine needs no TLS, and may be a socket', () => {
    expect(parsePostgresUrl('postgresql://127.0.0.1/books').tls).toBe('off')
    expect(parsePostgresUrl('postgres:///books?host=/run/postgresql')).toMatchObject({
      hosts: [{ host: '/run/postgresql', port: 5432 }],
      tls: 'off',
    })
    expect(parsePostgresUrl('postgres://db/books?sslmode=disable').tls).toBe('off')
  })

  const refused = [
    { url: 'postgres://pos:secret@db/books', why: /a password in the URL is seen by everybody .*--ledger-password/ },
    { url: 'postgres://db', why: /names no database/ },
    { url: 'postgres://db:0/books', why: /'0' is no port/ },
    { url: 'postgres://db/books?schema=A;B', why: /schema: expected small letters/ },
    { url: 'postgres://db/books?sslmode=maybe', why: /sslmode: expected disable, require, verify-ca, verify-full/ },
    { url: 'postgres://db/books?options=x', why: /'options' is not understood/ },
  ]
  for (const { url, why } of refused) {
    test(`is refused as ${url.replace('secret', '…')}, without showing a password`, () => {
      expect(() => parsePostgresUrl(url)).toThrow(why)
      expect(() => parsePostgresUrl(url)).not.toThrow(/secret/)
    })
  }
})

describe('an error of the database', () => {
  const cases = [
    {
      what: 'of a full disk',
      error: { code: '53100', message: 'x' },
      retryMs: undefined,
      words: /disk is full \(53100\)/,
    },
    { what: 'of a lock', error: { code: '55P03', message: 'lock' }, retryMs: 5, words: /lock/ },
    { what: 'of a server that stops', error: { code: '57P01', message: 'stop' }, retryMs: 100, words: /stop/ },
    { what: 'of the way to it', error: { code: 'ECONNREFUSED', message: 'refused' }, retryMs: 100, words: /refused/ },
  ]
  for (const { what, error, retryMs, words } of cases) {
    test(`${what} says when to come again`, () => {
      const trouble = troubleWith(Object.assign(new Error(error.message), { code: error.code }), false)
      expect([trouble.retryMs, trouble.isInDoubt]).toEqual([retryMs, false])
      expect(trouble.message).toMatch(words)
    })
  }

  test('leaves a commit in doubt where the way to it is lost, and nothing else', () => {
    expect(troubleWith(new Error('Connection terminated unexpectedly'), true).isInDoubt).toBe(true)
    expect(troubleWith(Object.assign(new Error('full'), { code: '53100' }), true).isInDoubt).toBe(false)
  })
})

test('serial numbers are had at once, never twice, and asked for before they run out', () => {
  const asked: ((first: number | undefined) => void)[] = []
  const reserve = stockSerials((_, then) => asked.push(then))
  expect(reserve('6034', 10_000, true)).toBeUndefined()
  asked.shift()?.(0)
  const taken: (number | undefined)[] = []
  for (let count = 0; count < stockedSerials / 10_000; count++) taken.push(reserve('6034', 10_000, false))
  expect(new Set(taken).size).toBe(20)
  expect(asked.length).toBe(1)
  expect(reserve('6034', 10_000, false)).toBeUndefined()
  asked.shift()?.(undefined)
  expect(reserve('6034', 10_000, false)).toBeUndefined()
  asked.shift()?.(700_000)
  expect(reserve('6034', 10_000, false)).toBe(700_000)
})

test('the tables are those of the file, in types of the database', () => {
  expect(postgresTables).not.toMatch(/INTEGER|BLOB|ROWID|REFERENCES/)
  expect(postgresTables).toContain('entry_by_merchant')
})
