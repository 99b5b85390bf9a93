// The transactions that a later one may name, and what it says of them.

import { expect, test } from 'vitest'
import { compile } from '../../../src/codec/compile.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import { createOriginalReader, createOriginals } from '../../../src/terminal/requests/originals.js'
import { adoptBatch, createTerminals, nextStan } from '../../../src/terminal/terminal.js'

const [terminal, other] = createTerminals({ count: 2, idPattern: '{n:8}', merchants: 1 })
if (terminal === undefined || other === undefined) throw new Error('two terminals were asked for')

const remembered = (type: string, stan: string, kind?: string) => ({
  plan: { name: type, posting: kind === undefined ? undefined : { kind, effect: 'charge' as const } },
  texts: { 'original.stan': stan },
  key: { terminal: terminal.id, batch: '000001', stan },
})

test('the oldest of the types asked for is named, once, and only on its own terminal', () => {
  const originals = createOriginals(2)
  for (const [type, stan] of [
    ['sale', '1'],
    ['preauth', '2'],
    ['sale', '3'],
  ] as const) {
    originals.remember(terminal, remembered(type, stan))
  }
  expect(originals.take(other, ['sale'])).toBeUndefined()
  const stans = ['sale', 'sale', 'sale', 'preauth'].map((type) => originals.take(terminal, [type])?.key.stan)
  expect(stans).toEqual(['1', '3', undefined, '2'])
})

test('what is a sale in the books may be named as one, whatever its own name', () => {
  const originals = createOriginals(2)
  for (const [type, stan, kind] of [
    ['balance', '1', undefined],
    ['saleChip', '2', 'sale'],
    ['mine', '3', 'sale'],
  ] as const) {
    originals.remember(terminal, remembered(type, stan, kind))
  }
  expect(originals.take(terminal, ['saleChip'])?.key.stan).toBe('2')
  expect(originals.take(terminal, ['sale'])?.key.stan).toBe('3')
  expect(originals.take(terminal, ['sale'])).toBeUndefined()
})

test('a terminal remembers its newest, and fewer where there are many terminals', () => {
  for (const [terminals, kept] of [
    [1, 32],
    [100_000, 2],
    [1_000_000, 1],
  ] as const) {
    const originals = createOriginals(terminals)
    for (let stan = 1; stan <= 100; stan++) originals.remember(terminal, remembered('sale', String(stan)))
    expect(originals.take(terminal, ['sale'])?.key.stan).toBe(String(101 - kept))
  }
})

test('an original is told by its request and, where there was one, by its answer', () => {
  const codec = compile(builtInDialect('iso87-ascii'))
  const values: Record<number, string> = { 2: '4111111111111111', 4: '000000001234', 13: '1122', 37: '000000000007' }
  const request = { plan: { mti: '0200', valueOf: (field: number) => values[field] }, values: [], stan: '000007' }
  const names = ['mti', 'stan', 'batch', 'amount', 'rrn', 'authCode', 'date', '2', '38'].map(
    (name) => `original.${name}`,
  )
  const read = createOriginalReader(names)
  const withoutAnswer = read(request, { batch: '000001', answer: undefined })
  expect(Object.values(withoutAnswer)).toEqual([
    ...['0200', '000007', '000001', '000000001234', '000000000007', '1122', '4111111111111111'],
  ])
  expect(withoutAnswer).not.toHaveProperty(['original.authCode'])
  const bytes = codec.pack({ mti: '0210', fields: { 13: '1123', 37: '632600000042', 38: '123456' } })
  const answered = read(request, { batch: '000001', answer: codec.peek(bytes) })
  expect(answered).toMatchObject({
    'original.rrn': '632600000042',
    'original.authCode': '123456',
    'original.date': '1123',
  })
})

test('a batch ends before its numbers begin anew, and the host cannot take a terminal back to an old one', () => {
  const own = { ...terminal, stan: 999_998, batch: '000007' }
  expect([nextStan(own), own.batch]).toEqual(['999999', '000007'])
  expect([nextStan(own), own.batch]).toEqual(['000001', '000008'])
  for (const [given, kept] of [
    ['000003', '000008'],
    ['000009', '000009'],
    ['', '000009'],
    ['abc', '000009'],
  ] as const) {
    adoptBatch(own, given)
    expect(own.batch).toBe(kept)
  }
  own.batch = '999999'
  own.stan = 999_999
  nextStan(own)
  expect(own.batch).toBe('000001')
})
