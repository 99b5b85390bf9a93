// `doctor` and `diff` from the command line: what they print, and how they exit.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cupPos } from '../../src/codec/dialects/cup-pos.js'
import { evidenceOf } from '../../src/doctor/evidence.js'
import { framingNamed } from '../../src/framing/framings.js'
import { connection, ipv4, links, pcap } from '../doctor/capture-writer.js'
import { onTheWire } from '../doctor/conversations.js'
import { makeCertificates } from '../transport/certificates.js'
import { isochron } from './fake-io.js'

const { requests, answers } = onTheWire(cupPos, framingNamed('bcd2'))
const hex = requests.map((bytes) => bytes.toString('hex')).join('\n')
let folder = ''
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'isochron-doctor-'))
  const packets = connection(requests, answers).map((each) => Buffer.concat([links.ethernet.front, ipv4(each)]))
  await writeFile(at('host.pcap'), pcap(packets, { linkType: 1 }))
  await writeFile(at('messages.hex'), hex)
})
afterAll(() => rm(folder, { recursive: true }))

describe('doctor', () => {
  test('names framing and dialect of a capture, and the command to use next', async () => {
    const { code, stdout } = await isochron(['doctor', at('host.pcap'), '--port', '8583'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/100 % +cup-pos +bcd2 +the envelope of the dialect +10 of 10 +fits/)
    expect(stdout).toContain('next: isochron terminal --target HOST:8583 --dialect cup-pos --framing bcd2')
    expect(stdout).toContain('4 of 4 answers carry the trace number of a request')
  })

  test('reads hex from stdin', async () => {
    const { code, stdout } = await isochron(['doctor'], hex)
    expect(code).toBe(0)
    expect(stdout).toContain('next: isochron decode --dialect cup-pos --framing bcd2 -')
  })

  test('prints a command that works', async () => {
    const { stdout } = await isochron(['doctor', at('messages.hex')])
    const next = /^next: isochron (.*)$/m.exec(stdout)?.[1]?.split(' ') ?? []
    expect(await isochron(next)).toMatchObject({ code: 0, stderr: '' })
  })

  test('exits 3 and says what is nearest when nothing fits', async () => {
    const { code, stdout } = await isochron(['doctor'], Buffer.from('GET / HTTP/1.1\r\n\r\n'))
    expect(code).toBe(3)
    expect(stdout).toContain('nothing fits: this is HTTP, not ISO 8583: check the port')
  })

  test('shows no card number', async () => {
    const { stdout, stderr } = await isochron(['doctor', at('host.pcap')])
    expect(stdout + stderr).not.toMatch(/\d{13,}/)
  })

  const refused = [
    {
      name: 'a live host without --probe',
      argv: ['127.0.0.1:8583'],
      says: /is a live host.*add --probe if its owner agrees/,
    },
    { name: '--probe of a file', argv: ['some.pcap', '--probe'], says: /--probe: expected HOST:PORT/ },
    { name: '--trace of a file', argv: ['some.pcap', '--trace'], says: /--trace: only together with --probe/ },
    { name: 'nothing', argv: [], says: /nothing to look at/ },
    { name: 'a port that is none', argv: ['--port', '0'], says: /--port: expected a whole number/ },
  ]
  for (const { name, argv, says } of refused) {
    test(`refuses ${name}`, async () => {
      const { code, stderr } = await isochron(['doctor', ...argv])
      expect(code).toBe(2)
      expect(stderr).toMatch(says)
    })
  }

  test('refuses a port without data by its number', async () => {
    const { code, stderr } = await isochron(['doctor', at('host.pcap'), '--port', '99'])
    expect(code).toBe(2)
    expect(stderr).toContain('no TCP data to port 99')
  })
})

describe('diff', () => {
  const flags = ['--dialect', 'cup-pos', '--framing', 'bcd2']
  const [, , sale, , otherSale] = requests.map((bytes) => bytes.toString('hex'))

  test('of equal messages exits 0', async () => {
    expect(await isochron(['diff', sale as string, sale as string, ...flags])).toMatchObject({
      code: 0,
      stdout: '',
      stderr: 'no difference\n',
    })
  })

  test('of others exits 3 and names the fields', async () => {
    const { code, stdout, stderr } = await isochron(['diff', sale as string, otherSale as string, ...flags])
    expect(code).toBe(3)
    expect(stdout).toMatch(/^11 +systemTraceAuditNumber +000003 +000005$/m)
    expect(stderr).toBe('1 difference\n')
  })

  test('takes files and JSON, and gives JSON', async () => {
    const { code, stdout } = await isochron(
      ['diff', '-', sale as string, '--json', ...flags],
      JSON.stringify({ mti: '0200', fields: { '2': '6225880000000019' } }),
    )
    expect(code).toBe(3)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toContainEqual({
      message: 1,
      path: '2',
      name: 'primaryAccountNumber',
      kind: 'changed',
      first: '622588******0019',
      second: '622588******0001',
      isHidden: false,
    })
    expect(stdout).not.toMatch(/\d{16}/)
  })

  test('compares the messages of two files one by one', async () => {
    expect(await isochron(['diff', at('messages.hex'), at('messages.hex'), ...flags])).toMatchObject({ code: 0 })
    const { code, stderr } = await isochron(['diff', at('messages.hex'), sale as string, ...flags])
    expect(code).toBe(2)
    expect(stderr).toContain('holds 5 messages')
  })

  test('says where a message cannot be read', async () => {
    const { code, stderr } = await isochron(['diff', (sale as string).slice(0, -8), sale as string, ...flags])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^the hex given: .*isochron doctor guesses it/)
  })
})

describe('doctor --probe', () => {
  /** The doctor's words on an acquirer of ours with these flags. */
  async function probed(flags: readonly string[], looking: readonly string[] = []) {
    let said = { code: -1, stdout: '', stderr: '' }
    await isochron(['acquirer', '--listen', '127.0.0.1:0', ...flags], '', async (served) => {
      const address = await served.said(/listening on (\S+),/)
      said = await isochron(['doctor', '--probe', '--timeout', '2s', address, ...looking])
    })
    return said
  }

  test.each(['binary2', 'ascii4'])('finds our own iso87-ascii with framing %s', async (framing) => {
    const { code, stdout } = await probed(['--dialect', 'iso87-ascii', '--framing', framing])
    expect(code).toBe(0)
    expect(stdout).toContain(`speaks dialect iso87-ascii with framing ${framing}`)
  })

  test('shows and writes down each message, whatever dialect it is of', async () => {
    const looking = ['--trace', '--record', at('probe.jsonl'), '--pcap', at('probe.pcap'), '--unmasked']
    const served = ['--dialect', 'iso87-ascii', '--framing', 'ascii4']
    const { stderr } = await probed(served, ['--dialect', 'iso87-ascii', ...looking])
    expect(stderr).toMatch(
      /#1 connected: [\s\S]*#1 -> 0800, [\s\S]*#1 closed: [\s\S]*#2 connected: [\s\S]*#2 <- 0810, .* answers after/,
    )
    expect(stderr).not.toContain('not complete')
    const lines = (await readFile(at('probe.jsonl'), 'utf8')).trimEnd().split('\n')
    const heads = lines.map((line) => JSON.parse(line)).filter(({ recording }) => recording !== undefined)
    expect(heads.map(({ dialect, framing }) => [dialect, framing])).toEqual([
      ['iso87-ascii', 'binary2'],
      ['iso87-ascii', 'ascii4'],
    ])
    expect(evidenceOf(await readFile(at('probe.pcap')), 'probe')).not.toEqual([])
  })

  test('without --tls tells a host that speaks TLS, and what to do', async () => {
    const { server } = makeCertificates()
    await writeFile(at('server.crt'), server.cert)
    await writeFile(at('server.key'), server.key, { mode: 0o600 })
    const { code, stdout } = await probed(['--tls', '--cert', at('server.crt'), '--key', at('server.key')])
    expect(code).toBe(3)
    expect(stdout).toMatch(/It speaks TLS. next: isochron doctor 127\.0\.0\.1:\d+ --probe --tls --ca FILE/)
  })
})
