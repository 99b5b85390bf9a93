// A run that finds a journal: what an earlier process owed is sent first, or as the user says.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { booksOfTerminals } from '../../src/measure/money/books.js'
import { booksVerdict } from '../../src/report/rows/money-rows.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { newLedgerHint, withHint } from '../../src/run/terminals/end-of-day.js'
import { type JournalStale, StaleJournalError } from '../../src/run/terminals/journal-options.js'
import { scenarioFromData } from '../../src/scenario/reader.js'
import { createJournal } from '../../src/terminal/journal/journal.js'
import { openJournalFile } from '../../src/terminal/journal/journal-file.js'
import { recover, recoverPieces } from '../../src/terminal/journal/recover.js'

let folder = ''
let file = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-journal-'))
  file = join(folder, 'pos.journal')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** As a process leaves it that was killed while a sale was on its way. */
function leaveBehind(day: string, { dialect = 'cup-pos', message = 'reversal', terminal = '00000001' } = {}): void {
  const clock = createVirtualClock()
  const journal = createJournal({ storage: openJournalFile(file), clock, dialect, day })
  journal.numbers('00000001', '000001', 257)
  const original = { 'original.2': '4111111111111111', 'original.3': '000000', 'original.4': '000000001234' }
  journal.open(
    {
      ...{ terminal, merchant: '000000000000001', batch: '000001', stan: '000007', type: 'sale' },
      amountMinor: 1234,
      owed: {
        do: 'reverse',
        message,
        original: { ...original, 'original.stan': '000007', 'original.60': '2200000100050' },
      },
    },
    () => {},
  )
  journal.close()
}

function run(options: { journalStale?: JournalStale; progress?: string[]; more?: object } = {}) {
  const { scenario, source } = scenarioFromData({
    name: 'journal',
    seed: 1,
    terminals: { count: 1 },
    load: [{ hold: { rate: '2/s', for: '2s' } }],
    start: '2026-01-05T09:00:00+08:00',
    ...options.more,
  })
  const { progress = [], more: _, ...rest } = options
  return runScenario(scenario, {
    ...{ source, clock: 'virtual', journal: file, onProgress: (line) => progress.push(line) },
    ...rest,
  })
}

const owedIn = () => {
  const storage = openJournalFile(file)
  const { owed } = recoverPieces(storage.read())
  storage.close()
  return owed.length
}

test('what is owed of the same day is reversed first, and numbers go on behind those that may have been used', async () => {
  leaveBehind('20260105')
  const progress: string[] = []
  const result = await run({ progress })
  expect(progress).toContain('the journal owes the host 1 message of 20260105: they are sent first')
  expect(result.reversals).toEqual({ created: 1, acknowledged: 1, pending: 0 })
  expect(result.books).toMatchObject({
    agree: true,
    terminal: { transactions: 5, states: { reversed: 1, charged: 4 } },
  })
  expect(owedIn()).toBe(0)
})

test('what was charged stays in the journal, for the books of the next process that day', async () => {
  await run()
  const storage = openJournalFile(file)
  expect([...recoverPieces(storage.read()).rows].map(({ state }) => state)).toEqual(Array(4).fill('charged'))
  storage.close()
})

test('what is owed of another day stops the run before it starts', async () => {
  leaveBehind('20260104')
  await expect(run()).rejects.toThrow(StaleJournalError)
  await expect(run()).rejects.toThrow(/owes the host 1 message of 20260104.*--journal-stale replay/)
  expect(owedIn()).toBe(1)
})

const choices = [
  { choice: 'replay', created: 1, left: 0 },
  { choice: 'keep', created: 1, left: 1 },
  { choice: 'discard', created: 0, left: 0 },
] as const
for (const { choice, created, left } of choices) {
  test(`--journal-stale ${choice}`, async () => {
    leaveBehind('20260104')
    const result = await run({ journalStale: choice })
    expect(result.reversals?.created).toBe(created)
    expect(owedIn()).toBe(left)
  })
}

test('a journal of another dialect, or one that owes a message that there is not, is refused and left as it was', async () => {
  leaveBehind('20260105', { dialect: 'iso87-ascii' })
  const before = readFileSync(file)
  await expect(run()).rejects.toThrow('owes 1 message of dialect iso87-ascii')
  await expect(run()).rejects.toThrow('owes 1 message of dialect iso87-ascii')
  expect(readFileSync(file)).toEqual(before)
  rmSync(file)
  leaveBehind('20260105', { message: 'undo' })
  await expect(run()).rejects.toThrow("there is no message 'undo'")
  expect(owedIn()).toBe(1)
})

test('a journal with transactions of another dialect is refused, again and again, and keeps them', async () => {
  const clock = createVirtualClock()
  const other = { storage: openJournalFile(file), clock, dialect: 'iso87-ascii', day: '20260105', keepsRows: true }
  const journal = createJournal(other)
  const sale = { terminal: '00000001', merchant: '000000000000001', batch: '0105080000', stan: '000007', type: 'sale' }
  const owed = { do: 'repeat', values: [] } as const
  journal.end(
    journal.open({ ...sale, amountMinor: 1234, owed }, () => {}),
    'charged',
  )
  journal.close()
  for (let time = 0; time < 2; time++)
    await expect(run()).rejects.toThrow('holds 1 transaction of today of dialect iso87-ascii')
  const { dialect, rows } = recover(readFileSync(file))
  expect([dialect, [...rows].map(({ stan }) => stan)]).toEqual(['iso87-ascii', ['000007']])
})

test('totals of an earlier day that no host has answered are said to be forgotten', async () => {
  const clock = createVirtualClock()
  const journal = createJournal({ storage: openJournalFile(file), clock, dialect: 'cup-pos', day: '20260104' })
  journal.settling('00000001', { fields: [11], values: ['000007'] })
  journal.close()
  const progress: string[] = []
  await run({ progress })
  expect(progress).toContain(
    `${file}: settlement totals of 1 terminal were never answered on its day. That day is closed, so they are not sent again.`,
  )
})

test('what is owed for a terminal that is not in the run stays, is pending, and the books do not agree', async () => {
  leaveBehind('20260105', { terminal: '00000099' })
  const progress: string[] = []
  const result = await run({ progress })
  expect(progress).toContain('1 of them are not sent in this run: they stay in the journal, and in doubt')
  expect(result.reversals).toEqual({ created: 1, acknowledged: 0, pending: 1 })
  expect(result.books).toMatchObject({ agree: false, differences: [{ kind: 'reversalPending', terminal: '00000099' }] })
  expect(owedIn()).toBe(1)
})

test('a file that is no journal is refused and left as it was', async () => {
  const bytes = Buffer.from('SQLite format 3 and much more of it')
  writeFileSync(file, bytes)
  await expect(run()).rejects.toThrow('is no journal of isochron')
  expect(readFileSync(file)).toEqual(bytes)
})

test('a journal that is damaged before its end is refused and left as it was', async () => {
  leaveBehind('20260105')
  const bytes = readFileSync(file)
  const at = bytes.indexOf('257')
  if (at < 0) throw new Error('the amount is not where it was')
  bytes[at] = 0x33
  writeFileSync(file, bytes)
  await expect(run()).rejects.toThrow(/is damaged at byte \d+, and what follows may be owed/)
  expect(readFileSync(file)).toEqual(bytes)
})

test('a host that could not read a reversal has not undone anything: it is asked again', async () => {
  leaveBehind('20260105')
  const faults = [{ corrupt_bitmap: {}, on: 'network', direction: 'request', match: { mti: '0400' }, first: 1 }]
  const result = await run({ more: { faults } })
  expect(result.reversals).toEqual({ created: 1, acknowledged: 1, pending: 0 })
  expect(result.books).toMatchObject({ agree: true })
})

test('an advice that the host could not take is sent again until it is taken', async () => {
  const more = {
    terminals: { count: 1, mix: { sale: 2, refund: 1 } },
    load: [{ hold: { rate: '4/s', for: '10s' } }],
    faults: [{ maintenance: { code: '96' }, on: 'acquirer', from: '4s', for: '4s' }],
  }
  const result = await run({ more })
  const { sale, refund } = result.breakdown.type
  expect(refund?.outcomes.declined).toBeGreaterThan(0)
  expect(result.books).toMatchObject({ agree: true, terminal: { states: { declined: sale?.outcomes.declined } } })
})

test('of the journals of several generators one that is older than the ledger is enough', () => {
  const books = { ...booksOfTerminals([], ''), agree: false }
  const old = { beganAt: 1, isNew: false }
  const fresh = { beganAt: 2, isNew: true }
  expect(withHint(books, { journals: [fresh, old], ledger: undefined })).toHaveProperty('hint', newLedgerHint)
  expect(withHint(books, { journals: [fresh, undefined], ledger: undefined })).toEqual(books)
  expect(withHint(books, { journals: [old], ledger: 'host.db' })).toEqual(books)
  expect(withHint({ ...books, agree: true }, { journals: [old], ledger: undefined })).not.toHaveProperty('hint')
})

test('a journal of an earlier run beside a new ledger: the books say what to do', async () => {
  expect((await run()).books).not.toHaveProperty('hint')
  const { books } = await run()
  expect(books).toMatchObject({ agree: false, hint: expect.stringContaining('run with the --ledger of that run') })
  expect(books && booksVerdict(books)).toMatch(
    /^DO NOT AGREE: 4 known to the terminal but not charged \(the journal is/,
  )
})
