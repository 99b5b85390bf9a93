// Messages as JSON: every form is read, and what is wrong is named by its path and never by its value.

import { describe, expect, test } from 'vitest'
import { UsageError } from '../../src/base/errors.js'
import { readMessage } from '../../src/codec/message-json.js'

test('a message with every form of value is read as it is', () => {
  const json = {
    tpdu: '6000030000',
    header: '603210320072',
    mti: '0200',
    bitmap: '4000000000000000',
    fields: {
      2: '4111',
      35: { hex: '41F0', length: 3 },
      55: { 82: '5C00', '9F27': '80', order: ['9F27', '82'] },
      127: { 25: { 2: '1' } },
    },
  }
  expect(readMessage(json)).toEqual(json)
})

describe('is refused', () => {
  const refused: readonly (readonly [name: string, json: unknown, problem: string])[] = [
    ['no object', '0200', 'expected a message such as'],
    ['a list', [], 'expected a message such as'],
    ['a misspelt key', { mti: '0200', field: {} }, "unknown key 'field' (did you mean 'fields'?)"],
    ['an MTI that is a number', { mti: 200, fields: {} }, 'mti: expected four digits in quotes'],
    ['no fields', { mti: '0200' }, 'fields: expected an object'],
    [
      'a number',
      { mti: '0200', fields: { 4: 100 } },
      'fields.4: expected text in quotes: numbers lose their leading zeros',
    ],
    ['null', { mti: '0200', fields: { 4: null } }, 'fields.4: expected text'],
    ['a header in lower case', { mti: '0200', header: 'ff', fields: {} }, 'header: expected upper-case hex'],
    ['verbatim bytes in lower case', { mti: '0200', fields: { 2: { hex: 'ff' } } }, 'fields.2: expected {"hex"'],
    ['verbatim bytes with more', { mti: '0200', fields: { 2: { hex: 'FF', x: '1' } } }, 'fields.2: expected {"hex"'],
    ['a wrong subfield', { mti: '0200', fields: { 127: { 25: { 2: true } } } }, 'fields.127.25.2: expected text'],
  ]
  for (const [name, json, problem] of refused) {
    test(name, () => {
      expect(() => readMessage(json, 'x.json:1:1')).toThrow(UsageError)
      expect(() => readMessage(json, 'x.json:1:1')).toThrow(`x.json:1:1 ${problem}`)
    })
  }

  test('a message that nests without end', () => {
    let value: unknown = '1'
    for (let depth = 0; depth < 10_000; depth++) value = { 1: value }
    expect(() => readMessage({ mti: '0200', fields: { 127: value } })).toThrow('nested deeper than 16 levels')
  })
})
