// A machine and a peer that give too little or ask too much, against the built program: nothing is lost without a word.

import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import { builtInDialects } from '../../src/codec/dialects/index.js'
import { doubtOf } from '../../src/codec/masks/doubt.js'
import { isLoopback } from '../../src/control/guard.js'
import { isochron } from './fake-io.js'

const program = join(import.meta.dirname, '../../dist/cli/main.js')
const folder = mkdtempSync(join(tmpdir(), 'hostile-machine-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.runIf(existsSync('/dev/full'))('output that the disk does not take is told, and no success', () => {
  const { status, stderr } = spawnSync('sh', ['-c', `exec "$0" "$1" schema > /dev/full`, process.execPath, program])
  expect(stderr.toString()).toBe('stdout cannot be written (ENOSPC): the output is incomplete\n')
  expect(status).toBe(5)
})

test.runIf(existsSync('/dev/full')).each([
  { stdout: '> /dev/full', status: 5, says: 'stdout cannot be written (ENOSPC): the output is incomplete' },
  { stdout: '| true', status: 0, says: '' },
])('a run whose output is lost ($stdout) keeps its folder', ({ stdout, status, says }) => {
  const out = mkdtempSync(join(folder, 'lost-'))
  const scenario = join(out, 'short.yaml')
  writeFileSync(scenario, 'name: short\nload: [{ hold: { rate: 5/s, for: 1s } }]\n')
  const run = `set -o pipefail; "$0" "$1" run ${scenario} --clock virtual --quiet --out ${out}/run ${stdout}`
  const ended = spawnSync('bash', ['-c', run, process.execPath, program])
  expect({ status: ended.status, stderr: ended.stderr.toString() }).toMatchObject({
    status,
    stderr: expect.stringContaining(says),
  })
  const names = readdirSync(join(out, 'run'))
  expect(names).toEqual(expect.arrayContaining(['result.json', 'report.html', 'junit.xml']))
  expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([])
})

test('a host without a descriptor left says so once, and serves those that it has', { timeout: 120_000 }, async () => {
  const serve = 'ulimit -n 200 && exec "$0" "$1" acquirer --listen 127.0.0.1:0 --dialect iso87-ascii'
  const host = spawn('sh', ['-c', serve, process.execPath, program])
  let said = ''
  const hears = (pattern: RegExp) =>
    new Promise<string>((resolve) => {
      const look = () => {
        const found = pattern.exec(said)
        if (found !== null) resolve(found[1] ?? '')
      }
      host.stderr.on('data', look)
      look()
    })
  host.stderr.on('data', (data) => {
    said += data
  })
  const port = Number(await hears(/listening on 127\.0\.0\.1:(\d+)/))
  const sockets: Socket[] = Array.from({ length: 250 }, () => connect(port, '127.0.0.1').on('error', () => {}))
  await hears(/(no descriptor is left)/)
  const codec = compile(builtInDialects.find(({ name }) => name === 'iso87-ascii') as (typeof builtInDialects)[number])
  const body = codec.pack({ mti: '0800', fields: { 7: '1127101500', 11: '000001', 70: '301' } })
  const first = sockets[0] as Socket
  const answer = new Promise((resolve) => first.once('data', resolve))
  first.write(Buffer.concat([Buffer.from([0, body.length]), body]))
  expect(String(await answer)).toContain('0810')
  for (const socket of sockets) socket.destroy()
  const ended = new Promise((resolve) => host.once('exit', resolve))
  host.kill('SIGINT')
  await ended
  expect(
    said.match(/no descriptor is left \(EMFILE\).*this process may open 200 files; raise it with ulimit -n/g),
  ).toHaveLength(1)
})

test('only an address of loopback is one', () => {
  const names = ['127.0.0.1', '127.1.2.3', '::1', 'localhost']
  expect(names.filter((name) => !isLoopback(name))).toEqual([])
  const others = [
    '127.999.1.1',
    '127.0.0.256',
    '127.1',
    '127.0.0.1.example.com',
    '0.0.0.0',
    '2130706433',
    '128.0.0.1',
    '::',
    '',
  ]
  expect(others.filter(isLoopback)).toEqual([])
})

test('the longest track 2 is read and written by every dialect that has one: 16 digits, the separator, 20 more', () => {
  const track2 = `4111111111111111=${'29122011234567890123'}`
  const spoken = builtInDialects.filter(({ fields }) => fields[35] !== undefined)
  expect(spoken.length).toBeGreaterThan(8)
  for (const dialect of spoken) {
    const codec = compile(dialect)
    const message = { mti: '0200', fields: { 35: track2 } }
    const read = codec.unpack(codec.pack(message))
    expect(String(read.fields[35]).replace('D', '='), dialect.name).toBe(track2)
    expect(doubtOf(dialect, read), dialect.name).toBeUndefined()
  }
})

test('the key of a ledger that others may read is refused', async () => {
  const ledger = join(folder, 'books.sqlite')
  const scenario = join(folder, 's.yaml')
  writeFileSync(scenario, 'name: x\nterminals: { count: 1 }\nload: [{ hold: { rate: 5/s, for: 200ms } }]\n')
  const run = () => isochron(['run', scenario, '--clock', 'virtual', '--quiet', '--ledger', ledger])
  expect((await run()).code).toBe(0)
  chmodSync(`${ledger}.key`, 0o644)
  const { code, stderr } = await run()
  expect(stderr).toContain('mode 0644 lets others read the key of the ledger: run chmod 600')
  expect(code).toBe(2)
})
