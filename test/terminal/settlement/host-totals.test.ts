// The totals in a host's answer to a settlement, in the places that the dialects have for them.

import { expect, test } from 'vitest'
import type { Peek } from '../../../src/codec/codec.js'
import { builtInDialect } from '../../../src/codec/dialects/index.js'
import type { LedgerRules } from '../../../src/codec/rules/ledger-rules.js'
import {
  netTotal,
  readHostTotals,
  settlementVerdict,
  totalsAgree,
} from '../../../src/terminal/settlement/host-totals.js'

/** Two sales of 10.00 in all, a refund of 1.00. */
const own = { debitCount: 2, debitAmount: 1000, creditCount: 1, creditAmount: 100 }

const answerOf = (fields: Readonly<Record<number, string>>): Peek => ({
  mti: '0510',
  has: (field) => field in fields,
  text: (field) => fields[field],
  raw: () => undefined,
})

function read(dialect: string, fields: Readonly<Record<number, string>>, { outcome = 'approved', code = '00' } = {}) {
  const ledger = builtInDialect(dialect).rules.ledger as LedgerRules
  const answer = answerOf(fields)
  const host = readHostTotals(ledger, answer)
  const agree = totalsAgree(own, host)
  const verdict = settlementVerdict(ledger, answer, {
    outcome: outcome as 'approved' | 'declined' | 'failed',
    code,
    agree,
  })
  return { verdict, agree, net: netTotal(host) }
}

const cup = (debit: number, verdicts: string) =>
  `${String(debit).padStart(12, '0')}002${'100'.padStart(12, '0')}001${verdicts[0]}${'0'.repeat(30)}${verdicts[1]}`
const amount = (value: number) => String(value).padStart(16, '0')
const count = (value: number) => String(value).padStart(10, '0')
const same = { 74: count(1), 76: count(2), 86: amount(100), 88: amount(1000), 97: `D${amount(900)}` }

type Case = readonly [name: string, dialect: string, fields: Record<number, string>, verdict: string, agree: unknown]
const cases: readonly Case[] = [
  ['digits 31 and 62 balanced', 'cup-pos', { 48: cup(1000, '11') }, 'balanced', true],
  ['balanced over other totals', 'cup-pos', { 48: cup(99_000, '11') }, 'balanced', false],
  ['foreign cards left open', 'cup-pos', { 48: cup(1000, '10') }, 'balanced', true],
  ['foreign cards out of balance', 'cup-pos', { 48: cup(1000, '12') }, 'outOfBalance', true],
  ['domestic cards out of balance', 'cup-pos', { 48: cup(1000, '21') }, 'outOfBalance', true],
  ['an error in place of a verdict', 'cup-pos', { 48: cup(1000, '33') }, 'unknown', true],
  ['the totals sent back', 'cup-pos', { 48: cup(1000, '00') }, 'unknown', true],
  ['other totals without a verdict', 'cup-pos', { 48: cup(99_000, '00') }, 'outOfBalance', false],
  ['nothing but approval', 'cup-pos', {}, 'unknown', null],
  ['nothing but approval', 'iso87-ascii', {}, 'unknown', null],
  ['nothing but approval', 'iso93-ascii', {}, 'unknown', null],
  ['the same totals', 'iso93-ascii', same, 'balanced', true],
  ['the same totals', 'iso87-ascii', same, 'balanced', true],
  ['a verdict alone', 'iso87-ascii', { 66: '1' }, 'balanced', null],
  ['one total of many, the same', 'iso93-ascii', { 88: amount(1000) }, 'balanced', true],
  ['one total of many, another', 'iso93-ascii', { 88: amount(990) }, 'outOfBalance', false],
  ['the same amount of more sales', 'iso93-ascii', { ...same, 76: count(3) }, 'outOfBalance', false],
  ['net alone, another', 'iso93-ascii', { 97: `C${amount(900)}` }, 'outOfBalance', false],
  [
    'gross sums with their reversals',
    'iso93-ascii',
    { ...same, 76: count(3), 88: amount(1500), 75: count(1), 87: amount(500) },
    'balanced',
    true,
  ],
]
test.each(cases)('%s: %s', (_, dialect, fields, verdict, agree) => {
  expect(read(dialect, fields)).toMatchObject({ verdict, agree })
})

test('the response code says out of balance where there is no other place', () => {
  expect(read('iso93-ascii', {}, { outcome: 'declined', code: '501' }).verdict).toBe('outOfBalance')
})

test('an answer that is refused or cannot be trusted has no verdict', () => {
  expect(read('iso93-ascii', same, { outcome: 'declined', code: '904' }).verdict).toBe('unknown')
  expect(read('iso87-ascii', { 66: '1' }, { outcome: 'failed' }).verdict).toBe('unknown')
})

test('net is credits less debits, said or summed up', () => {
  expect(read('iso93-ascii', { 97: `D${amount(900)}` }).net).toBe(-900)
  expect(read('cup-pos', { 48: cup(1000, '11') }).net).toBe(-900)
  expect(read('iso93-ascii', { 88: amount(1000) }).net).toBeNull()
})

test('a count that has outgrown its field is compared by the digits that there are', () => {
  const ledger = builtInDialect('cup-pos').rules.ledger as LedgerRules
  const host = readHostTotals(ledger, answerOf({ 48: cup(1000, '11') }))
  expect(totalsAgree({ ...own, debitCount: 1002 }, host)).toBe(true)
})
