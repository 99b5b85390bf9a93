// Means that are too short are told before a run, not at its end.

import { expect, test } from 'vitest'
import { checkMeans, type MachineMeans } from '../../src/run/means.js'
import { parseScenario } from '../../src/scenario/reader.js'

const plenty: MachineMeans = {
  filesLimit: 100_000,
  filesNow: 30,
  freeBytes: () => 1e12,
  heapBytes: 4e9,
  memoryBytes: 1e12,
}

function check(
  terminals: string,
  means: Partial<MachineMeans>,
  run: { perSecond?: number; outDir?: string; journal?: string; fundsAreTold?: boolean } = {},
) {
  const said: string[] = []
  const scenario = parseScenario(
    `name: x\nterminals: ${terminals}\nload: [ { hold: { rate: 1/s, for: 1s } } ]\n`,
    'x.yaml',
  )
  checkMeans(
    {
      ...{
        terminals: scenario.terminals,
        outDir: run.outDir,
        journal: run.journal,
        fundsAreTold: run.fundsAreTold ?? false,
      },
      plan: { durationMs: 60_000, offeredRateAt: () => run.perSecond ?? 1 },
      onProgress: (line) => said.push(line),
    },
    { ...plenty, ...means },
  )
  return said
}

test('ten thousand terminals with the acquirer in the same process need twenty thousand descriptors', () => {
  const all = '{ count: 10000, connections: perTerminal }'
  expect(() => check(all, { filesLimit: 20_000 })).toThrow(
    '10000 connections, with both ends of each in this process, need 20130 descriptors, and this process may have 20000: raise it with ulimit -n 20130',
  )
  expect(check(all, { filesLimit: 20_130 })).toEqual([])
  expect(check('{ count: 10000, connections: perTerminal, target: ["127.0.0.1:1"] }', { filesLimit: 20_000 })).toEqual(
    [],
  )
  expect(check('{ count: 10000, connections: { shared: 4 } }', { filesLimit: 1024 })).toEqual([])
})

test('memory and disk that will be short are warnings; a full disk under the folder is an end', () => {
  const [heap] = check('{ count: 1 }', { heapBytes: 2e8 }, { perSecond: 100_000 })
  expect(heap).toMatch(/100000 late transactions would need \d+ MB of memory.*--max-old-space-size=/)
  const [memory] = check('{ count: 1 }', { memoryBytes: 4e8 }, { perSecond: 100_000 })
  expect(memory).toMatch(/6\.0 million transactions may need 468 MB of memory, and 382 MB are free/)
  const disk = check('{ count: 1 }', { freeBytes: () => 1e7 }, { perSecond: 10_000, outDir: 'runs/x' })
  expect(disk.map((line) => line.split(' may need')[0])).toEqual([
    'warning: the evidence',
    'warning: the journal',
    'warning: the books',
    'warning: the ledger',
  ])
  expect(() => check('{ count: 1 }', { freeBytes: () => 5000 }, { outDir: 'runs/x' })).toThrow(
    'runs/x: only 5000 bytes are free there',
  )
})

test('more transactions than the books keep are told before the run', () => {
  expect(check('{ count: 1 }', {}, { perSecond: 100_000 })).toEqual([])
  const [books] = check('{ count: 1 }', {}, { perSecond: 2_000_000 })
  expect(books).toMatch(/120\.0 million transactions, and the books keep 100\.0 million at the most/)
  const [journal] = check('{ count: 1 }', {}, { perSecond: 50_000, journal: 'pos.journal' })
  expect(journal).toMatch(/pos\.journal keeps 1\.0 million at the most/)
})

test('more transactions than are followed until their money comes are told where somebody tells of money', () => {
  expect(check('{ count: 1 }', {}, { perSecond: 200_000 })).toEqual([])
  const [funds] = check('{ count: 1 }', {}, { perSecond: 200_000, fundsAreTold: true })
  expect(funds).toMatch(/12\.0 million transactions, and the money of 8\.0 million is followed at a time/)
})
