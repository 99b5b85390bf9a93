// Messages that are alike are read, and answered, as each would be by itself: nothing of one is left over in the next.

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileAnswerer } from '../../src/codec/answerer.js'
import { compile } from '../../src/codec/compile.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { resolveLayout } from '../../src/codec/layout.js'
import { FieldTable } from '../../src/codec/located/field-table.js'
import type { Message } from '../../src/codec/message.js'
import { arbitraryMessage } from './arbitrary-message.js'

/** ASCII and binary, one with a third bitmap, one with length prefixes and fields inside. */
const dialects = ['iso87-ascii', 'cup-pos', 'postilion', 'iso2003-binary', 'cmf'].map(builtInDialect)
const echoed = [2, 3, 4, 7, 11, 12, 22, 32, 37, 41, 42, 49, 70]

/** The field values of a message that can be told of it, and the answer to it. */
function seenBy(table: FieldTable, answerer: ReturnType<typeof compileAnswerer>, bytes: Uint8Array, code?: string) {
  const errors = table.locateOn(bytes).map(({ message }) => message)
  const numbers = Array.from({ length: 193 }, (_, field) => field)
  const told = () => numbers.map((field) => [table.has(field), table.text(field), table.raw(field)])
  const first = told()
  const target = Buffer.alloc(answerer.maxBytes(bytes.length) + 3)
  const end = answerer.write(table, [code, '12'], target, 3)
  const { mti, located, bitmapEnd } = table
  return { errors, first, again: told(), answer: target.subarray(3, end).toString('hex'), mti, located, bitmapEnd }
}

/** A few messages, each several times, whole or not, with the values of others in its place. */
function streamOf(dialect: Dialect): fc.Arbitrary<readonly (readonly [Uint8Array, string | undefined])[]> {
  const codec = compile(dialect)
  const base = fc.array(
    arbitraryMessage(dialect).map((message) => codec.pack(message)),
    { minLength: 1, maxLength: 4 },
  )
  const change = fc.record({
    which: fc.nat(),
    at: fc.nat(),
    byte: fc.option(fc.constantFrom(0x30, 0x31, 0xff), { nil: undefined }),
    isCut: fc.boolean(),
    code: fc.option(fc.constant('00'), { nil: undefined }),
  })
  return fc.tuple(base, fc.array(change, { minLength: 4, maxLength: 12 })).map(([packed, changes]) =>
    changes.map(({ which, at, byte, isCut, code }) => {
      const bytes = Buffer.from(packed[which % packed.length] as Uint8Array)
      if (byte !== undefined) bytes[at % bytes.length] = byte
      return [byte === undefined && isCut ? bytes.subarray(0, at % (bytes.length + 1)) : bytes, code] as const
    }),
  )
}

/** The result, or the words of what was thrown. */
function outcomeOf<Value>(work: () => Value): Value | string {
  try {
    return work()
  } catch (error) {
    return (error as Error).message
  }
}

/** A few messages, each several times, with a value of another in place of its own, without a field, or with what cannot be packed. */
function messagesOf(dialect: Dialect): fc.Arbitrary<readonly Message[]> {
  const change = fc.record({
    which: fc.nat(),
    field: fc.nat(),
    as: fc.constantFrom('it is', 'left out', 'shorter', 'digits', 'not packable', 'of another'),
  })
  const base = fc.array(arbitraryMessage(dialect), { minLength: 1, maxLength: 3 })
  return fc.tuple(base, fc.array(change, { minLength: 6, maxLength: 16 })).map(([messages, changes]) =>
    changes.map(({ which, field, as }) => {
      const message = messages[which % messages.length] as Message
      const keys = Object.keys(message.fields)
      const key = keys[field % Math.max(1, keys.length)]
      if (key === undefined || as === 'it is') return message
      const { [key]: value, ...others } = message.fields
      if (as === 'left out') return { ...message, fields: others }
      const other = messages[(which + 1) % messages.length]?.fields[key] ?? value
      const text = typeof value === 'string' ? value : ''
      const changed = { shorter: text.slice(0, -1), digits: text.replace(/./g, '7'), 'not packable': '\u2028' }
      return { ...message, fields: { ...others, [key]: as === 'of another' ? other : changed[as] } } as Message
    }),
  )
}

test('a terminal number is copied with its blanks off, or not at all', () => {
  const iso87 = builtInDialect('iso87-ascii')
  const table = new FieldTable(resolveLayout(iso87))
  const target = Buffer.alloc(20)
  const copy = (terminal: string, to: number) => {
    table.locate(compile(iso87).pack({ mti: '0200', fields: { 11: '000042', 41: terminal } }))
    return [table.copyText(11, target, to), table.copyText(41, target, to + 6), table.copyText(42, target, to)]
  }
  expect(copy('TERM0001', 2)).toEqual([8, 16, 2])
  expect(target.toString('latin1', 2, 16)).toBe('000042TERM0001')
  expect(copy('TERM1', 2)).toEqual([8, -1, 2])
  expect(copy('TERM0001', 8)).toEqual([14, -1, 8])
})

describe('a message with the bitmap and the length of the one before', () => {
  const pan = { 16: '4761739001010119', 18: '476173900101011900' }
  const iso87 = builtInDialect('iso87-ascii')
  const packed = compile(iso87)
  const message = (fields: Record<number, string>) => packed.pack({ mti: '0200', fields: { 11: '000001', ...fields } })

  test('has its own lengths', () => {
    const table = new FieldTable(resolveLayout(iso87))
    const [one, other] = [message({ 2: pan[16], 32: '12345678' }), message({ 2: pan[18], 32: '123456' })]
    expect(one.length).toBe(other.length)
    for (const [bytes, number, acquirer] of [
      [one, pan[16], '12345678'],
      [other, pan[18], '123456'],
      [other, pan[18], '123456'],
      [one, pan[16], '12345678'],
    ] as const) {
      table.locate(bytes)
      expect([table.text(2), table.text(32)]).toEqual([number, acquirer])
    }
  })

  test('is looked through where only the bytes that end a field say where it ends', () => {
    const { rules, ...rest } = iso87
    const dialect: Dialect = {
      ...rest,
      rules,
      fields: {
        ...iso87.fields,
        44: { name: 'ended', format: 'ans..25', terminator: '1c' },
        48: { name: 'ended too', format: 'ans..99', terminator: '1c' },
      },
    }
    const codec = compile(dialect)
    const table = new FieldTable(resolveLayout(dialect))
    for (const [first, second] of [
      ['A', 'BCD'],
      ['ABC', 'D'],
      ['A', 'BCD'],
    ] as const) {
      table.locate(codec.pack({ mti: '0200', fields: { 44: first, 48: second } }))
      expect([table.text(44), table.text(48)]).toEqual([first, second])
    }
  })
})

/** Texts as copyText() puts them down, where it does. */
function copiesOf(table: FieldTable) {
  const target = Buffer.alloc(40)
  return Array.from({ length: 193 }, (_, field) => field).flatMap((field) => {
    const end = table.copyText(field, target, 3)
    return end < 0 ? [] : [{ field, copied: target.toString('latin1', 3, end), read: table.text(field) ?? '' }]
  })
}

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('messages of %s', (_, dialect) => {
  test('are read and answered as if each were the first', () => {
    const layout = resolveLayout(dialect)
    const plan = { mti: '0210', echoed: echoed.filter((field) => layout.fields[field] !== undefined), set: [39, 38] }
    fc.assert(
      fc.property(streamOf(dialect), (stream) => {
        const [table, answerer] = [new FieldTable(layout), compileAnswerer(layout, plan)]
        for (const [bytes, code] of stream)
          expect(seenBy(table, answerer, bytes, code)).toEqual(
            seenBy(new FieldTable(layout), compileAnswerer(layout, plan), bytes, code),
          )
      }),
      { numRuns: 12 },
    )
  })

  test('have the same text copied and read', () => {
    const layout = resolveLayout(dialect)
    fc.assert(
      fc.property(streamOf(dialect), (stream) => {
        const table = new FieldTable(layout)
        for (const [bytes] of stream) {
          table.locateOn(bytes)
          for (const { field, copied, read } of copiesOf(table)) expect([field, copied]).toEqual([field, read])
        }
      }),
      { numRuns: 12 },
    )
  })

  test('are packed and unpacked as if each were the first', () => {
    fc.assert(
      fc.property(messagesOf(dialect), (messages) => {
        const codec = compile(dialect)
        for (const message of messages) {
          const bytes = outcomeOf(() => codec.pack(message))
          expect(bytes).toEqual(outcomeOf(() => compile(dialect).pack(message)))
          if (typeof bytes === 'string') continue
          // As JSON, for the order of the fields counts too.
          const unpacked = outcomeOf(() => JSON.stringify(codec.unpack(bytes)))
          expect(unpacked).toBe(outcomeOf(() => JSON.stringify(compile(dialect).unpack(bytes))))
        }
      }),
      { numRuns: 20 },
    )
  })
})
