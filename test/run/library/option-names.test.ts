// A program has options, not flags: what goes wrong names them.

import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { StartError, sendMessage, startAcquirer, startProxy } from '../../../src/index.js'
import { inOptions, proxyOptionNames } from '../../../src/run/library/option-names.js'

test.each([
  ['name another with --journal', 'name another with `journal`'],
  ['give --cert FILE and --key FILE', 'give `tls.cert` and `tls.key`'],
  ['say --journal-stale replay', 'say `journalStale` replay'],
  [
    'the length bytes are ASCII digits: try --framing ascii4',
    'the length bytes are ASCII digits: try `framing` ascii4',
  ],
  ['a flag that no option stands for: --with all', 'a flag that no option stands for: --with all'],
  ['2026--11', '2026--11'],
])('%s', (line, said) => expect(inOptions(line)).toBe(said))

test('a proxy has TLS on two sides', () =>
  expect(inOptions('--ca FILE, --cert FILE', proxyOptionNames)).toBe('`upstreamTls.ca`, `clientTls.cert`'))

test('errors and troubles of a host, and the reason why there was no answer', async () => {
  const troubles: string[] = []
  await using host = await startAcquirer({ dialect: 'iso87-ascii', onTrouble: (line) => troubles.push(line) })
  const message = { mti: '0800', fields: { '11': '000001', '70': '301' } }
  const dialect = 'iso87-ascii'
  await sendMessage({ dialect, framing: 'ascii4', target: host, message, timeoutMs: 300 })
  expect(troubles.join()).toContain('try `framing` ascii4')
  const server = createServer((socket) => socket.on('data', () => socket.write('0026081000')))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const sent = await sendMessage({ dialect, target: { host: '127.0.0.1', port }, message, timeoutMs: 300 })
  expect(sent).toMatchObject({ kind: 'noAnswer', reason: expect.stringContaining('try `framing` ascii4') })
  server.close()
  await expect(startAcquirer({ tls: {} })).rejects.toThrow(/`tls\.cert`/)
  await expect(startAcquirer({ listen: host.address })).rejects.toBeInstanceOf(StartError)
  await expect(startProxy({ listen: host.address, upstream: host.address })).rejects.toThrow(/^`?upstream/)
})
