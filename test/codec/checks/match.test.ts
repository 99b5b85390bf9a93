// Conditions on messages: what fits and what cannot be asked.

import { describe, expect, test } from 'vitest'
import { UsageError } from '../../../src/base/errors.js'
import { compileMatch } from '../../../src/codec/checks/match.js'
import { compile } from '../../../src/codec/compile.js'
import type { MatchDefinition } from '../../../src/codec/dialect.js'
import { binaryEncodings, dialectOf } from '../axes.js'

const codec = compile(
  dialectOf('match', binaryEncodings, {
    2: { name: 'pan', format: 'n..19' },
    3: { name: 'code', format: 'n 6' },
    4: { name: 'amount', format: 'n 12' },
    41: { name: 'terminal', format: 'ans 8' },
    60: {
      name: 'parts',
      format: 'n...11',
      inside: {
        kind: 'positional',
        fields: { 1: { name: 'type', format: 'n 2' }, 2: { name: 'rest', format: 'n 6' } },
      },
    },
  }),
)
const request = codec.pack({
  mti: '0200',
  fields: { 2: '4111111111111111', 3: '000000', 4: '000000009999', 41: 'T1', 60: { 1: '22', 2: '000001' } },
})

const cases: readonly (readonly [name: string, definition: MatchDefinition, fits: boolean])[] = [
  ['nothing is asked', {}, true],
  ['the MTI is equal', { mti: '0200' }, true],
  ['the MTI is another', { mti: '0210' }, false],
  ['a field is equal', { 4: '000000009999' }, true],
  ['a value is equal without its padding', { 41: 'T1' }, true],
  ['a prefix', { 2: '4111*' }, true],
  ['another prefix', { 2: '5*' }, false],
  ['any value', { 41: '*' }, true],
  ['a field that is missing', { 39: '*' }, false],
  ['inside a range', { 4: '000000009000..000000010000' }, true],
  ['outside a range', { 4: '000000000000..000000009998' }, false],
  ['a range of another length', { 3: '9000..9999' }, false],
  ['an amount without its zeros', { 4: '9000..9999' }, true],
  ['one of a list', { mti: ['01*', '0200'] }, true],
  ['none of a list', { 3: ['200000', '3*'] }, false],
  ['all of several', { mti: '02*', 3: '00*', 41: 'T1' }, true],
  ['all but one of several', { mti: '02*', 3: '20*' }, false],
  ['the start of a field with fields inside', { 60: '22*' }, true],
]

describe('a condition', () => {
  for (const [name, definition, fits] of cases) {
    test(`${fits ? 'fits' : 'does not fit'}: ${name}`, () => {
      expect(compileMatch(definition)(codec.peek(request))).toBe(fits)
    })
  }

  const refused: readonly (readonly [definition: unknown, problem: string])[] = [
    [{ '60.1': '22' }, "match the start of field 60 with 'prefix*' instead"],
    [{ amount: '1' }, "'amount' is neither mti nor card nor a field number"],
    [{ 1: '1' }, "'1' is neither"],
    [{ 4: '1*2' }, 'field 4: a * stands only at the end'],
    [{ mti: '*2*' }, 'mti: a * stands only at the end'],
    [{ 4: '9..10' }, 'field 4: a range needs two numbers of the same length'],
    [{ 4: '10..09' }, 'the smaller first'],
    [{ 4: [] }, 'field 4: the list is empty'],
    [{ 4: [5] }, 'field 4: expected text in quotes'],
  ]
  for (const [definition, problem] of refused) {
    test(`is refused: ${JSON.stringify(definition)}`, () => {
      expect(() => compileMatch(definition as MatchDefinition)).toThrow(UsageError)
      expect(() => compileMatch(definition as MatchDefinition)).toThrow(problem)
    })
  }
})
