// A host elsewhere, held to its own totals, twice a day with one journal.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { encodeRecords } from '../../src/terminal/journal/journal-frames.js'
import { recover } from '../../src/terminal/journal/recover.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-settled-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

for (const dialect of ['iso87-ascii', 'iso93-ascii', 'cup-pos']) {
  test(`${dialect}: a second run of the day settles what it has sent itself`, async () => {
    const listen = { host: '127.0.0.1', port: 0 }
    await using host = await startAcquirer({ dialect, listen, acquirer: acquirerSchema.parse({}), seed: 1 })
    const target = [`127.0.0.1:${host.address.port}`]
    const run = (seed: number) => {
      const { scenario, source } = scenarioFromData({
        ...{ name: 'settled', dialect, seed },
        terminals: { count: 2, settle: true, target },
        load: [{ hold: { rate: '20/s', for: '400ms' } }],
      })
      return runScenario(scenario, { source, journal: join(folder, 'pos.journal') })
    }
    for (const [seed, sales] of [
      [1, 8],
      [2, 16],
    ] as const) {
      const { books, settlements } = await run(seed)
      expect(settlements).toEqual({ balanced: 2, outOfBalance: 0, unknown: 0, unanswered: 0 })
      expect(books).toMatchObject({ agree: true, terminal: { transactions: sales } })
    }
  })
}

test('cup-pos: the batch after a settlement is in the journal: a sign-on that nobody answers must not lead back to the closed one', async () => {
  const { scenario, source } = scenarioFromData({
    ...{ name: 'next batch', dialect: 'cup-pos', seed: 1 },
    terminals: { count: 2, settle: true },
    load: [{ hold: { rate: '20/s', for: '400ms' } }],
  })
  const journal = join(folder, 'pos.journal')
  await runScenario(scenario, { source, journal, clock: 'virtual' })
  const { numbers } = recover(readFileSync(journal))
  expect([...numbers.values()].map(({ batch }) => batch)).toEqual(['000002', '000002'])
})

test('cup-pos: a settlement names the batch that it is of, also when its own number is the first of the next one', async () => {
  const { scenario, source } = scenarioFromData({
    ...{ name: 'last number', dialect: 'cup-pos', seed: 1 },
    terminals: { count: 1, settle: true },
    load: [{ hold: { rate: '20/s', for: '200ms' } }],
  })
  // Four sales and a sign-on: the numbers begin anew at each place in turn, the settlement's own among them.
  for (let stan = 999_992; stan <= 999_999; stan++) {
    const journal = join(folder, `${stan}.journal`)
    const records = [
      { kind: 'journal', version: 2, dialect: 'cup-pos', day: '20251231', beganAt: 0 },
      { kind: 'numbers', terminal: '00000001', batch: '000001', stan },
    ] as const
    writeFileSync(journal, encodeRecords(records))
    const { settlements, books } = await runScenario(scenario, { source, journal, clock: 'virtual' })
    expect({ stan, ...settlements }).toMatchObject({ stan, outOfBalance: 0, unknown: 0 })
    expect(books).toMatchObject({ agree: true, terminal: { transactions: 4 } })
  }
})

test('cup-pos: what is reversed in a batch after that was closed does not open it again', async () => {
  await using host = await startAcquirer({
    ...{ dialect: 'cup-pos', listen: { host: '127.0.0.1', port: 0 }, acquirer: acquirerSchema.parse({}), seed: 1 },
  })
  const run = (faults: readonly object[]) => {
    const { scenario, source } = scenarioFromData({
      ...{ name: 'late reversal', dialect: 'cup-pos', seed: 1, drain: '1s', faults },
      terminals: {
        count: 1,
        settle: true,
        timeout: '200ms',
        reversal: { interval: '50ms' },
        target: [`127.0.0.1:${host.address.port}`],
      },
      load: [{ hold: { rate: '10/s', for: '500ms' } }],
    })
    return runScenario(scenario, { source, journal: join(folder, 'pos.journal') })
  }
  const lost = (mti: string) => ({ name: mti, no_answer: {}, direction: 'request', match: { mti } })
  const first = await run([{ ...lost('0200'), from: '250ms' }, lost('0400')])
  expect(first.settlements).toEqual({ balanced: 1, outOfBalance: 0, unknown: 0, unanswered: 0 })
  expect(first.reversals?.pending).toBeGreaterThan(0)
  const second = await run([])
  expect(second.reversals?.pending).toBe(0)
  expect(second.settlements).toEqual({ balanced: 1, outOfBalance: 0, unknown: 0, unanswered: 0 })
  expect(second.books).toMatchObject({ agree: true })
})

test('a settlement that cannot be sent says field and reason at once', async () => {
  const lines: string[] = []
  const { scenario, source } = scenarioFromData({
    ...{ name: 'a net among digits', dialect: 'iso87-ascii', seed: 1 },
    messages: { settlement: { mti: '0500', fields: { 11: '{stan}', 41: '{terminal}', 89: '{totals.net.15}' } } },
    terminals: { count: 2, settle: true },
    load: [{ hold: { rate: '20/s', for: '400ms' } }],
  })
  const { settlements } = await runScenario(scenario, {
    source,
    clock: 'virtual',
    onProgress: (line) => lines.push(line),
  })
  expect(settlements).toEqual({ balanced: 0, outOfBalance: 0, unknown: 2, unanswered: 2 })
  expect(lines).toContain('warning: 2 of 2 settlements without an answer: field 89: expected digits in ascii')
})
