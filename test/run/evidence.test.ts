// The evidence of whole runs in virtual time: which transactions have some, what it says, and what it never shows.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EvidenceLine } from '../../src/measure/evidence.js'
import type { Result } from '../../src/measure/result.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { parseScenario } from '../../src/scenario/reader.js'
import { isochron } from '../cli/fake-io.js'

const base = mkdtempSync(join(tmpdir(), 'isochron-evidence-'))
afterAll(() => rmSync(base, { recursive: true, force: true }))

async function run(name: string, source: string, keep?: 'all' | 'late') {
  const outDir = join(base, name)
  const result = await runScenario(parseScenario(source, 'test.yaml'), { source, clock: 'virtual', outDir, keep })
  const text = readFileSync(join(outDir, 'evidence.jsonl'), 'utf8')
  const lines = text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as EvidenceLine]))
  return { result, lines, text, outDir }
}

/** Late answers come on the connection of their request, which must be there then. Answers are lost for three seconds, so that there are timeouts and reversals; the host stalls once. */
const troubled = `
  name: troubled
  seed: 5
  terminals: { count: 10, timeout: 4s, mix: { sale: 9, balance: 1 }, dialAnew: false }
  acquirer: { serviceTime: { p50: 20ms } }
  load: [ { hold: { rate: 10/s, for: 12s } } ]
  faults:
    - { name: late, on: network, direction: answer, late_answer: {}, from: 2s, for: 1s }
    - { name: stall, on: acquirer, stall: { for: 3500ms }, at: 8s }
`

describe('a run with timeouts and a stall', () => {
  let found: Awaited<ReturnType<typeof run>>
  const ofOutcome = (outcome: string) => found.lines.filter((line) => line.outcome === outcome)
  beforeAll(async () => {
    found = await run('troubled', troubled)
  })

  test('has one line for each transaction that was not timely', () => {
    const { offered, timeliness, evidence } = found.result
    expect(offered - Math.round((timeliness.timelyRate ?? 0) * offered)).toBe(found.lines.length)
    expect(evidence).toEqual({ kept: found.lines.length, leftOut: 0 })
    expect(found.lines.every(({ timelyResponse }) => !timelyResponse)).toBe(true)
  })

  test('tells of a timed-out sale until its reversal was acknowledged', () => {
    const line = ofOutcome('timedOut').find(({ type }) => type === 'sale') as EvidenceLine
    const names = line.steps.map(({ step }) => step)
    expect(names.slice(0, 3)).toEqual(['presented', 'takenUp', 'written'])
    for (const name of ['gaveUp', 'owed', 'sentAgain', 'acknowledged', 'lateAnswer']) expect(names).toContain(name)
    expect(line.reversal).toMatchObject({ kind: 'reversal', state: 'acknowledged', code: '00' })
    expect(line.answer).toBeNull()
    // The late answer is the only thing that ever brought its number.
    expect(line.rrn).toMatch(/^\d{12}$/)
    expect(line.lateAnswer).toMatchObject({ mti: '0210', fields: { '37': line.rrn, '11': line.stan } })
    expect(line.amount).toMatch(/^\d+\.\d\d CNY$/)
  })

  test('has the steps in the order of their times, local and UTC the same instant', () => {
    for (const { steps } of found.lines) {
      expect([...steps].sort((a, b) => a.afterMs - b.afterMs)).toEqual(steps)
      for (const { utc, local } of steps) expect(Date.parse(local)).toBe(Date.parse(utc))
    }
    expect(found.lines[0]?.steps[0]?.local).toMatch(/^2026-01-05T09:00:.*\+08:00$/)
  })

  test('shows no card number, track or PIN', () => {
    expect(/"2":"\d{6}\*+\d{4}"/.test(found.text)).toBe(true)
    expect(/"35":"[^"*]/.test(found.text)).toBe(false)
    expect(/"2":"\d+"/.test(found.text)).toBe(false)
  })

  test('can be asked by RRN, by terminal and STAN, and says what is nearest', async () => {
    const line = ofOutcome('timedOut').find(({ rrn }) => rrn !== null) as EvidenceLine
    const byRrn = await isochron(['evidence', found.outDir, '--rrn', line.rrn as string])
    expect(byRrn).toMatchObject({ code: 0, stderr: '' })
    expect(byRrn.stdout).toContain('late answer received')
    const ids = ['--terminal', line.terminal, '--stan', line.stan as string]
    expect((await isochron(['evidence', join(found.outDir, 'result.json'), ...ids])).stdout).toBe(byRrn.stdout)
    expect((await isochron(['evidence', found.outDir, ...ids, '--lang', 'zh'])).stdout).toContain('冲正已获确认')
    const wrong = `${line.rrn?.slice(0, 11)}x`
    const missed = await isochron(['evidence', found.outDir, '--rrn', wrong])
    expect(missed.code).toBe(2)
    expect(missed.stderr).toContain(`no evidence of RRN ${wrong}; nearest RRN: `)
  })

  test('prints lists and lines', async () => {
    const list = await isochron(['evidence', found.outDir, '--sort', 'slowest', '--limit', '3'])
    expect(list.stdout.split('\n').length).toBe(6)
    expect(list.stdout).toContain(`${found.lines.length} transactions with evidence, slowest first, 3 shown`)
    const json = await isochron(['evidence', found.outDir, '--json'])
    expect(json.stdout).toBe(found.text)
    const first = await isochron(['evidence', found.outDir, '--json', '--limit', '2'])
    expect(first.stdout).toBe(found.text.split('\n').slice(0, 2).join('\n').concat('\n'))
    const slowest = await isochron(['evidence', found.outDir, '--json', '--limit', '3', '--sort', 'slowest'])
    const times = slowest.stdout
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as EvidenceLine).responseMs ?? 0)
    expect(times).toEqual([...times].sort((a, b) => b - a))
    expect(times[0]).toBe(Math.max(...found.lines.map(({ responseMs }) => responseMs ?? 0)))
    expect(times).toHaveLength(3)
  })

  test('several transactions of one number are refused, and said how to tell them apart', async () => {
    const { rrn } = ofOutcome('timedOut').find((line) => line.rrn !== null) as EvidenceLine
    const folder = join(base, 'twice')
    mkdirSync(folder)
    const line = found.lines.find((each) => each.rrn === rrn) as EvidenceLine
    const lines = [line, { ...line, batch: '000002' }].map((each) => JSON.stringify(each))
    writeFileSync(join(folder, 'evidence.jsonl'), `${lines.join('\n')}\n`)
    const ids = ['--terminal', line.terminal, '--stan', line.stan as string]
    const several = await isochron(['evidence', folder, ...ids])
    expect(several).toMatchObject({ code: 2, stdout: '' })
    expect(several.stderr).toContain('2 transactions fit; say which with --batch')
    expect((await isochron(['evidence', folder, ...ids, '--batch', '2'])).code).toBe(0)
  })
})

describe('refused is', () => {
  const cases = [
    { name: 'a folder without evidence', argv: [base], says: /no evidence\.jsonl: expected a run's folder/ },
    { name: 'a folder that is not there', argv: [join(base, 'nope')], says: /there is no such folder/ },
    { name: 'a STAN without its terminal', argv: [base, '--stan', '3'], says: /expected --terminal with them/ },
    { name: 'a language that is not there', argv: [base, '--lang', 'fr'], says: /--lang: expected en or zh/ },
  ]
  for (const { name, argv, says } of cases) {
    test(name, async () => {
      const { code, stderr } = await isochron(['evidence', ...argv])
      expect(code).toBe(2)
      expect(stderr).toMatch(says)
    })
  }
})

const paying = (minimum: string) => `
  name: paid
  seed: 5
  terminals: { count: 4, mix: { sale: 1 }, amounts: "20.00 CNY" }
  acquirer: { settlement: { cycle: 2s, feeRate: 0.6%, minimum: "${minimum}", balance: "100000.00 CNY" } }
  load: [ { hold: { rate: 5/s, for: 6s } } ]
  timely: { response: 3s, funds: 3s }
  drain: 10s
`

describe('money', () => {
  const stateOf = (lines: readonly EvidenceLine[]) => new Set(lines.map(({ payout }) => payout?.state))

  test('that comes in time leaves no evidence, and is in all of it when all is kept', async () => {
    const { lines, result } = await run('paid', paying('1.00 CNY'))
    expect(result.timeliness.fundsTimelyRate).toBe(1)
    expect(lines).toEqual([])
    const all = await run('paid-all', paying('1.00 CNY'), 'all')
    expect(all.lines.length).toBe(all.result.offered)
    expect(stateOf(all.lines)).toEqual(new Set(['paid']))
    expect(all.lines[0]?.steps.at(-1)?.step).toBe('paid')
  })

  test('that never comes does, and the host’s reason for it is not told', async () => {
    const { lines, result } = await run('held', paying('99999.00 CNY'))
    expect(lines.length).toBe(result.offered)
    expect(stateOf(lines)).toEqual(new Set(['awaited']))
    const told = lines.map(({ cause, ...line }) => JSON.stringify(line)).join('')
    expect(/minimum|held|99999/i.test(told)).toBe(false)
  })
})

test('equal seeds give equal evidence to the byte', async () => {
  const [one, two] = [await run('one', troubled), await run('two', troubled)]
  expect(two.text).toBe(one.text)
})

test('a run without a folder keeps none', async () => {
  const source = '{ name: a, seed: 1, load: [ { hold: { rate: 5/s, for: 1s } } ] }'
  const result: Result = await runScenario(parseScenario(source, 'test.yaml'), { source, clock: 'virtual' })
  expect(result.evidence).toBeNull()
})
