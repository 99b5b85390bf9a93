// `watch` and `explain` from the command line: what they print, how they exit, what they refuse.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acquirerSchema } from '../../src/acquirer/options.js'
import { startAcquirer } from '../../src/run/hosts/start-acquirer.js'
import { Traffic } from '../run/explain/traffic.js'
import { isochron } from './fake-io.js'

const base = mkdtempSync(join(tmpdir(), 'isochron-watch-'))
const at = (name: string) => join(base, name)
const host = { listen: { host: '127.0.0.1', port: 0 }, dialect: 'cup-pos', acquirer: acquirerSchema.parse({}), seed: 1 }
afterAll(() => rmSync(base, { recursive: true, force: true }))

describe('explain', () => {
  beforeAll(() => {
    const traffic = new Traffic()
    for (let terminal = 1; terminal <= 6; terminal++) {
      const line = traffic.connect(terminal)
      for (let index = 0; index < 8; index++) {
        line.echo(1000 + index * 6000 + terminal * 50, 2)
        const ms = index < 2 ? 40 : 4100
        line.sale(2000 + index * 6000 + terminal * 50, index + 1, { ms, terminal: `0000000${terminal}` })
      }
    }
    writeFileSync(at('shop.pcap'), traffic.file())
    writeFileSync(at('text.pcap'), 'GET / HTTP/1.1\r\n\r\n'.repeat(4))
  })
  const explain = (...argv: string[]) =>
    isochron(['explain', at('shop.pcap'), '--dialect', 'cup-pos', '--framing', 'binary2', ...argv])

  test('prints the rate, the cause with what would help, and the slowest transactions', async () => {
    const { code, stdout, stderr } = await explain('--limit', '2')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('6 connections, 48 transactions, 48 echo messages')
    expect(stdout).toContain('timely within 3,000 ms: 25 % (12 of 48)')
    expect(stdout).toMatch(/^host-slow +the host is slow +36 +100 %/m)
    expect(stdout).toContain('what would help: faster processing')
    expect(stdout).toMatch(/and 34 more\n$/)
    expect(stdout).not.toMatch(/\d{13,}(?!\d)/)
  })

  test('in Chinese', async () => {
    const { stdout } = await explain('--lang', 'zh')
    expect(stdout).toContain('及时率（3,000 ms 内应答）：25 %（12/48）')
    expect(stdout).toContain('建议措施: 由收单机构优化后台处理')
  })

  test('as JSON, and as evidence that `evidence` reads', async () => {
    const { stdout } = await explain('--json', '--out', at('why'))
    const found = JSON.parse(stdout)
    expect(found).toMatchObject({ transactions: 48, timely: 12, causes: [{ cause: 'host-slow', count: 36 }] })
    expect(found.transactionsNotTimely.length).toBe(36)
    expect(readFileSync(join(at('why'), 'report.html'), 'utf8')).toContain('the host is slow (host-slow)')
    const again = await explain('--out', at('why'))
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('it holds a run (evidence.jsonl)') })
    const sheet = await isochron(['evidence', at('why'), '--terminal', '3', '--stan', '5'])
    expect(sheet.stdout).toContain('the host is slow (host-slow)')
  })

  describe('of several files', () => {
    const named = ['big.pcap.2', 'big.pcap.1', 'big.pcap']
    beforeAll(() => {
      for (const [index, bytes] of cutInParts(readFileSync(at('shop.pcap')), named.length).entries())
        writeFileSync(at(named[index] as string), bytes)
    })
    const flags = ['--dialect', 'cup-pos', '--framing', 'binary2', '--json']
    const found = async (...files: string[]) => {
      const { code, stdout, stderr } = await isochron(['explain', ...files.map(at), ...flags])
      expect(code).toBe(0)
      const { capture, ...rest } = JSON.parse(stdout)
      return { capture, rest, stderr }
    }

    test('the older parts of a full recording are read before it', async () => {
      const whole = await found('shop.pcap')
      const { rest, stderr } = await found('big.pcap')
      expect(rest).toEqual(whole.rest)
      expect(stderr).toMatch(/^read in this order: \S+big\.pcap\.2, \S+big\.pcap\.1, \S+big\.pcap\n$/)
    })

    test('files that are named are one capture, in whatever order', async () => {
      const whole = await found('shop.pcap')
      const { rest, capture } = await found('big.pcap', 'big.pcap.2', 'big.pcap.1')
      expect(rest).toEqual(whole.rest)
      expect(capture).toMatch(/big\.pcap and 2 more$/)
    })

    test('a part that is missing is told, and so is one that is no older part', async () => {
      rmSync(at('big.pcap.1'))
      const { rest, stderr } = await found('big.pcap')
      expect(stderr).toContain('big.pcap.1 is missing: there is a hole in what was read')
      expect(rest.transactions).toBeLessThan(48)
      writeFileSync(at('big.pcap.1'), 'notes of mine')
      expect((await found('big.pcap')).stderr).toContain('big.pcap.1: left out, because it is no capture from before')
    })

    test('doctor reads them as well', async () => {
      const { code, stdout, stderr } = await isochron(['doctor', at('big.pcap.2'), at('big.pcap')])
      expect(code).toBe(0)
      expect(stderr).toContain('read in this order')
      expect(stdout).toContain('cup-pos')
      const other = await isochron(['doctor', at('big.pcap'), at('text.pcap')])
      expect(other.code).toBe(2)
      expect(other.stderr).toContain('several files must all be captures')
    })
  })

  test('with another limit nothing is late', async () => {
    expect((await explain('--timely', '5s')).stdout).toContain('no transaction was late')
  })

  const refused = [
    { name: 'what is no capture', argv: [at('text.pcap')], says: 'no capture: expected a pcap or pcapng file' },
    {
      name: 'a file that is not there',
      argv: [at('nope.pcap')],
      says: 'cannot be read (ENOENT: there is no such file)',
    },
    {
      name: 'a time that nothing could keep',
      argv: [at('shop.pcap'), '--timely', '0s'],
      says: '--timely: expected more',
    },
    { name: 'a port without data', argv: [at('shop.pcap'), '--port', '99'], says: 'no TCP data to port 99' },
    {
      name: 'a dialect that does not fit',
      argv: [at('shop.pcap'), '--dialect', 'iso87-ascii'],
      says: 'isochron doctor',
    },
    {
      name: 'a zone that is none',
      argv: [at('shop.pcap'), '--time-zone', 'Mars/Base'],
      says: "unknown time zone 'Mars/Base'",
    },
  ]
  for (const { name, argv, says } of refused) {
    test(`refuses ${name}`, async () => {
      const { code, stderr } = await isochron(['explain', ...argv])
      expect(code).toBe(2)
      expect(stderr).toContain(says)
    })
  }
})

/** The packets of a classic capture in so many files, each with the head of all. */
function cutInParts(file: Buffer, count: number): readonly Buffer[] {
  const headBytes = 24
  const packets: Buffer[] = []
  for (let at = headBytes; at < file.length; ) {
    const end = at + 16 + file.readUInt32LE(at + 8)
    packets.push(file.subarray(at, end))
    at = end
  }
  const perPart = Math.ceil(packets.length / count)
  return Array.from({ length: count }, (_, index) =>
    Buffer.concat([file.subarray(0, headBytes), ...packets.slice(index * perPart, (index + 1) * perPart)]),
  )
}

describe('watch', () => {
  test('of a good host ends with 0, one object for each probe', async () => {
    await using acquirer = await startAcquirer(host)
    const target = `127.0.0.1:${acquirer.address.port}`
    const { code, stdout, stderr } = await isochron([
      ...['watch', '--target', target, '--for', '300ms', '--json', '--record', at('watch.jsonl')],
    ])
    expect(readFileSync(at('watch.jsonl'), 'utf8')).toMatch(/"message":\{"mti":"0830"/)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    const probes = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(probes).toMatchObject([
      { probe: 'echo', answered: true, code: '00', state: { verdict: 'good', trouble: null } },
    ])
  })

  test('of a port where nobody listens ends with 5', async () => {
    const acquirer = await startAcquirer(host)
    const target = `127.0.0.1:${acquirer.address.port}`
    await acquirer[Symbol.asyncDispose]()
    const { code, stdout, stderr } = await isochron(['watch', '--target', target, '--for', '300ms'])
    expect(code).toBe(5)
    expect(stdout).toContain('host-down (the host is down or in maintenance)')
    expect(stderr).toContain('never reached')
  })

  const refused = [
    { argv: ['--every', '10ms'], says: '--every: expected 1000 ms to 60 minutes' },
    { argv: ['--timely-rate', '2'], says: '--timely-rate: expected a share such as 99%' },
    { argv: ['--card', at('nope.csv')], says: 'nope.csv' },
    { argv: ['--for', '0s'], says: '--for: expected 1 ms' },
    { argv: ['--for', '30d'], says: '--for: expected 1 ms' },
    { argv: ['--window', 'soon'], says: '--window: expected a duration such as 30s' },
  ]
  for (const { argv, says } of refused) {
    test(`refuses ${argv.join(' ').replace(base, '')}`, async () => {
      const { code, stderr } = await isochron(['watch', '--target', '127.0.0.1:1', ...argv])
      expect(code).toBe(2)
      expect(stderr).toContain(says)
    })
  }
})
