// An acquirer in several processes on one port: one ledger, one count, and working keys that all of them know.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { acquirerSchema } from '../../../src/acquirer/options.js'
import { joinCounts } from '../../../src/run/processes/join-counts.js'
import { refuseForProcesses, shareOfAcquirer } from '../../../src/run/processes/share-of-acquirer.js'
import { runScenario } from '../../../src/run/run-scenario.js'
import { parseScenario } from '../../../src/scenario/reader.js'
import { isochron } from '../../cli/fake-io.js'

const program = join(import.meta.dirname, '../../../dist/cli/main.js')
const home = mkdtempSync(join(tmpdir(), 'isochron-test-'))
afterAll(() => rmSync(home, { recursive: true, force: true }))

interface Host {
  readonly port: string
  readonly pids: readonly number[]
  readonly ended: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>
}

function startHost(...flags: string[]): Promise<Host> {
  const child: ChildProcess = spawn(process.execPath, [program, 'acquirer', '--listen', '127.0.0.1:0', ...flags])
  let [stdout, stderr] = ['', '']
  child.stdout?.on('data', (data) => {
    stdout += data
  })
  const ended = new Promise<Awaited<Host['ended']>>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }))
  })
  return new Promise((resolve, reject) => {
    void ended.then(({ stderr: said }) => reject(new Error(said)))
    child.stderr?.on('data', (data) => {
      stderr += data
      const [, port, pids] = /listening on \S+:(\d+),.*, processes ([\d, ]+)\n/.exec(stderr) ?? []
      if (port !== undefined && pids !== undefined) resolve({ port, pids: pids.split(', ').map(Number), ended })
    })
  })
}

test('terminals whose every message may come to another process get right MACs, and one ledger has it all', async () => {
  const [ledger, journal] = [join(home, 'books.sqlite'), join(home, 'pos.journal')]
  const host = await startHost('--workers', '2', '--ledger', ledger)
  const source = `{ name: processes, seed: 5, dialect: cup-pos, terminals: { count: 6, mix: { sale: 1 }, connections: perTransaction,
      timeout: 20s, target: '127.0.0.1:${host.port}' }, load: [ { hold: { rate: 30/s, for: 1s } } ] }`
  const options = { source, journal, pacing: 'economy', allowSaturated: true } as const
  const { offered, outcomes } = await runScenario(parseScenario(source, 's.yaml'), options)
  expect({ offered, approved: outcomes.approved }).toEqual({ offered: 30, approved: 30 })
  process.kill(host.pids[0] as number, 'SIGKILL')
  const { code, stdout, stderr } = await host.ended
  expect({ code, stderr }).toMatchObject({
    code: 3,
    stderr: expect.stringMatching(/NOT WHOLE: process 1 of 2 \(\d+\) died: SIGKILL/),
  })
  const counts = JSON.parse(stdout)
  expect(counts.macs.wrong).toBe(0)
  expect(counts.turnedAway).toMatchObject({ connections: 0, badFrame: 0 })
  const books = await isochron(['books', '--ledger', ledger, journal])
  expect({ code: books.code, stdout: books.stdout }).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('agree (30 '),
  })
})

test('counts of processes are added at any depth, and the longest line is the longest of any', () => {
  const one = { requests: 3, answers: { '00': 2, '51': 1 }, queueHighWater: 7, macs: { valid: 1 } }
  const other = { requests: 4, answers: { '00': 4 }, queueHighWater: 5, macs: { valid: 2 } }
  expect(joinCounts<object>(one, other)).toEqual({
    ...{ requests: 7, answers: { '00': 6, '51': 1 }, queueHighWater: 7, macs: { valid: 3 } },
  })
  expect(joinCounts<object>(other, one)).toEqual(joinCounts<object>(one, other))
})

test('the places of a slow host are divided, and none is lost', () => {
  const options = acquirerSchema.parse({ workers: 64, queueLimit: 100, serviceTime: { p50: '5ms' } })
  const parts = [0, 1, 2].map((index) => shareOfAcquirer(options, { index, of: 3 }))
  expect(parts.map(({ workers }) => workers)).toEqual([22, 21, 21])
  expect(parts.map(({ queueLimit }) => queueLimit)).toEqual([34, 33, 33])
})

const refused: readonly (readonly [options: object, words: string])[] = [
  [{ limits: { '*': '5/s' } }, 'acquirer.limits: --workers 2: a merchant has one line'],
  [{ priority: ['M1'] }, 'acquirer.priority: --workers 2: there is one line'],
  [{ peers: { rate: '5/s' } }, 'acquirer.peers.rate: --workers 2: an address may have connections in every process'],
  [{ workers: 1, serviceTime: { p50: '5ms' } }, 'acquirer.workers: --workers 2: 1 cannot be divided'],
]
for (const [options, words] of refused) {
  test(`${JSON.stringify(options)} is of one process`, () => {
    expect(() => refuseForProcesses(acquirerSchema.parse(options), 2)).toThrow(words)
  })
}

test('what looks at one process, or has power over one, is refused', async () => {
  for (const flag of ['--trace', '--control=:0']) {
    const { code, stderr } = await isochron(['acquirer', '--listen', ':0', '--workers', '2', flag])
    expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--workers: ') })
  }
})
