// A settlement file of a host that does not tell of payouts.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readPayouts, standingsOf } from '../../../src/run/files/read-payouts.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-payouts-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = join(folder, 'payouts.csv')
const read = (text: string) => {
  writeFileSync(file, text)
  return readPayouts(file)
}

test('each line is a transaction and the time of its money', () => {
  expect(read('terminal,batch,stan,paidAt\n00000001,000001,42,2026-11-23T10:00:00+08:00\n')).toEqual([
    { terminal: '00000001', batch: '000001', stan: '000042', state: 'paid', at: Date.UTC(2026, 10, 23, 2) },
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

test('a state and its reason may be said beside it, in an id or in words', () => {
  const lines = [
    'T,1,1,2026-01-02T00:00:00Z,paid,',
    'T,1,2,,held,risk',
    'T,1,3,2026-01-01T00:00:00Z,returned,name differs',
  ]
  expect(read(`terminal,batch,stan,paidAt,state,reason\n${lines.join('\n')}\n`)).toMatchObject([
    { state: 'paid', at: Date.UTC(2026, 0, 2), reason: undefined },
    { state: 'held', at: undefined, reason: 'risk hold' },
    { state: 'returned', at: Date.UTC(2026, 0, 1), reason: 'name differs' },
  ])
})

test('money that was sent back is there no more, until it is paid again', () => {
  const standing = (...lines: string[]) =>
    standingsOf(read(`terminal,batch,stan,paidAt,state,reason\n${lines.map((line) => `T,1,1,${line}\n`).join('')}`))
  const at = (day: number) => Date.UTC(2026, 0, day)
  const [first, second, third] = [1, 2, 3].map((day) => new Date(at(day)).toISOString())
  expect(standing(`${second},returned,account`, `${first},paid,`)).toMatchObject([
    { paidAt: undefined, told: { reason: 'returned by the bank: account wrong or closed', since: at(2) } },
  ])
  expect(standing(`${first},paid,`, `${second},returned,`, `${third},paid,`)).toMatchObject([
    { paidAt: at(3), told: { reason: 'returned by the bank' } },
  ])
  expect(standing(',held,risk', `${first},paid,`)).toMatchObject([
    { paidAt: at(1), told: { reason: 'risk hold', since: undefined } },
  ])
})

const wrong: readonly [name: string, text: string, says: string][] = [
  ['a column is missing', 'terminal,stan,paidAt\nT,1,2026-01-01T00:00:00Z\n', ':1 no column batch'],
  ['a line is short', 'terminal,batch,stan,paidAt\nT,1\n', ':2 not a CSV file'],
  ['a time has no offset', 'terminal,batch,stan,paidAt\nT,1,1,2026-01-01 00:00\n', ':2 column paidAt: expected a time'],
  [
    'a state is none',
    'terminal,batch,stan,paidAt,state\nT,1,1,,lost\n',
    ':2 column state: expected paid, held, returned',
  ],
  ['a paid one has no time', 'terminal,batch,stan,paidAt,state\nT,1,1,,\n', ':2 column paidAt: expected a time'],
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
