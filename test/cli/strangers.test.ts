// Hosts that are not what was expected: whatever comes is said, and nothing ends the process.

import { connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { compile } from '../../src/codec/compile.js'
import type { Message } from '../../src/codec/message.js'
import { dialectNamed } from '../../src/run/files/read-dialect.js'
import { startLibraryHost } from '../../src/run/library/library-host.js'
import { isochron } from './fake-io.js'

const codec = compile(dialectNamed('iso87-ascii'))
const open: { close(): void }[] = []
afterEach(() => {
  for (const each of open.splice(0)) each.close()
})

/** A host that answers each chunk with what `answer` makes of it; its port. */
async function host(answer: (chunk: Buffer, socket: Socket) => Buffer | undefined): Promise<number> {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      const bytes = answer(chunk, socket)
      if (bytes !== undefined) socket.write(bytes)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push({
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  return (server.address() as { port: number }).port
}

const echo = JSON.stringify({
  mti: '0800',
  fields: { '7': '1126101500', '11': '000123', '41': 'TERM0001', '70': '301' },
})
const answerTo = ({ mti, fields }: Message): Buffer => {
  const kept = Object.entries(fields).filter(([field]) => ['3', '4', '7', '11', '41', '42', '49', '70'].includes(field))
  const answer = { mti: `${mti.slice(0, 2)}10`, fields: { ...Object.fromEntries(kept), '39': '00' } }
  return Buffer.from(codec.pack(answer))
}
const binary2 = (body: Buffer) => Buffer.concat([Buffer.from([body.length >> 8, body.length & 255]), body])
const ascii4 = (body: Buffer) => Buffer.concat([Buffer.from(String(body.length).padStart(4, '0')), body])
/** The messages of one chunk in framing binary2. */
function messagesIn(chunk: Buffer): Message[] {
  const found: Message[] = []
  for (let at = 0; at + 2 <= chunk.length; at += 2 + chunk.readUInt16BE(at))
    found.push(codec.unpack(chunk.subarray(at + 2, at + 2 + chunk.readUInt16BE(at))))
  return found
}
const only = (chunk: Buffer) => answerTo(messagesIn(chunk)[0] as Message)

const send = (port: number, timeout = '20s') =>
  isochron(['send', '--target', `127.0.0.1:${port}`, '--dialect', 'iso87-ascii', '--timeout', timeout], echo)

describe('send says what came instead of an answer from', () => {
  const strangers: readonly [name: string, answer: Parameters<typeof host>[0], says: RegExp][] = [
    [
      'a host with another framing',
      (chunk, socket) => void socket.end(ascii4(only(chunk))),
      /bytes that came .* are ASCII digits: try --framing ascii4/,
    ],
    [
      'a web server',
      (_, socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      /this is HTTP, not ISO 8583: check the port/,
    ],
    [
      'a host that speaks TLS',
      (_, socket) => void socket.end(Buffer.from('15030100020246', 'hex')),
      /this is a TLS alert: try --tls/,
    ],
    [
      'a server for people',
      (_, socket) => void socket.end('ERROR unknown command\r\n'),
      /this is text for people, not ISO 8583: check the port/,
    ],
    [
      'a host that says nothing and closes',
      (_, socket) => void socket.end(),
      /closed the connection without an answer/,
    ],
    [
      'a host with a field of letters',
      (chunk) => binary2(Buffer.from(only(chunk).toString('latin1').replace('000123', '   123'), 'latin1')),
      /the answer cannot be read to its end: field 11 at byte/,
    ],
    [
      'a host that cuts its answer',
      (chunk, socket) => void socket.end(binary2(only(chunk).subarray(0, 40))),
      /cannot be read/,
    ],
  ]
  for (const [name, answer, says] of strangers) {
    test(name, async () => {
      const { stderr, code } = await send(await host(answer))
      expect(stderr).toMatch(says)
      expect(code).toBe(3)
    })
  }
})

test('send says how long it heard nothing of a silent host', async () => {
  const { stderr, code } = await send(await host(() => undefined), '1s')
  expect([code, stderr]).toEqual([3, expect.stringContaining('no answer within 1')])
})

test('send takes a dump of a conversation: the requests go out as they are, their answers do not', async () => {
  const heard: string[] = []
  const port = await host((chunk) => {
    for (const { mti, fields } of messagesIn(chunk)) heard.push(`${mti} ${fields['11']}`)
    return binary2(only(chunk))
  })
  const request = (stan: string) => ({ mti: '0800', fields: { '7': '1126101500', '11': stan, '70': '301' } })
  const messages = [request('000001'), { ...request('000001'), mti: '0810' }, request('000002')]
  const lines = messages.map((message) => Buffer.from(codec.pack(message)).toString('hex')).join('\n')
  const flags = ['--dialect', 'iso87-ascii', '--expect', '39=00']
  const { stdout, stderr, code } = await isochron(['send', '--target', `127.0.0.1:${port}`, ...flags], lines)
  expect(heard).toEqual(['0800 000001', '0800 000002'])
  expect(stderr).toMatch(/^stdin: not sent, since a host answers nothing to answers: 1 of 3 messages$/m)
  expect(stdout.match(/"39": "00"/g)).toHaveLength(2)
  expect(code).toBe(0)
})

describe('terminal', () => {
  const shared = ['--connections', '2', '--in-flight', '8']
  const load = ['--rate', '20/s', '--duration', '300ms', '--mix', 'sale=1']
  const flags = ['--dialect', 'iso87-ascii', ...load, '--quiet', '--allow-saturated']
  const run = (port: number, connections = shared, timeout = '20s') =>
    isochron(['terminal', '--target', `127.0.0.1:${port}`, ...connections, '--timeout', timeout, ...flags])
  const each = (chunk: Buffer, write: (message: Message) => Buffer) => Buffer.concat(messagesIn(chunk).map(write))

  test('says what came at the sign-on, and not that nothing did', async () => {
    const { stderr, code } = await run(await host((chunk) => ascii4(only(chunk))), shared, '600ms')
    expect(stderr).toMatch(/no terminal could sign on at .*, though something came: .*try --framing ascii4/)
    expect(code).toBe(5)
  })

  test('names the framing of answers that it cannot read as the cause', async () => {
    const port = await host((chunk) =>
      Buffer.concat(messagesIn(chunk).map((message) => (message.mti === '0200' ? ascii4 : binary2)(answerTo(message)))),
    )
    const { stdout } = await run(port, shared, '600ms')
    expect(stdout).toMatch(/^terminal-setup: the answer could not be used/m)
    expect(stdout).toMatch(/^unmatched answers: .*try --framing ascii4/m)
    expect(stdout).not.toContain('host-down')
  })

  test('takes no approval of another amount for an approval', async () => {
    const other = (message: Message) =>
      answerTo(message.mti === '0200' ? { ...message, fields: { ...message.fields, '4': '000000000001' } } : message)
    const { stdout } = await run(await host((chunk) => each(chunk, (message) => binary2(other(message)))))
    expect(stdout).toMatch(/^offered 6 +approved 0 /m)
  })

  test('signs on one by one where the answer names neither terminal nor time, and says so', async () => {
    const bare = ({ mti, fields }: Message) =>
      answerTo(mti === '0200' ? { mti, fields } : { mti, fields: { '11': fields['11'] ?? '' } })
    const port = await host((chunk) => each(chunk, (message) => binary2(bare(message))))
    expect((await run(port, shared, '600ms')).stderr).toMatch(
      /though something came: .* more than one fits \(.*--in-flight 1/,
    )
    const { stdout, stderr } = await run(port, ['--connections', '2', '--in-flight', '1'])
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^offered 6 +approved 6 /m)
  })

  test('takes an answer that comes twice once, and counts the other', async () => {
    const twice = (message: Message) => Buffer.concat([binary2(answerTo(message)), binary2(answerTo(message))])
    const { stdout, code } = await run(await host((chunk) => each(chunk, twice)))
    expect(stdout).toMatch(/^offered 6 +approved 6 /m)
    expect(stdout).toMatch(/^unmatched answers: 6 /m)
    expect(code).toBe(0)
  })

  test('is answered by a host that closes behind each answer', async () => {
    const port = await host((chunk, socket) => void socket.end(binary2(only(chunk))))
    const { stdout, code } = await run(port, ['--connections', 'per-transaction'])
    expect(stdout).toMatch(/^offered 6 +approved 6 /m)
    expect(code).toBe(0)
  })
})

test('an acquirer says at once which message it cannot read, and where a message begins in it', async () => {
  const lines: string[] = []
  await using acquirer = await startLibraryHost({ dialect: 'iso87-ascii', onTrouble: (line) => lines.push(line) })
  const socket = connect(acquirer.port, acquirer.host)
  const message = Buffer.from(codec.pack(JSON.parse(echo)))
  socket.write(Buffer.concat([binary2(binary2(message)), binary2(message)]))
  await acquirer.next({ mti: '0800' })
  socket.destroy()
  expect(lines).toEqual([expect.stringMatching(/cannot be read as iso87-ascii: .*the length stands twice/)])
})
