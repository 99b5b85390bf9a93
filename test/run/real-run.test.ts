// The built program over real TCP: what only processes and sockets can show.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import type { Result } from '../../src/measure/result.js'

const program = join(import.meta.dirname, '../../dist/cli/main.js')

const folders: string[] = []
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function start(...args: string[]) {
  const child = spawn(process.execPath, [program, ...args])
  let out = ''
  child.stdout.on('data', (bytes) => (out += bytes))
  child.stderr.on('data', (bytes) => (out += bytes))
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { child, ended, text: () => out }
}

type Started = ReturnType<typeof start>

/** Resolves when the program has said it, on stdout or stderr. */
async function saying({ child, text }: { child: ChildProcess; text: () => string }, what: string): Promise<void> {
  while (!text().includes(what)) {
    await new Promise((resolve) => {
      child.stdout?.once('data', resolve)
      child.stderr?.once('data', resolve)
    })
  }
}

async function listening(acquirer: { child: ChildProcess; text: () => string }): Promise<string> {
  await saying(acquirer, 'dialect')
  return /listening on (\S+:\d+)/.exec(acquirer.text())?.[1] ?? ''
}

function scenario(target: string, load: string): { file: string; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-run-'))
  folders.push(folder)
  const file = join(folder, 'scenario.yaml')
  writeFileSync(
    file,
    `{ name: t, seed: 1, terminals: { count: 400, target: ["${target}"], connections: { shared: 4 }, mix: { sale: 1 } }, load: [ ${load} ] }`,
  )
  return { file, folder: join(folder, 'run') }
}

const resultIn = (folder: string) => JSON.parse(readFileSync(join(folder, 'result.json'), 'utf8')) as Result

test('a host that is stopped delays every payment that was due meanwhile, not one for each connection', async () => {
  const acquirer = start('acquirer', '--listen', '127.0.0.1:0', '--dialect', 'cup-pos')
  const { file, folder } = scenario(await listening(acquirer), '{ hold: { rate: 100/s, for: 9s } }')
  const run = start('run', file, '--out', folder, '--allow-saturated')
  await saying(run, 'offered')
  acquirer.child.kill('SIGSTOP')
  await new Promise((resolve) => setTimeout(resolve, 1000))
  acquirer.child.kill('SIGCONT')
  expect(await run.ended).toBe(0)
  const { responseTime, outcomes, timeline } = resultIn(folder)
  expect(outcomes.approved).toBe(900)
  const slow = timeline.reduce((sum, row) => sum + ((row.p50 ?? 0) > 100 ? row.offered : 0), 0)
  expect(slow).toBeGreaterThan(40)
  expect(responseTime.max).toBeGreaterThan(800)
  acquirer.child.kill('SIGINT')
  expect(await acquirer.ended).toBe(130)
})

test('a host that is killed leaves its payments to the other one of its group, and the totals agree', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-group-'))
  folders.push(folder)
  const shared = ['--ledger', join(folder, 'ledger.sqlite'), '--ledger-run', 'group', '--dialect', 'cup-pos']
  const hosts = [0, 1].map(() => start('acquirer', '--listen', '127.0.0.1:0', ...shared))
  const [first, second] = [await listening(hosts[0] as Started), await listening(hosts[1] as Started)]
  const file = join(folder, 'scenario.yaml')
  const terminals = `count: 20, timeout: 2s, settle: true, mix: { sale: 8, void: 1 }, target: ["${first}", "${second}"]`
  const load = '{ hold: { rate: 50/s, for: 8s } }'
  writeFileSync(
    file,
    `{ name: t, seed: 1, terminals: { ${terminals} }, load: [ ${load} ], thresholds: [ books.agree ] }`,
  )
  const run = start('run', file, '--out', join(folder, 'run'), '--allow-saturated')
  await saying(run, 'offered')
  hosts[0]?.child.kill('SIGKILL')
  expect(await run.ended).toBe(0)
  const { breakdown, books, settlements, reversals } = resultIn(join(folder, 'run'))
  expect(Object.keys(breakdown.target).sort()).toEqual([first, second].sort())
  expect(books).toMatchObject({ agree: true })
  expect(settlements).toMatchObject({ outOfBalance: 0, unknown: 0 })
  expect(reversals?.pending).toBe(0)
  hosts[1]?.child.kill('SIGINT')
  expect(await hosts[1]?.ended).toBe(130)
})

test('Ctrl-C ends the load, drains, writes what was measured and exits 130', async () => {
  const acquirer = start('acquirer', '--listen', '127.0.0.1:0', '--dialect', 'cup-pos')
  const { file, folder } = scenario(await listening(acquirer), '{ hold: { rate: 50/s, for: 60s } }')
  const run = start('run', file, '--out', folder)
  await saying(run, 'offered')
  run.child.kill('SIGINT')
  expect(await run.ended).toBe(130)
  const { interrupted, offered, outcomes } = resultIn(folder)
  expect(interrupted).toBe(true)
  expect(outcomes.approved).toBe(offered)
  acquirer.child.kill('SIGTERM')
  expect(await acquirer.ended).toBe(143)
})

describe('what cannot start is one line and an exit code', () => {
  const cases = [
    {
      name: 'no host listens there',
      args: (port: number) => ['terminal', '--target', `127.0.0.1:${port}`, '--rate', '5/s', '--duration', '1s'],
      code: 5,
      says: 'ECONNREFUSED',
    },
    { name: 'an unknown flag', args: () => ['run', 'x.yaml', '--sett', 'a=1'], code: 2, says: 'sett' },
    { name: 'a file that is not there', args: () => ['run', 'nowhere.yaml'], code: 2, says: 'nowhere.yaml' },
    {
      name: 'an unknown dialect',
      args: () => ['decode', '--dialect', 'cup-poss', '-'],
      code: 2,
      says: "did you mean 'cup-pos'",
    },
  ]
  for (const { name, args, code, says } of cases) {
    test(name, async () => {
      const probe = createServer().listen(0, '127.0.0.1')
      await new Promise((resolve) => probe.once('listening', resolve))
      const { port } = probe.address() as { port: number }
      await new Promise((resolve) => probe.close(resolve))
      const { child, ended, text } = start(...args(port))
      child.stdin.end()
      expect(await ended).toBe(code)
      expect(text().trim().split('\n').at(-1)).toContain(says)
    })
  }

  test('a port that is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as { port: number }
    const { ended, text } = start('acquirer', '--listen', `127.0.0.1:${port}`, '--dialect', 'cup-pos')
    expect(await ended).toBe(5)
    expect(text()).toContain('EADDRINUSE')
    server.close()
  })
})
