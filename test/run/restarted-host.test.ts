// A host that is started again on the same day and the same ledger.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect, test } from 'vitest'
import { runScenario } from '../../src/run/run-scenario.js'
import { scenarioFromData } from '../../src/scenario/reader.js'

test('gives no reference number a second time', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-restart-'))
  const ledger = join(folder, 'books.sqlite')
  try {
    for (const seed of [1, 2]) {
      const { scenario, source } = scenarioFromData({
        ...{ name: 'restart', dialect: 'cup-pos', seed, start: `2026-01-05T1${seed}:00:00+08:00` },
        terminals: { count: 2 },
        acquirers: { main: {}, spare: {} },
        load: [{ hold: { rate: '2/s', for: '5s' } }],
      })
      const { books } = await runScenario(scenario, { source, clock: 'virtual', ledger })
      expect(books?.agree).toBe(true)
    }
    const database = new DatabaseSync(ledger)
    const numbers = (database.prepare('SELECT rrn FROM entry').all() as { rrn: string }[]).map(({ rrn }) => rrn)
    database.close()
    expect(numbers).toHaveLength(20)
    expect(new Set(numbers).size).toBe(20)
  } finally {
    rmSync(folder, { recursive: true })
  }
})
