// The HTML report: what it says, that hostile names stay text, and that equal runs give equal bytes.

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Result } from '../../../src/measure/result.js'
import type { PageAssets } from '../../../src/report/html/assets.js'
import { chartData, faultBands } from '../../../src/report/html/chart-data.js'
import { heatMap } from '../../../src/report/html/heat-map.js'
import { printPage } from '../../../src/report/html/page.js'
import { pageAssets } from '../../../src/run/files/page-assets.js'
import { intervalsOf, savedResult, savedRun, timelineOf } from '../saved-sample.js'

const assets: PageAssets = {
  licence: 'MIT',
  uplot: { text: 'one()', hash: 'sha256-1' },
  page: { text: 'two()', hash: 'sha256-2' },
  style: 'body{}',
}

const page = (result: Partial<Result> = {}, language: 'en' | 'zh' = 'en') =>
  printPage({ ...savedRun, result: { ...savedResult, ...result } }, assets, language)

describe('the page', () => {
  test('says first whether the run passed, and why not', () => {
    const text = page()
    const header = text.slice(text.indexOf('<header>'), text.indexOf('</header>'))
    expect(header).toContain('<strong class="badge bad">FAIL</strong>')
    expect(header).toContain('2 of 3: timelyRate 98 %, limit 99 %; books.agree not known')
    expect(text).toContain('<title>FAIL a|b · isochron</title>')
  })

  test('has causes with remedies, in both languages', () => {
    expect(page()).toContain('the host is slow (host-slow)')
    expect(page()).toContain('faster processing at the host, or more workers')
    const chinese = page({}, 'zh')
    expect(chinese).toContain('<html lang="zh-CN">')
    expect(chinese).toContain('系统处理速度缓慢 (host-slow)')
    expect(chinese).toContain('该笔交易耗时 1.2 s')
    expect(chinese).toContain('3 项指标中 2 项未达标')
  })

  test('shows where the time of a slow transaction went, to the end of its reversal', () => {
    const text = page()
    expect(text).toContain(
      'wait for a terminal 200 ms · connect and write 30.0 ms · terminal gave up waiting 974 ms · reversal sent 6.00 ms · reversal acknowledged 290 ms',
    )
    expect(text.match(/<rect class="w-reversal"/g)).toHaveLength(2)
  })

  test('carries every figure as a table, for readers without scripts', () => {
    const text = page()
    for (const id of [
      'thresholds',
      'causes',
      'slowest',
      'latency',
      'by-type',
      'answers',
      'faults',
      'switches',
      'seconds',
    ])
      expect(text).toContain(`id="${id}"`)
    expect(text).toContain('<noscript>')
    expect(text.match(/<table/g)?.length).toBeGreaterThan(9)
  })

  test('says what is wrong with a run that is not to be trusted', () => {
    const generator = { ...(savedResult.generator as NonNullable<Result['generator']>), saturated: true }
    const text = page({ generator, interrupted: true, whole: false })
    expect(text).toContain('The generator was SATURATED')
    expect(text).toContain('INTERRUPTED: only what was measured until then')
    expect(text).toContain('NOT WHOLE')
  })

  test('is not broken by what a later version adds, nor by causes that nobody has named', () => {
    const causes = [
      { ...savedResult.causes?.[0], cause: 'made-up', hit: [{ kind: 'merchant', name: 'M1', share: 0.75 }] },
    ]
    const text = page({ causes, parts: [{ name: 'one', offered: 500 }] } as unknown as Partial<Result>)
    expect(text).toContain('<h3>made-up</h3>')
    expect(text).toContain('Who was hit')
    expect(text).toContain('<td>0.75</td>')
    expect(text).toContain('id="parts"')
  })

  test('of a run in which nothing was measured is a page all the same', () => {
    const nothing = {
      timeline: [],
      slowest: [],
      causes: [],
      thresholds: [],
      breakdown: { type: {}, phase: {}, merchant: {}, target: {} },
    }
    expect(
      printPage({ ...savedRun, result: { ...savedResult, ...nothing }, intervals: [], scenario: null }, assets),
    ).toContain('Nothing was measured.')
  })

  test('is the same text for the same run', () => {
    expect(page()).toBe(page())
  })
})

describe('names that a peer chose', () => {
  const evil = '</script><img src=x onerror="alert(1)"><b>'
  const hostile: Partial<Result> = {
    scenario: { ...savedResult.scenario, name: evil },
    responseCodes: { [evil]: 3 },
    failures: { [evil]: 1 },
    breakdown: {
      type: { [evil]: savedResult.breakdown.type.sale as never },
      phase: {},
      merchant: { [evil]: savedResult.breakdown.type.sale as never, other: savedResult.breakdown.type.sale as never },
      target: {},
    },
    faults: [{ name: evil, on: 'network', kind: evil, applied: 1 }],
    timeline: timelineOf(3).map((row) => ({ ...row, faults: [evil] })),
    slowest: savedResult.slowest.map((row) => ({ ...row, terminal: evil, type: evil, reason: evil })),
    thresholds: [{ expression: evil, actual: null, met: false }],
    causes: [{ ...savedResult.causes?.[0], cause: evil, remedy: evil, evidence: [evil] } as never],
  }

  test('are text wherever they stand', () => {
    const text = page(hostile)
    expect(text).not.toContain('<img')
    expect(text).not.toContain('<b>')
    expect(text.match(/<\/script>/g)).toHaveLength(3)
    const data = JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/s.exec(text)?.[1] as string)
    expect(data.bands[0].name).toBe(evil)
  })

  test('cannot turn the direction of a line, and card numbers in them are masked', () => {
    const text = page({ failures: { 'card 4111111111111111 refused\u202e\u0007': 1 } })
    expect(text).not.toContain('4111111111111111')
    expect(text).toContain('card 411111******1111 refused··')
  })
})

describe('what the page carries', () => {
  test('runs only the scripts whose hashes its policy names, and asks for nothing', () => {
    const own = pageAssets()
    const text = printPage(savedRun, own)
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(text)?.[1] ?? ''
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-[^']+' 'sha256-[^']+'; /)
    const scripts = [...text.matchAll(/<script>(.*?)<\/script>/gs)].map((match) => match[1] as string)
    expect(scripts).toHaveLength(2)
    for (const script of scripts)
      expect(policy).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`)
    expect(text).not.toMatch(/(?:src|href)="?https?:/)
    expect(text).toContain('Copyright (c) 2022 Leon Sorokin')
  })
})

describe('the figures of the charts', () => {
  test('p90 comes from the interval log', () => {
    const intervals = [
      { atSecond: 0, seconds: 1, count: 10, ms: Float64Array.of(5, 70), counts: Float64Array.of(8, 2) },
    ]
    expect(chartData({ ...savedRun, intervals }).p90.slice(0, 2)).toEqual([70, null])
  })

  test('a fault that acts in neighbouring seconds is one band', () => {
    const rows = timelineOf(6).map((row, index) => ({ ...row, faults: index === 2 ? [] : ['stall'] }))
    expect(faultBands(rows)).toEqual([
      { name: 'stall', from: 0, to: 2 },
      { name: 'stall', from: 3, to: 6 },
    ])
  })

  test('a heat map counts every response time once, in at most 300 columns', () => {
    const { cells, seconds } = heatMap(intervalsOf(1000))
    expect(seconds).toBe(4)
    expect(cells.reduce((sum, [, , count]) => sum + count, 0)).toBe(17_000)
    expect(Math.max(...cells.map(([column]) => column))).toBeLessThan(300)
  })

  test('the spectrum ends where its histogram does', () => {
    const { x, response } = chartData(savedRun).spectrum
    expect(x.at(-1)).toBe(1000)
    expect(response[0]).toBeCloseTo(12, 1)
    expect(response.filter((value) => value !== null).at(-1)).toBeCloseTo(1204, -1)
  })
})
