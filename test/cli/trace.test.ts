// `--trace`, `--record` and `--pcap` on the commands: who asks for them sees every message, and no card number.

import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tracer, trafficLines } from '../../src/cli/flags/traffic-flags.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { builtInDialect } from '../../src/codec/dialects/index.js'
import { type LibraryHost, startLibraryHost } from '../../src/run/library/library-host.js'
import { isochron } from './fake-io.js'

const pan = '4111111111111111'
const dialect = builtInDialect('iso87-ascii') as Dialect
const sale = JSON.stringify({
  mti: '0200',
  fields: { '2': pan, '3': '000000', '4': '000000001000', '7': '1126101500', '11': '000007', '41': 'TERM0001' },
})

let folder: string
let host: LibraryHost
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'isochron-'))
  host = await startLibraryHost({ dialect: 'iso87-ascii' })
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await host.close()
})

const flags = () => ['--target', host.address, '--dialect', 'iso87-ascii']

describe('--trace', () => {
  test('shows each message on a line, masked, with what it answers', async () => {
    const { stderr, code } = await isochron(['send', '--trace', ...flags()], sale)
    const time = String.raw`^\d\d:\d\d:\d\d\.\d{3}Z #1`
    expect(stderr).toMatch(new RegExp(`${time} connected: ${host.address}$`, 'm'))
    expect(stderr).toMatch(
      new RegExp(`${time} -> 0200, \\d+ bytes, class 02, DE11 000007, DE41 TERM0001 \\{"2":"411111`, 'm'),
    )
    expect(stderr).toMatch(new RegExp(`${time} <- 0210, \\d+ bytes, code 00, .*, answers after \\d+\\.\\d ms \\{`, 'm'))
    expect(stderr).not.toContain(pan)
    expect(code).toBe(0)
  })

  test('=full shows each field on a line', async () => {
    const { stderr } = await isochron(['send', '--trace=full', ...flags()], sale)
    expect(stderr).toMatch(/^ {4}2 +primaryAccountNumber +411111\*{6}1111$/m)
    expect(stderr).toMatch(/^ {4}39 +responseCode +00 +\(approved\)$/m)
  })

  test('takes no word that follows, and no other style', async () => {
    const scenario = await isochron(['run', '--trace', 'no-such-file.yaml'])
    expect(scenario.stderr).toMatch(/^no-such-file\.yaml: cannot be read/)
    const style = await isochron(['send', '--trace=loud', ...flags()], sale)
    expect([style.code, style.stderr]).toEqual([2, "--trace: expected nothing, line or full after it, got 'loud'\n"])
  })

  test('of a run tells what its terminals send and hear', async () => {
    const load = ['--rate', '20/s', '--duration', '200ms', '--mix', 'sale=1', '--quiet', '--allow-saturated']
    const { stderr } = await isochron(['terminal', '--trace', ...load, ...flags()])
    expect(stderr.match(/ -> 0200, /g)).toHaveLength(4)
    expect(stderr.match(/ <- 0210, .*answers after/g)).toHaveLength(4)
  })

  test('leaves lines out and counts them where nobody reads them', () => {
    const lines: string[] = []
    let waitingBytes = 1e9
    const output = {
      write: (text: string | Uint8Array) => lines.push(String(text)),
      get waitingBytes() {
        return waitingBytes
      },
    }
    const tell = tracer(output, dialect, 'line')
    const event = { at: 0, connection: 1, peer: 'host:1', kind: 'opened' } as const
    tell(event)
    tell(event)
    waitingBytes = 0
    tell(event)
    expect(lines).toEqual(['left out: 2 messages, because stderr is slower\n', '00:00:00.000Z #1 connected: host:1\n'])
  })

  test('says how a connection ended and what it left', () => {
    const event = {
      at: 0,
      connection: 3,
      peer: 'host:1',
      kind: 'closed',
      why: 'ended',
      unread: '4 bytes came',
    } as const
    expect(trafficLines(event, dialect, 'line')).toEqual(['00:00:00.000Z #3 closed: host:1, ended, 4 bytes came'])
  })
})

describe('--record and --pcap', () => {
  test('write files that only their owner may read, masked or after a warning', async () => {
    const [recorded, pcap] = [join(folder, 'sent.jsonl'), join(folder, 'sent.pcap')]
    const masked = await isochron(['send', '--record', recorded, ...flags()], sale)
    expect(masked.stderr).not.toContain('warning')
    expect(readFileSync(recorded, 'utf8')).toContain('411111******1111')
    const whole = await isochron(['send', '--pcap', pcap, '--unmasked', ...flags()], sale)
    expect(whole.stderr).toMatch(/^warning: .*sent\.pcap will hold card data$/m)
    expect(readFileSync(pcap, 'latin1')).toContain(pan)
    expect([recorded, pcap].map((file) => statSync(file).mode & 0o777)).toEqual([0o600, 0o600])

    const doctor = await isochron(['doctor', pcap, '--dialect', 'iso87-ascii'])
    expect(doctor.stdout).toMatch(/iso87-ascii +binary2 .*2 of 2 +fits/)
    const explained = await isochron(['explain', pcap])
    expect(explained.stdout).toMatch(/1 connection, 1 transaction/)
  })

  test('a capture needs the word that it may hold card data', async () => {
    const { code, stderr } = await isochron(['send', '--pcap', join(folder, 'sent.pcap'), ...flags()], sale)
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^--pcap: .*add --unmasked, or --record FILE/)])
    const lonely = await isochron(['send', '--unmasked', ...flags()], sale)
    expect([lonely.code, lonely.stderr]).toEqual([2, expect.stringMatching(/^--unmasked: only together with/)])
  })

  test('a file that cannot be written is said before anything is sent', async () => {
    const { code, stderr } = await isochron(['send', '--record', join(folder, 'no', 'x'), ...flags()], sale)
    expect([code, stderr]).toEqual([5, expect.stringMatching(/^cannot record into .*ENOENT/)])
    expect(host.received()).toEqual([])
  })
})
