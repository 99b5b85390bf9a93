// Totals that nobody answers: asked again as a repeat, then told as an advice (ISO 8583-1, reconciliation).

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, expect, test } from 'vitest'
import { iso87Money } from '../../src/codec/dialects/iso87-money.js'
import { judgeRun } from '../../src/measure/verdict.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-settlement-advice-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A request's third digit is even. */
const swallowed = (mti: string) => ({
  ...{ name: mti, no_answer: {}, match: { mti } },
  direction: Number(mti[2]) % 2 === 0 ? 'request' : 'answer',
})

/** Two terminals, four sales each; `lost`: MTIs that vanish on their way. */
async function settle(dialect: string, lost: readonly string[], more: object = {}) {
  const ledger = join(folder, `${dialect} ${lost.join(' ')} ${Object.keys(more).join(' ')}.db`)
  const { scenario, source } = scenarioFromData({
    ...{ name: 'settled', dialect, seed: 1, ...more },
    terminals: { count: 2, settle: true, timeout: '5s' },
    faults: lost.map(swallowed),
    load: [{ hold: { rate: '20/s', for: '400ms' } }],
  })
  const { settlements, books, faults } = await runScenario(scenario, { source, ledger, clock: 'virtual' })
  const database = new DatabaseSync(ledger)
  const { rows } = database.prepare('SELECT count(*) AS rows FROM settlement').get() as { rows: number }
  database.close()
  return { settlements, agree: books?.agree, rows, swallowed: faults?.map(({ applied }) => applied) }
}

const balanced = { balanced: 2, outOfBalance: 0, unknown: 0, unanswered: 0 }

test.each([
  ['iso87-ascii', '0510', '0530'],
  ['iso93-ascii', '1510', '1530'],
])(
  '%s: an advice gets the answer that the request had, and is one settlement with it',
  async (dialect, answer, acknowledged) => {
    const byAdvice = await settle(dialect, [answer])
    expect(byAdvice).toEqual({ settlements: balanced, agree: true, rows: 2, swallowed: [4] })
    const byNothing = await settle(dialect, [answer, acknowledged])
    expect(byNothing).toMatchObject({
      settlements: { ...balanced, balanced: 0, unknown: 2, unanswered: 2 },
      rows: 2,
      swallowed: [4, 6],
    })
  },
)

test('an advice settles also where the host has never seen the request', async () => {
  expect(await settle('iso87-ascii', ['0500', '0501'])).toMatchObject({ settlements: balanced, agree: true, rows: 2 })
})

test("a scenario's own MTI is the only one", async () => {
  const { settlement } = iso87Money
  const own = { messages: { settlement: { ...settlement, mti: '0520' } } }
  expect(await settle('iso87-ascii', ['0530'], own)).toMatchObject({ rows: 2, swallowed: [6] })
})

test('a run in which no settlement is answered has failed, unless a threshold says how many may be', async () => {
  const failures = async (thresholds: readonly string[]) => {
    const { scenario, source } = scenarioFromData({
      ...{ name: 'silent', dialect: 'iso87-ascii', seed: 1, thresholds },
      terminals: { count: 2, settle: true, timeout: '5s' },
      faults: ['0510', '0530'].map(swallowed),
      load: [{ hold: { rate: '20/s', for: '400ms' } }],
    })
    return judgeRun(await runScenario(scenario, { source, clock: 'virtual' })).failures
  }
  expect(await failures([])).toEqual(['notSettled'])
  expect(await failures(['timelyRate >= 99%'])).toEqual(['notSettled'])
  expect(await failures(['settlements.unanswered <= 2'])).toEqual([])
  expect(await failures(['settlements.unanswered == 0'])).toEqual(['thresholds'])
})

/** Runs of one day on one journal and one ledger; `lost`, of each run: what vanishes on its way. */
async function day(
  dialect: string,
  runs: readonly { lost: readonly string[]; at: string; settle?: boolean; acquirer?: object }[],
) {
  const files = { ledger: join(folder, `day ${++days}.db`), journal: join(folder, `day ${days}.journal`) }
  const results = []
  for (const { lost, at, settle = true, acquirer = {} } of runs) {
    const said: string[] = []
    const { scenario, source } = scenarioFromData({
      ...{ name: 'day', dialect, seed: results.length, start: `2026-11-26T${at}:00Z` },
      ...{ terminals: { count: 2, settle, timeout: '5s' }, acquirer },
      faults: lost.map(swallowed),
      load: [{ hold: { rate: '20/s', for: '400ms' } }],
    })
    const onProgress = (line: string) => said.push(line)
    const { settlements } = await runScenario(scenario, { source, ...files, clock: 'virtual', onProgress })
    results.push({ settlements, told: said.filter((line) => line.startsWith('sent the totals of an earlier run')) })
  }
  return results
}
let days = 0

const silent = { balanced: 0, outOfBalance: 0, unknown: 2, unanswered: 2 }
const again = (what: string) => [`sent the totals of an earlier run to the host again: ${what}`]

const both = { balanced: 4, outOfBalance: 0, unknown: 0, unanswered: 0 }

test('totals that nobody answered are told again: a host that has closed them says what it said', async () => {
  const [first, second, third] = await day('iso87-ascii', [
    { lost: ['0510', '0530'], at: '08:00' },
    { lost: [], at: '09:00' },
    { lost: [], at: '10:00' },
  ])
  expect(first).toEqual({ settlements: silent, told: [] })
  // The old totals, and what was sold since.
  expect(second).toEqual({ settlements: both, told: again('2 balanced, 0 out of balance') })
  expect(third).toEqual({ settlements: balanced, told: [] })
})

test('a host that has never seen them closes all that was sold by then, and that is in balance', async () => {
  const [, second, third] = await day('iso87-ascii', [
    { lost: ['0500', '0501', '0520', '0521'], at: '08:00' },
    { lost: [], at: '09:00' },
    { lost: [], at: '10:00' },
  ])
  expect(second).toEqual({ settlements: balanced, told: again('2 balanced, 0 out of balance') })
  expect(third).toEqual({ settlements: balanced, told: [] })
})

test('they are told until somebody answers, and no others with them', async () => {
  const lost = ['1510', '1530']
  const [, second, third, fourth] = await day('iso93-ascii', [
    { lost, at: '08:00' },
    { lost, at: '09:00' },
    { lost: [], at: '10:00', settle: false },
    { lost: [], at: '11:00' },
  ])
  expect(second).toEqual({ settlements: silent, told: again('0 balanced, 0 out of balance, 2 without a verdict') })
  expect(third).toEqual({ settlements: null, told: [] })
  expect(fourth).toEqual({ settlements: both, told: again('2 balanced, 0 out of balance') })
})

test('totals that the host has refused are told no more: it has closed nothing', async () => {
  const lost = ['1500', '1501', '1520', '1521']
  const refusing = (answer: string) => ({ rules: [{ match: { mti: '15*' }, answer }] })
  const [, later, refused, settled] = await day('iso93-ascii', [
    { lost, at: '08:00' },
    { lost: [], at: '09:00', acquirer: refusing('909') },
    { lost: [], at: '10:00', acquirer: refusing('100') },
    { lost: [], at: '11:00' },
  ])
  const noVerdict = '0 balanced, 0 out of balance, 2 without a verdict'
  // It could not say: what it has closed is not known yet.
  expect(later).toEqual({ settlements: { ...silent, unanswered: 0 }, told: again(noVerdict) })
  expect(refused).toEqual({ settlements: { ...silent, unknown: 4, unanswered: 0 }, told: again(noVerdict) })
  // All that was sold since the morning is in it.
  expect(settled).toEqual({ settlements: balanced, told: [] })
})

test('a sale in doubt when its terminal settled in vain does not keep it from settling', async () => {
  const [, second, third] = await day('iso87-ascii', [
    { lost: ['0210', '0430', '0510', '0530'], at: '08:00' },
    { lost: [], at: '09:00' },
    { lost: [], at: '10:00' },
  ])
  expect(second?.settlements).toEqual(balanced)
  expect(third?.settlements).toEqual(balanced)
})
