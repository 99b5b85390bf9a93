// A settlement file of a host that does not tell of payouts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readPayouts } from '../../../src/run/files/read-payouts.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-payouts-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'payouts.csv')
const read = (text: string) => {
  writeFileSync(file, text)
  return readPayouts(file)
}

test('each line is a transaction and the time of its money', () => {
  expect(read('terminal,batch,stan,paidAt\n00000001,000001,42,2026-11-23T10:00:00+08:00\n')).toEqual([
    { terminal: '00000001', batch: '000001', stan: '000042', paidAt: Date.UTC(2026, 10, 23, 2) },
  ])
  expect(read('terminal,batch,stan,paidAt\n')).toEqual([])
})

test('numbers may have lost their leading zeros; no batch stays none', () => {
  const lines = ['1', '', '0105090000'].map((batch) => `T,${batch},1,2026-01-01T00:00:00Z\n`)
  const read3 = read(`terminal,batch,stan,paidAt\n${lines.join('')}`)
  expect(read3.map(({ batch, stan }) => [batch, stan])).toEqual([
    ['000001', '000001'],
    ['', '000001'],
    ['0105090000', '000001'],
  ])
})

const wrong: readonly [name: string, text: string, says: string][] = [
  ['a column is missing', 'terminal,stan,paidAt\nT,1,2026-01-01T00:00:00Z\n', ':1 no column batch'],
  ['a line is short', 'terminal,batch,stan,paidAt\nT,1\n', ':2 not a CSV file'],
  ['a time has no offset', 'terminal,batch,stan,paidAt\nT,1,1,2026-01-01 00:00\n', ':2 column paidAt: expected a time'],
  [
    'a STAN is no number',
    'terminal,batch,stan,paidAt\nT,1,x,2026-01-01T00:00:00Z\n',
    ':2 column stan: expected digits',
  ],
]
test.each(wrong)('%s: it is said where', (_, text, says) => {
  expect(() => read(text)).toThrow(says)
})

test('a file that is not there is refused', () => {
  expect(() => readPayouts(join(folder, 'none.csv'))).toThrow('cannot be read (ENOENT: there is no such file)')
})
