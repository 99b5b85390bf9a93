// `isochron report`: a run's folder as a user has it, and what is refused.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { quantilesOf, readIntervalLog } from '../../src/measure/latency/interval-log.js'
import type { Result } from '../../src/measure/result.js'
import { isochron } from './fake-io.js'

const scenario = `
name: reported
dialect: iso87-ascii
seed: 7
terminals: { count: 10 }
acquirer: { workers: 8, serviceTime: { p50: 20ms, p99: 40ms } }
load: [{ hold: { rate: 50/s, for: 3s } }]
thresholds: ["responseTime.p99 < 1ms", "books.agree"]
`

describe('a run in a folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-report-'))
  const run = join(folder, 'run')
  beforeAll(async () => {
    const argv = ['run', '-', '--clock', 'virtual', '--quiet', '--keep', 'all', '--out', run]
    expect((await isochron(argv, scenario)).code).toBe(3)
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('has its reports', () => {
    expect(readdirSync(run).sort()).toEqual([
      ...['evidence.jsonl', 'intervals.hlog', 'junit.xml', 'metrics.txt', 'report.html', 'report.md'],
      ...['response-time.hgrm', 'result.json', 'scenario.yaml'],
    ])
    expect(readFileSync(join(run, 'report.md'), 'utf8')).toMatch(/^FAIL 1 of 2: responseTime.p99 [\d.]+ ms, limit 1/)
  })

  test('is reported again, byte by byte', async () => {
    for (const [format, file] of [
      ['html', 'report.html'],
      ['markdown', 'report.md'],
      ['junit', 'junit.xml'],
      ['openmetrics', 'metrics.txt'],
      ['hgrm', 'response-time.hgrm'],
      ['json', 'result.json'],
    ] as const) {
      const { stdout, code } = await isochron(['report', run, '--format', format])
      expect(code).toBe(0)
      expect(stdout, format).toBe(readFileSync(join(run, file), 'utf8'))
    }
  })

  test('no full card number stands in any of its files', () => {
    for (const file of readdirSync(run)) {
      const text = readFileSync(join(run, file), 'utf8')
      expect(text.match(/(?<![\dA-Za-z+/])(?:4\d{15}|5[1-5]\d{14}|62\d{14})(?![\dA-Za-z+/])/), file).toBeNull()
    }
  })

  test('the interval log and the spectrum give the percentiles of the result', async () => {
    const { responseTime } = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8')) as Result
    const rows = readIntervalLog(readFileSync(join(run, 'intervals.hlog'), 'utf8'), 'response', 'log')
    const all = rows.flatMap(({ ms, counts }) =>
      [...ms].map((value, index) => [value, counts[index] as number] as const),
    )
    all.sort(([a], [b]) => a - b)
    const merged = { ms: Float64Array.from(all, ([ms]) => ms), counts: Float64Array.from(all, ([, count]) => count) }
    const [p50, p99] = quantilesOf(merged, [0.5, 0.99])
    expect(p50).toBeCloseTo(responseTime.p50 as number, 0)
    expect(p99).toBeCloseTo(responseTime.p99 as number, 0)
    const { stdout } = await isochron(['report', run, '--format', 'hgrm'])
    const [line = ''] = stdout.split('\n').filter((each) => Number(each.trim().split(/\s+/)[1]) >= 0.99)
    expect(Number(line.trim().split(/\s+/)[0])).toBeCloseTo(responseTime.p99 as number, 0)
  })

  test('goes to a file whose ending says the format', async () => {
    const file = join(folder, 'mine.html')
    expect((await isochron(['report', join(run, 'result.json'), '--out', file, '--lang', 'zh'])).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toContain('<html lang="zh-CN">')
  })

  test('never takes the place of what was measured', async () => {
    const before = readFileSync(join(run, 'result.json'), 'utf8')
    for (const argv of [
      ['report', run],
      ['compare', run, run],
    ]) {
      const { code, stderr } = await isochron([...argv, '--format', 'markdown', '--out', join(run, 'result.json')])
      expect({ code, stderr }).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('a run has measured that file'),
      })
    }
    expect(readFileSync(join(run, 'result.json'), 'utf8')).toBe(before)
  })

  test('is CSV for a spreadsheet', async () => {
    const { stdout } = await isochron(['report', run, '--format', 'csv'])
    const [head, ...rows] = stdout.trimEnd().split('\r\n')
    expect(stdout).not.toMatch(/[^\r]\n/)
    expect(head).toMatch(/^second,seconds,offered,approved/)
    expect(rows.length).toBeGreaterThanOrEqual(3)
  })

  describe('refused:', () => {
    const damaged = join(folder, 'damaged')
    beforeAll(() => {
      mkdirSync(damaged)
      writeFileSync(join(damaged, 'result.json'), '{"schema":"isochron/result@1","offered":"many"}')
    })
    test.each([
      [['report', '/no/such/run'], '/no/such/run: there is no such folder or file'],
      [
        ['report', folder],
        "no result.json: expected a run's folder, or its result.json; name one of those in it: damaged, run",
      ],
      [['report', damaged], 'the file was changed, or a later version wrote it'],
      [['report', join(run, 'report.md')], 'expected a result as JSON'],
      [['report', run, '--format', 'htlm'], "unknown format 'htlm' (did you mean 'html'?)"],
      [['report', run, '--format', 'csv', '--lang', 'zh'], '--lang zh: csv has no words of its own; use --format html'],
    ])('%j', async (argv, line) => {
      const { code, stderr } = await isochron(argv)
      expect(code).toBe(2)
      expect(stderr).toContain(line)
    })
  })
})
