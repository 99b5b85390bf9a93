// The page of `explain`: why, where the time went, in both languages; hostile texts stay text.

import { expect, test } from 'vitest'
import type { EvidenceLine } from '../../../src/measure/evidence.js'
import type { Explained } from '../../../src/report/explain.js'
import { printExplainPage } from '../../../src/report/html/explain-page.js'

const assets = {
  licence: 'MIT',
  uplot: { text: 'one()', hash: 'sha256-1' },
  page: { text: 'two()', hash: 'sha256-2' },
  style: 'body{}',
}

const step = (name: EvidenceLine['steps'][number]['step'], afterMs: number) => ({
  ...{ step: name, afterMs, utc: '2026-01-05T01:00:00.000Z', local: '2026-01-05T09:00:00.000+08:00' },
})

const line: EvidenceLine = {
  ...{ rrn: '<img src=x>', terminal: '00000001', merchant: '000000000000001', batch: null, stan: '000007' },
  ...{ type: 'sale', amount: '10.00 CNY', phase: 'capture', target: '10.0.0.1:8583' },
  ...{ outcome: 'approved', code: '00', codeMeaning: null, reason: null, tries: 1, firstCode: null },
  ...{ responseMs: 4000, withinMs: 3000, timelyResponse: false, timeZone: 'Asia/Shanghai' },
  steps: [step('written', 0), step('delivered', 1500), step('answered', 4000)],
  ...{ request: null, answer: null, lateAnswer: null, reversal: null, payout: null },
  cause: { cause: 'host-slow', confidence: 0.9, evidence: [] },
}

const explained: Explained = {
  ...{ dialect: 'cup-pos', framing: 'binary2', target: '10.0.0.1:8583', connections: 1, transactions: 2, timely: 1 },
  ...{ echoes: 0, startedAt: 0, endedAt: 9000, notes: ['the capture file ends inside a packet'] },
  causes: [{ cause: 'host-slow', count: 1, share: 1, confidence: 0.9, evidence: [], remedy: 'more workers' }],
  lines: [line],
}

const page = (language: 'en' | 'zh', change: Partial<Explained> = {}) =>
  printExplainPage({ ...explained, ...change }, { name: 'a<b>.pcap', withinMs: 3000, language, limit: 20 }, assets)

test('it says how much was timely, why the rest was not, and where the time of each went', () => {
  const text = page('en')
  expect(text).toContain('timely within 3,000 ms: 50 % (1 of 2)')
  expect(text).toContain('the host is slow (host-slow)')
  expect(text).toContain('the host&#39;s TCP had the request 1,500 ms · answer received 2,500 ms')
  expect(text).toContain('class="w-line"')
  expect(text).not.toContain('class="w-wait"')
  expect(text).toContain('the capture file ends inside a packet')
})

test('in Chinese, too', () => {
  const text = page('zh')
  expect(text).toContain('<html lang="zh-CN">')
  expect(text).toContain('主机 TCP 已确认收到请求 1,500 ms · 收到应答 2,500 ms')
  expect(text).toContain('抓包文件在一个数据包中间结束')
})

test('texts of others stay text, and equal captures give equal bytes', () => {
  const text = page('en')
  expect(text).not.toContain('<img')
  expect(text).not.toContain('a<b>')
  expect(text).toBe(page('en'))
})

test('a capture without a late payment says so', () => {
  const text = page('en', { timely: 2, causes: [], lines: [], notes: [] })
  expect(text).toContain('Every transaction was timely.')
  expect(text).not.toContain('id="slowest"')
})
