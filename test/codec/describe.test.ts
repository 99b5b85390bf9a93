// A dialect's table as text: every field, every message and every code of every built-in dialect is in it.

import { describe, expect, test } from 'vitest'
import { describeDialect } from '../../src/codec/describe.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { asciiEncodings, axes, dialectOf } from './axes.js'

describe('describeDialect()', () => {
  for (const dialect of [...builtInDialects, ...axes]) {
    test(`${dialect.name}: has a line for each field, message and code`, () => {
      const lines = describeDialect(dialect).split('\n')
      for (const [number, { name, format }] of Object.entries(dialect.fields)) {
        const line = lines.find((text) => text.startsWith(`${number} `))
        expect(line).toContain(name)
        expect(line).toContain(format)
      }
      for (const name of Object.keys(dialect.messages))
        expect(lines.some((line) => line.includes(`  ${name}  `))).toBe(true)
      for (const code of Object.keys(dialect.rules.meanings ?? {})) {
        expect(lines.some((line) => line.trimStart().startsWith(`${code}  `))).toBe(true)
      }
      expect(lines.every((line) => line === line.trimEnd())).toBe(true)
    })
  }

  test('says what a field has of its own', () => {
    const text = describeDialect(
      dialectOf('own', asciiEncodings, {
        2: { name: 'pan', format: 'n..19', data: 'bcd', mask: 'pan', prefix: { encoding: 'binary', counts: 'bytes' } },
        3: { name: 'code', format: 'an 6', pad: { side: 'left', with: '0' } },
      }),
    )
    expect(text).toMatch(/^2 +pan +n\.\.19 +bcd, prefix binary counts bytes +pan$/m)
    expect(text).toMatch(/^3 +code +an 6 +pad left '0'$/m)
  })
})
