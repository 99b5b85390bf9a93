// `run --with`: one remedy, several, all; what is printed, written and returned.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { isochron } from './fake-io.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-with-'))
afterAll(() => rmSync(folder, { recursive: true }))

const scenario = `name: x
seed: 3
terminals: { count: 20, timeout: 5s }
acquirer: { workers: 2, serviceTime: { p50: 200ms } }
load: [ { hold: { rate: 20/s, for: 5s } } ]
timely: { response: 1s }
thresholds: [ "timelyRate >= 99%", "books.agree" ]
remedies:
  more: { about: more hands, acquirer: { workers: 20 } }
  idle: { terminals: { count: 21 } }
alsoHelps: { other: it would }
`
const run = (...argv: string[]) => isochron(['run', '-', '--clock', 'virtual', '--quiet', ...argv], scenario)
const json = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))

describe('--with all', () => {
  test('prints before and after, writes every run, and exits by the best', async () => {
    const { code, stdout } = await run('--with', 'all', '--out', join(folder, 'all'))
    expect(code).toBe(0)
    const [title, , , ...rows] = stdout.split('\n')
    expect(title).toBe('x, seed 3, virtual time: before and after')
    expect(rows.slice(0, 3).map((row) => row.split('  ')[0])).toEqual(['baseline', 'more *', 'idle'])
    expect(stdout).toMatch(/^Best: more \(more hands\): timelyRate .* → 100 %, all thresholds met\.$/m)
    expect(stdout).toContain('Also helps: other: it would')
    for (const name of ['baseline', 'more', 'idle']) {
      const remedies = name === 'baseline' ? [] : [name]
      expect(json('all', name, 'result.json').scenario).toMatchObject({ seed: 3, remedies })
    }
    expect(json('all', 'remedies.json')).toMatchObject({ best: 'more', interrupted: false })
    expect(readFileSync(join(folder, 'all', 'remedies.md'), 'utf8')).toContain('| more \\* | 100 % |')
  })

  test('gives every run the same seed where the scenario names none', async () => {
    const out = join(folder, 'seedless')
    await isochron(
      ['run', '-', '--clock', 'virtual', '--quiet', '--with', 'all', '--out', out],
      scenario.replace('seed: 3\n', ''),
    )
    const seeds = ['baseline', 'more', 'idle'].map((name) => json('seedless', name, 'result.json').scenario.seed)
    expect(new Set(seeds).size).toBe(1)
  })

  test('keeps the evidence that --keep asks for, of every run', async () => {
    await run('--with', 'all', '--keep', 'all', '--out', join(folder, 'kept'))
    const kept = readFileSync(join(folder, 'kept', 'more', 'evidence.jsonl'), 'utf8')
      .trimEnd()
      .split('\n')
    expect(kept).toHaveLength(100)
  })

  test('exits 3 when the best is not good enough', async () => {
    const { code, stdout } = await run('--with', 'all', '--set', 'remedies.more.acquirer.workers=3')
    expect(code).toBe(3)
    expect(stdout).toContain('thresholds still NOT MET')
  })

  const refused: readonly (readonly [string[], string])[] = [
    [['--with', 'all', '--with', 'more'], '--with all: runs every remedy by itself'],
    [['--with', 'all', '--ledger', 'x.sqlite'], '--ledger with --with all: every run has its own'],
    [['--with', 'all', '--part', '1/2'], '--part with --with all: every run has its own'],
    [['--with', 'all', '--workers', '2'], '--workers with --with all: every run has its own'],
    [
      ['--find-capacity', 'responseTime.p99 < 1s', '--abort-on-fail', 'timelyRate >= 9%'],
      '--abort-on-fail with --find-capacity: its condition is what every rate is judged by',
    ],
    [
      ['--find-capacity', 'responseTime.p99 < 1s', '--workers', '2'],
      '--workers with --find-capacity: every rate is a run',
    ],
    [
      ['--find-capacity', 'responseTime.p99 < 1s', '--start-at', '2030-01-01T00:00:00Z'],
      '--start-at with --find-capacity: every rate is a run',
    ],
    [['--with', 'all', '--set', 'remedies={}'], '--with all: the scenario has no remedies'],
    [['--with', 'moer'], "no such remedy (did you mean 'more'?)"],
    [['--with', 'more', '--set', 'remedies={}'], '--with more: the scenario has no such remedy; it has none'],
    [
      ['--set', 'acquirer.thirdPartyCheck={url: "ftp://x/y"}'],
      'acquirer.thirdPartyCheck.url: expected a URL such as http://127.0.0.1:9000/check, got "ftp://x/y"',
    ],
  ]
  for (const [argv, problem] of refused) {
    test(`refuses ${argv.join(' ')}`, async () => {
      const { code, stderr } = await run(...argv)
      expect(code).toBe(2)
      expect(stderr).toContain(problem)
    })
  }
})

test('--with NAME runs that one, and the folder says what was run', async () => {
  const { code } = await run('--with', 'idle', '--with', 'more', '--out', join(folder, 'two'))
  expect(code).toBe(0)
  expect(json('two', 'result.json').scenario.remedies).toEqual(['idle', 'more'])
  expect(readFileSync(join(folder, 'two', 'scenario.yaml'), 'utf8')).toMatch(/workers: 20/)
  expect(existsSync(join(folder, 'two', 'remedies.json'))).toBe(false)
})
