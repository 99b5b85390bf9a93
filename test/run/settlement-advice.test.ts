// Totals that nobody answers: asked again as a repeat, then told as an advice (ISO 8583-1, reconciliation).

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { afterAll, expect, test } from 'vitest'
import { iso87Money } from '../../src/codec/dialects/iso87-money.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

const folder = mkdtempSync(join(tmpdir(), 'isochron-settlement-advice-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Two terminals, four sales each; `lost`: MTIs that vanish on their way. */
async function settle(dialect: string, lost: readonly string[], more: object = {}) {
  const ledger = join(folder, `${dialect} ${lost.join(' ')} ${Object.keys(more).join(' ')}.db`)
  const { scenario, source } = scenarioFromData({
    ...{ name: 'settled', dialect, seed: 1, ...more },
    terminals: { count: 2, settle: true, timeout: '5s' },
    faults: lost.map((mti) => ({ name: mti, no_answer: {}, match: { mti } })),
    load: [{ hold: { rate: '20/s', for: '400ms' } }],
  })
  const { settlements, books, faults } = await runScenario(scenario, { source, ledger, clock: 'virtual' })
  const database = new DatabaseSync(ledger)
  const { rows } = database.prepare('SELECT count(*) AS rows FROM settlement').get() as { rows: number }
  database.close()
  return { settlements, agree: books?.agree, rows, swallowed: faults.map(({ applied }) => applied) }
}

const balanced = { balanced: 2, outOfBalance: 0, unknown: 0 }

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
      settlements: { ...balanced, balanced: 0, unknown: 2 },
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
