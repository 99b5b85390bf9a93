// Two habits of packagers that dialects may take over: cutting what is too long, and filling in what is missing.

import { expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import type { FieldDefinition, Kind } from '../../src/codec/dialect.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import type { FieldValue } from '../../src/codec/message.js'

const base = builtInDialect('iso87-ascii')
const codecOf = (definition: FieldDefinition) => compile({ ...base, fields: { 2: definition } })
/** The bytes of field 2 as text, and the value that they are read back as. */
function written(definition: FieldDefinition, value: FieldValue): readonly [string, FieldValue | undefined] {
  const codec = codecOf(definition)
  const bytes = codec.pack({ mti: '0200', fields: { 2: value } })
  return [Buffer.from(bytes).subarray(20).toString('latin1'), codec.unpack(bytes).fields[2]]
}

const cutting = { side: 'right', with: ' ', cut: true } as const

test('a field that cuts writes the beginning of what is too long, and pads what is short', () => {
  const name = { name: 'name', format: 'ans 5', pad: cutting } as const
  expect(written(name, 'MERCHANT')).toEqual(['MERCH', 'MERCH'])
  expect(written(name, 'ME')).toEqual(['ME   ', 'ME'])
  expect(written({ ...name, data: 'gbk' }, '银联商')).toEqual([
    Buffer.from('d2f8c1aa20', 'hex').toString('latin1'),
    '银联',
  ])
})

test('only text can be cut', () => {
  for (const [kind, data] of [
    ['n', 'ascii'],
    ['b', 'binary'],
    ['an', 'bcd'],
  ] as const satisfies readonly [Kind, string][]) {
    expect(() => codecOf({ name: 'x', format: `${kind} 6`, data, pad: { ...cutting, with: '0' } })).toThrow(
      'expected a field of text',
    )
  }
})

const parts: Readonly<Record<string, FieldDefinition>> = {
  1: { name: 'number', format: 'n 4' },
  2: { name: 'text', format: 'ans 3' },
  3: { name: 'long', format: 'ans..9' },
  4: { name: 'bytes', format: 'b 2', data: 'binary' },
  5: { name: 'last', format: 'n 2' },
}
const filling = (fills: boolean): FieldDefinition => ({
  name: 'parts',
  format: 'ans..40',
  inside: { kind: 'positional', ...(fills && { fills }), fields: parts },
})

test('a field that fills writes zeros, blanks or nothing for each subfield in front of the last one', () => {
  const blank = ['0000   00\u0000\u000042', { 1: '0000', 2: '', 3: '', 4: '0000', 5: '42' }]
  expect(written(filling(true), { 5: '42' })).toEqual([`13${blank[0]}`, blank[1]])
  expect(written(filling(true), { 2: 'ABC' })).toEqual(['070000ABC', { 1: '0000', 2: 'ABC' }])
})

test('without that, a missing subfield in the middle is refused', () => {
  expect(() => written(filling(false), { 5: '42' })).toThrow(
    'field 2.1: expected a value, because a later subfield has one',
  )
})
