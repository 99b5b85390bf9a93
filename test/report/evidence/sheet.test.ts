// The sheet that a merchant hands to the bank, in both languages.

import { describe, expect, test } from 'vitest'
import { printEvidenceSheet } from '../../../src/report/evidence/sheet.js'
import { causeName, causeRemedy, knownCauses } from '../../../src/report/words/causes.js'
import { meaningIn } from '../../../src/report/words/language.js'
import { sentenceIn } from '../../../src/report/words/sentences.js'
import { evidenceLine } from './line.js'

describe('a sheet in English', () => {
  const sheet = printEvidenceSheet(evidenceLine, 'en')
  const rows: readonly (readonly [string, RegExp])[] = [
    ['the RRN', /^Retrieval reference number +600500000288$/m],
    ['who and what', /^Terminal +00000020$/m],
    ['the verdict', /^Response time +4,000 ms \(timely within 3,000 ms: NOT timely\)$/m],
    ['the zone of the terminal', /local time \(Asia\/Shanghai\)/],
    [
      'both times of a step, and how long it took',
      /reversal sent +2026-01-05 09:00:07\.000\+08:00 +2026-01-05T01:00:07\.000Z +7,000 ms +1,000 ms$/m,
    ],
    ['the reversal', /^Reversal +acknowledged, sent 2 times, Response code 00$/m],
    ['the cause', /the host is slow \(host-slow\), confidence 93 %/],
    ['its evidence', /- echoes took 2 ms at the time, financial answers 4\.1 s/],
    ['what would help', /What would help: faster processing/],
    ['a field with its name', /^ {2}11 +trace number \(STAN\) +000017$/m],
    ['a field in a field', /^ {2}55\.9F26 +\*+$/m],
    ['that there was no answer', /^Answer \(masked\)\n {2}none$/m],
    ['the late answer', /^Late answer.*\n {2}MTI +0210\n {2}37 +retrieval reference number +600500000288$/m],
  ]
  for (const [what, pattern] of rows) test(`says ${what}`, () => expect(sheet).toMatch(pattern))
})

describe('a sheet in Chinese', () => {
  const sheet = printEvidenceSheet(evidenceLine, 'zh')
  for (const word of [
    '检索参考号',
    '终端号',
    '商户号',
    '批次号',
    '流水号',
    '冲正已获确认',
    '系统处理速度缓慢',
    '建议措施',
    '主账号',
  ]) {
    test(`says ${word}`, () => expect(sheet).toContain(word))
  }

  test('stands in columns, though its characters are wide', () => {
    // The steps are indented; above them the facts have columns of their own.
    const times = sheet.split('\n').filter((line) => line.startsWith('  ') && line.includes('2026-01-05 09:'))
    const columnOf = (line: string) =>
      [...line.slice(0, line.indexOf('2026'))].reduce(
        (width, character) => width + (/[\u3000-\uff60]/.test(character) ? 2 : 1),
        0,
      )
    expect(new Set(times.map(columnOf)).size).toBe(1)
  })
})

test('a sale says what it was to bring, its fee and the cycle, as agreed', () => {
  const agreed = { net: '99.40 CNY', fee: '0.60 CNY', cycle: 'T+1' }
  const payout = { state: 'awaited', afterMs: null, withinMs: null, agreed } as const
  const sheet = printEvidenceSheet({ ...evidenceLine, payout }, 'zh')
  expect(sheet).toMatch(/^到账金额（按约定） +99\.40 CNY\n手续费（按约定） +0\.60 CNY\n结算周期 +T\+1$/m)
  const daily = { ...payout, agreed: { ...agreed, cycle: 'daily' } }
  expect(printEvidenceSheet({ ...evidenceLine, payout: daily }, 'zh')).toMatch(/^结算周期 +每日日切后$/m)
  expect(printEvidenceSheet({ ...evidenceLine, payout: { ...payout, state: 'voided' } }, 'en')).not.toContain(
    'as agreed',
  )
})

test('a clerk’s second try is said, and what the first was answered with', () => {
  const twice = { ...evidenceLine, tries: 2, firstCode: '14' }
  expect(printEvidenceSheet(twice, 'en')).toMatch(/^Tries +2 \(first answered with 14\)$/m)
  expect(printEvidenceSheet(evidenceLine, 'en')).not.toContain('Tries')
})

test('a request that never left is not shown as one that did', () => {
  const unsent = { ...evidenceLine, steps: evidenceLine.steps.filter(({ step }) => step !== 'written') }
  expect(printEvidenceSheet(unsent, 'en')).toContain('Request, never sent (masked)')
  expect(printEvidenceSheet(evidenceLine, 'en')).not.toContain('never sent')
})

describe('evidence in Chinese', () => {
  const cases = [
    [
      'echoes took 0.51 ms and new connections 0.023 ms at the time (0 of 66 as slow), the financial answer 4.5 s',
      '当时回响测试耗时 0.51 ms，新建连接耗时 0.023 ms（66 次中 0 次同样缓慢），金融交易应答耗时 4.5 s',
    ],
    [
      'the host answered with code 91; 61 such answers came within 4.0 s around it',
      '主机应答码为 91；前后 4.0 s 内共有 61 笔同类应答',
    ],
    [
      'the connection ended while the answer was awaited (ECONNRESET), connection 8',
      '等待应答时连接中断（连接被重置），连接编号 8',
    ],
    // Whole or not at all.
    ['the host answered with code 91 because of the moon', 'the host answered with code 91 because of the moon'],
  ] as const
  for (const [english, chinese] of cases) test(chinese, () => expect(sentenceIn('zh', english)).toBe(chinese))

  test('is left as it is for those who read English', () => {
    expect(sentenceIn('en', cases[0][0])).toBe(cases[0][0])
  })
})

test('the meaning of a code stands in the language of the sheet', () => {
  expect(meaningIn('en', 'pre-auth (part) failed (系统异常、失效)')).toBe('pre-auth (part) failed')
  expect(meaningIn('zh', 'system malfunction (系统异常、失效)')).toBe('系统异常、失效')
  expect(meaningIn('zh', 'do not honour')).toBe('do not honour')
})

test('what a peer said cannot move the cursor', () => {
  const sheet = printEvidenceSheet(
    { ...evidenceLine, answer: { mti: '0210', fields: { '44': 'a\u001b[2Jb\r\n' } } },
    'en',
  )
  expect([...sheet].filter((character) => character < ' ' && character !== '\n')).toEqual([])
})

test('every cause has a name and a remedy in both languages', () => {
  for (const id of knownCauses) {
    for (const language of ['en', 'zh'] as const) {
      expect(causeName(id, language)).not.toBe(id)
      expect(causeRemedy(id, language)).toBeTruthy()
    }
  }
})
