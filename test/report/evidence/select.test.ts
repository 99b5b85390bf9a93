// Which transactions are meant, and the list of many.

import { describe, expect, test } from 'vitest'
import { EvidenceTop, evidenceCount, evidenceTable } from '../../../src/report/evidence/list.js'
import { isSelected, Nearest } from '../../../src/report/evidence/select.js'
import { evidenceLine, step } from './line.js'

describe('a transaction is meant by', () => {
  const cases = [
    { selector: {}, fits: true },
    { selector: { rrn: '600500000288' }, fits: true },
    { selector: { rrn: '60050000028' }, fits: false },
    { selector: { terminal: '20', stan: '17' }, fits: true },
    { selector: { terminal: '20', stan: '17', batch: '1' }, fits: true },
    { selector: { terminal: '20', stan: '17', batch: '2' }, fits: false },
    { selector: { terminal: '2', stan: '17' }, fits: false },
  ]
  for (const { selector, fits } of cases) {
    test(`${JSON.stringify(selector)}: ${fits ? 'yes' : 'no'}`, () =>
      expect(isSelected(evidenceLine, selector)).toBe(fits))
  }

  test('nothing of what is not there', () => {
    expect(isSelected({ ...evidenceLine, rrn: null }, { rrn: '600500000288' })).toBe(false)
  })
})

test('the nearest numbers are those that differ least', () => {
  const nearest = new Nearest('60050000028', 2)
  for (const value of ['600500000999', '600500000288', null, '600500000288', '600500000280', '123']) nearest.add(value)
  expect(nearest.values).toEqual(['600500000288', '600500000280'])
})

const at = (afterMs: number, responseMs: number) => ({
  ...evidenceLine,
  stan: String(afterMs),
  responseMs,
  steps: [step('presented', afterMs)],
})
const lines = [at(10, 3), at(30, 1), at(20, 2)]

describe('a list', () => {
  for (const [order, stans] of [
    ['newest', ['30', '20']],
    ['slowest', ['10', '20']],
  ] as const) {
    test(`keeps the ${order}`, () => {
      const top = new EvidenceTop(order, 2)
      for (const line of lines) top.add(line)
      expect(top.lines.map(({ stan }) => stan)).toEqual(stans)
      expect(top.count).toBe(3)
    })
  }

  test('says how many there are', () => {
    expect(evidenceCount(2, 3, 'newest', 'en')).toBe('3 transactions with evidence, newest first, 2 shown')
    expect(evidenceCount(1, 1, 'slowest', 'en')).toBe('1 transaction with evidence, slowest first')
    expect(evidenceCount(2, 3, 'newest', 'zh')).toBe('共 3 笔交易凭证，按时间从新到旧，显示 2 笔')
  })

  test('has a head and a row each', () => {
    const [head, row] = evidenceTable([evidenceLine], 'en')
    expect(head).toMatch(/^local time +RRN +Terminal +Batch +STAN/)
    expect(row).toMatch(
      /^2026-01-05 09:00:00\.000 +600500000288 +00000020 +000001 +000017 +412\.65 CNY +timed out +- +4,000 ms +host-slow$/,
    )
  })
})
