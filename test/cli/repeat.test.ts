// `run --repeat` and `run --against`: what is run in which order, written, printed and returned.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { checkJunit } from '../report/junit-schema.js'
import { isochron } from './fake-io.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-repeat-'))
afterAll(() => rmSync(folder, { recursive: true }))

const scenario = `name: x
dialect: iso87-ascii
seed: 3
terminals: { count: 10, timeout: 5s }
acquirer: { workers: 8, serviceTime: { p50: 40ms, p99: 90ms } }
warmup: 1s
load: [ { hold: { rate: 40/s, for: 3s } } ]
thresholds: [ "responseTime.p50 < 80ms" ]
`
const run = (...argv: string[]) => isochron(['run', '-', '--clock', 'virtual', '--quiet', ...argv], scenario)
const at = (...path: string[]) => join(folder, ...path)
const json = (...path: string[]) => JSON.parse(readFileSync(at(...path), 'utf8'))

describe('--repeat', () => {
  test('makes a folder for each run, with a seed of its own, and says how much they differ', async () => {
    const { code, stdout } = await run('--repeat', '3', '--out', at('alone'))
    expect(code).toBe(0)
    expect(stdout).toMatch(/^PASS 3 of 3 runs passed\nx, 3 runs, seeds 3 to 5, virtual time\n/)
    expect(stdout).toMatch(/^median of now .* ms/m)
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('PASSED 3 of 3 runs passed · exit 0')
    expect(readdirSync(at('alone')).sort()).toEqual([
      ...['1', '2', '3', 'junit.xml', 'repeats.html', 'repeats.json', 'repeats.md'],
    ])
    expect(['1', '2', '3'].map((name) => json('alone', name, 'result.json').scenario.seed)).toEqual([3, 4, 5])
    expect(checkJunit(readFileSync(at('alone', 'junit.xml'), 'utf8'))).toEqual([])
    expect(readFileSync(at('alone', 'repeats.md'), 'utf8')).toMatch(/^PASS 3 of 3 runs passed\n/)
  })

  test('--lang zh: the pages of all, the report of each, and compare are Chinese', async () => {
    const out = at('zh')
    const { code, stdout } = await run(
      '--repeat',
      '2',
      '--against-set',
      'terminals.count=11',
      '--out',
      out,
      '--lang',
      'zh',
    )
    expect(code).toBe(0)
    const markdown = readFileSync(join(out, 'repeats.md'), 'utf8')
    expect(markdown).toMatch(
      /^PASS 2 次中 2 次通过；没有变差；数据太少，无法判断\n\n# x，4 次运行，随机种子 3 至 4，模拟时间\n/,
    )
    expect(markdown).toContain('| 本次的中位数 |')
    const page = readFileSync(join(out, 'repeats.html'), 'utf8')
    expect(page).toContain('<html lang="zh-CN">')
    for (const words of ['x：重复运行', '各次运行叠加', '逐秒 p99', '图表未绘制']) expect(page).toContain(words)
    expect(readFileSync(join(out, 'now', '1', 'report.md'), 'utf8')).toContain('批准')
    const compared = await isochron(['compare', join(out, 'base', '1'), join(out, 'now', '1'), '--lang', 'zh'])
    expect([compared.code, compared.stdout.split('\n')[0]]).toEqual([
      3,
      `FAIL 不可比较：${join(out, 'now', '1')}：场景不同之处：terminals.count`,
    ])
    expect(stdout).toContain('PASSED 通过')
  })

  test('fails where one run does, and needs no folder', async () => {
    const { code, stdout } = await run('--repeat', '2', '--set', 'acquirer.serviceTime.p50=85ms')
    expect(code).toBe(3)
    expect(stdout).toMatch(/^FAIL 2 of 2 runs failed/)
    expect(stdout).toContain('FAILED 2 of 2 runs failed · exit 3')
  })

  test('refuses a folder that holds repeated runs', async () => {
    const { code, stderr } = await run('--repeat', '2', '--out', at('alone'))
    expect(code).toBe(2)
    expect(stderr).toContain('it holds a run (repeats.json)')
  })
})

test.each([['--repeat'], ['--against-set']])('%s tells what is wrong with its place in the file', async (flag) => {
  const wrong = `${scenario}messages: { own: { mti: '0200', fields: { '4': '{amout}' } } }\n`
  const flags = flag === '--repeat' ? [flag, '2'] : [flag, 'terminals.timeout=4s']
  const { code, stderr } = await isochron(['run', '-', '--clock', 'virtual', '--quiet', ...flags], wrong)
  expect([code, stderr.split(': ')[0]]).toEqual([2, expect.stringMatching(/^stdin:9:\d+ messages\.own\.fields\.4$/)])
})

describe('--against', () => {
  test('a changed scenario is run in turn, on the same seeds, and six pairs find what is slower', async () => {
    const { code, stdout } = await run(
      ...['--repeat', '6', '--against-set', 'acquirer.serviceTime.p50=30ms', '--out', at('turn')],
    )
    expect(code).toBe(3)
    const { runs, comparison, failures } = json('turn', 'repeats.json')
    expect(runs.slice(0, 4).map(({ name }: { name: string }) => name)).toEqual(['base/1', 'now/1', 'now/2', 'base/2'])
    expect(runs.map(({ seed }: { seed: number }) => seed)).toEqual([3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8])
    expect(comparison).toMatchObject({ method: 'pairs', verdict: 'worse' })
    expect(comparison.differences).toEqual(['acquirer.serviceTime.p50'])
    expect(failures).toContain('responseTime.p50 worse')
    expect(stdout).toContain('6 pairs of runs, by exact signed ranks')
    expect(stdout).toMatch(/FAILED 6 of 6 runs passed; responseTime.p50 worse.* · exit 3\n$/)
    const page = readFileSync(at('turn', 'repeats.html'), 'utf8')
    expect(page).toContain('Runs over each other')
    expect(checkJunit(readFileSync(at('turn', 'junit.xml'), 'utf8'))).toEqual([])
  })

  test('the folders of both sides are compared again', async () => {
    const again = await isochron(['compare', at('turn', 'base'), at('turn', 'now')])
    expect(again.stdout).toContain('FAIL not comparable')
    expect(again.stdout).toContain('its scenario differs in acquirer.serviceTime.p50')
    const { code, stdout } = await isochron(['compare', at('turn', 'base'), at('turn', 'now'), '--except', 'acquirer'])
    expect(code).toBe(3)
    expect(stdout).toContain('the scenarios were to differ, and do, in acquirer.serviceTime.p50')
  })

  test('runs that were made before are the base; only what --fail-if names fails', async () => {
    const { code, stdout } = await run('--repeat', '4', '--against', at('turn', 'now'), '--fail-if', 'timelyRate worse')
    expect(code).toBe(0)
    expect(stdout).toContain('6 against 4 runs, by exact ranks')
  })

  const refused: readonly (readonly [string[], string])[] = [
    [['--repeat', '0'], '--repeat: expected a whole number from 1 to 1000'],
    [['--pause', '1s'], '--pause: is between runs'],
    [['--repeat', '2', '--fail-if', 'timelyRate worse'], '--fail-if: there is nothing to compare with'],
    [['--repeat', '2', '--ledger', 'x.sqlite'], '--ledger with --repeat or --against: every run has its own'],
    [['--repeat', '2', '--with', 'all'], '--with all with --repeat or --against'],
    [['--against', 'no-such.yaml'], 'no-such.yaml'],
    [['--against', '.', '--against-set', 'seed=1'], '--against-set: . holds runs'],
  ]
  test.each(refused)('refuses %j', async (argv, problem) => {
    const { code, stderr } = await run(...argv)
    expect(code).toBe(2)
    expect(stderr).toContain(problem)
  })
})
