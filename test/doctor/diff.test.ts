// Differences by field path, with values masked.

import { describe, expect, test } from 'vitest'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'
import type { Message } from '../../src/codec/message.js'
import { diffMessages } from '../../src/doctor/diff.js'

const message: Message = {
  tpdu: '6000030000',
  mti: '0200',
  fields: {
    '2': '6225880000000001',
    '4': '000000001234',
    '52': '0123456789ABCDEF',
    '55': { '9F26': '01', '9F27': '80' },
  },
}
const changed = (fields: Message['fields']): Message => ({ ...message, fields: { ...message.fields, ...fields } })

const cases: readonly { name: string; second: Message; paths: readonly (readonly [string, string])[] }[] = [
  { name: 'equal messages', second: { ...message }, paths: [] },
  { name: 'an amount', second: changed({ '4': '000000001235' }), paths: [['4', 'changed']] },
  { name: 'a tag', second: changed({ '55': { '9F26': '01', '9F27': '40' } }), paths: [['55.9F27', 'changed']] },
  {
    name: 'a tag more',
    second: changed({ '55': { '9F26': '01', '9F27': '80', '95': '00' } }),
    paths: [['55.95', 'onlySecond']],
  },
  {
    name: 'type and envelope, before the fields',
    second: { mti: '0210', fields: message.fields },
    paths: [
      ['mti', 'changed'],
      ['tpdu', 'onlyFirst'],
    ],
  },
  {
    name: 'fields by number',
    second: { ...message, fields: { '11': '000001', '2': '6225880000000001' } },
    paths: [
      ['4', 'onlyFirst'],
      ['11', 'onlySecond'],
      ['52', 'onlyFirst'],
      ['55.9F26', 'onlyFirst'],
      ['55.9F27', 'onlyFirst'],
    ],
  },
  { name: 'a value and its bytes', second: changed({ '4': { hex: '000000001234' } }), paths: [['4', 'changed']] },
]
describe('diff names', () => {
  for (const { name, second, paths } of cases) {
    test(name, () => {
      expect(diffMessages(message, second, cupPos).map(({ path, kind }) => [path, kind])).toEqual(paths)
    })
  }
})

test('what is hidden differs without being shown', () => {
  const second = changed({ '2': '6225889999990001', '52': 'FEDCBA9876543210' })
  const differences = diffMessages(message, second, cupPos)
  expect(differences.map(({ path, isHidden }) => [path, isHidden])).toEqual([
    ['2', true],
    ['52', true],
  ])
  expect(JSON.stringify(differences)).not.toMatch(/0123456789|FEDCBA|0000000001|9999990001/)
})
