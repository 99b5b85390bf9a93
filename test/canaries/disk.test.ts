// Everything that a run writes while it lasts, with canaries in every name, field and card: what stays, what is written
// over each minute, what is renamed, and what is removed at the end.

import { spawnSync } from 'node:child_process'
import * as fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test, vi } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { builtInDialect, builtInDialects } from '../../src/codec/dialects/index.js'
import { printCapacity } from '../../src/report/capacity.js'
import { readScenario } from '../../src/run/files/read-scenario.js'
import { findCapacity, type TriedRate } from '../../src/run/find-capacity.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import type * as Checkpoint from '../../src/run/result/checkpoint.js'
import { runScenario } from '../../src/run/run-scenario.js'
import { canaries, leaksIn, secretsIn } from './canaries.js'
import { filesOf, type Output, outputsOf, put, scenarioWithNames } from './inputs.js'
import type { Written } from './written.js'

vi.mock('node:fs', async (original) => (await import('./written.js')).listeningFs(await original<typeof fs>()))
const { written } = fs as unknown as { readonly written: Written }

// A minute of a checkpoint is a fifth of a second here.
vi.mock('../../src/run/result/checkpoint.js', async (original) => {
  const { startCheckpoints } = await original<typeof Checkpoint>()
  const soon: typeof startCheckpoints = ({ clock, ...rest }) => {
    const after: typeof clock.after = (ms, action) => clock.after(ms / 300, action)
    return startCheckpoints({ ...rest, clock: Object.assign(Object.create(clock), { after }) })
  }
  return { startCheckpoints: soon }
})

const program = join(import.meta.dirname, '../../dist/cli/main.js')
const folder = fs.mkdtempSync(join(tmpdir(), 'canaries-'))
afterAll(() => fs.rmSync(folder, { recursive: true, force: true }))
const scenario = scenarioWithNames(join(folder, 'given'))

/** All bytes that went into the files below a path, but for the scenario as it was given. */
const writtenIn = (part: string): Output[] =>
  [...written].filter(([path]) => path.startsWith(join(folder, part)) && !path.includes('scenario.yaml'))

function expectNoLeak(outputs: readonly Output[]): void {
  const leaks = outputs.flatMap(([name, text]) => leaksIn(text).map((leak) => `${name}: ${leak}`))
  expect(leaks.slice(0, 10)).toEqual([])
}

const named = (outputs: readonly Output[], name: string) => outputs.filter(([path]) => path.includes(name))
const briefly = ['--set', 'load[0].hold.for=1s', '--set', 'load[0].hold.rate=30/s', '--seed', '1']

/** The same scenario against a host that is there already. */
function against(port: number): string {
  const { acquirer, remedies, terminals, ...rest } = JSON.parse(fs.readFileSync(scenario, 'utf8'))
  const own = { ...rest, terminals: { ...terminals, target: `127.0.0.1:${port}` } }
  return put(join(folder, 'given'), 'against.yaml', JSON.stringify(own))
}

test('a run: its checkpoint, its trace, its recording, its results and its reports', async () => {
  const listen = { host: '127.0.0.1', port: 0 }
  await using host = await startAcquirer({
    listen,
    acquirer: acquirerSchema.parse({}),
    seed: 1,
    dialect: 'iso87-ascii',
  })
  const record = ['--record', join(folder, 'one.record'), '--record-limit', '64KiB', '--trace=full']
  const flags = [...briefly, ...record, '--keep', 'all', '--out', join(folder, 'one')]
  const outputs = await outputsOf(['run', against(host.address.port), ...flags])
  const files = writtenIn('one')
  for (const name of ['checkpoint.json', 'evidence.jsonl', 'one.record', 'intervals.hlog'])
    expect(named(files, name), name).toHaveLength(1)
  expectNoLeak([...outputs, ...files])
})

test('what is recorded unmasked is in the files that were named, after a warning, and nowhere else', async () => {
  await using host = await startAcquirer({
    listen: { host: '127.0.0.1', port: 0 },
    acquirer: acquirerSchema.parse({}),
    seed: 1,
    dialect: 'iso87-ascii',
  })
  const files = ['packets.pcap', `${canaries[0]?.pan}.record`].map((name) => join(folder, name))
  const [pcap, record] = files as [string, string]
  const flags = [
    '--set',
    'load[0].hold.for=200ms',
    '--unmasked',
    '--pcap',
    pcap,
    '--record',
    record,
    '--trace',
    '--keep',
    'all',
  ]
  const outputs = await outputsOf([
    'run',
    against(host.address.port),
    ...briefly,
    ...flags,
    '--out',
    join(folder, 'open'),
  ])
  expect(outputs.map(([, text]) => text).join('')).toMatch(/^warning: .*packets\.pcap.* will hold card data$/m)
  for (const file of files) expect(leaksIn(fs.readFileSync(file, 'latin1')).length, file).toBeGreaterThan(0)
  expectNoLeak([...outputs, ...writtenIn('open')])
})

test('runs one after another: repeated, and with every remedy', async () => {
  for (const [index, call] of [
    ['--repeat', '2'],
    ['--with', 'all'],
  ].entries()) {
    const out = ['--out', join(folder, `many${index}`), '--clock', 'virtual']
    expectNoLeak(await outputsOf(['run', scenario, ...briefly, ...call, ...out]))
  }
  const files = writtenIn('many')
  for (const name of ['repeats.json', 'remedies.json']) expect(named(files, name), name).toHaveLength(1)
  expectNoLeak(files)
})

test('a search for the capacity', async () => {
  const read = readScenario(fs.readFileSync(scenario, 'utf8'), scenario)
  const stop = new AbortController()
  const run = (tried: TriedRate) =>
    runScenario({ ...read, ...tried }, { source: '', clock: 'virtual', signal: stop.signal })
  const options = { condition: 'responseTime.p50 < 1s', signal: stop.signal, outDir: join(folder, 'capacity') }
  const found = await findCapacity(read, run, { ...options, onStep: () => stop.abort() })
  const files = writtenIn('capacity')
  expect(files).toHaveLength(2)
  expectNoLeak([...files, ['printed', printCapacity(found, { columns: 80, exit: 0 })]])
})

test('generators in threads of the built program', { timeout: 120_000 }, () => {
  const out = join(folder, 'workers')
  const flags = [
    ...briefly,
    // The start of two threads may take longer than an answer.
    '--set',
    'terminals.timeout=5s',
    '--allow-saturated',
    '--workers',
    '2',
    '--pacing',
    'economy',
    '--keep',
    'all',
    '--out',
    out,
  ]
  const { stdout, stderr } = spawnSync(process.execPath, [program, 'run', scenario, ...flags])
  const files = filesOf(out)
  expect(
    files.map(([name]) => name),
    stderr.toString(),
  ).toContain('evidence.jsonl')
  expectNoLeak([['stdout', stdout.toString()], ['stderr', stderr.toString()], ...files])
})

/** Every message of a dialect that a terminal may send, at a host that answers late and seldom. */
function manyMessages(dialect: Dialect): string {
  const mix = Object.entries(dialect.messages).filter(([, { mti, money }]) => money !== undefined && !/^\d4/.test(mti))
  return JSON.stringify({
    ...{ name: 'journal', dialect: dialect.name, load: [{ hold: { rate: '30/s', for: '700ms' } }], drain: '60s' },
    terminals: {
      count: 20,
      timeout: '300ms',
      cards: 'given/cards.csv',
      mix: Object.fromEntries(mix.map(([name]) => [name, 1])),
    },
    acquirer: { workers: 8, serviceTime: { p50: '100ms', p99: '900ms' } },
  })
}

test.each(builtInDialects.map((dialect) => dialect.name))(
  'a journal in %s holds no track, PIN, PIN block or key',
  async (name) => {
    const journal = join(folder, `${name}.journal`)
    const file = put(folder, `${name}.yaml`, manyMessages(builtInDialect(name)))
    await outputsOf(['run', file, '--clock', 'virtual', '--seed', '1', '--journal', journal])
    const all = writtenIn(`${name}.journal`)
    expect(all.map(([, text]) => text).join('').length).toBeGreaterThan(2_000)
    expect(all.flatMap(([, text]) => secretsIn(text)).slice(0, 5)).toEqual([])
    // All that ended is forgotten when the run ends in order.
    expect(leaksIn(fs.readFileSync(journal)).slice(0, 5)).toEqual([])
  },
)
