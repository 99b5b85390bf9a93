// A request that the network sends back: BASE I puts a reject header with a code before the message.

import { createServer, type Server } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { realClock } from '../../../src/base/clock.js'
import { framingNamed } from '../../../src/framing/framings.js'
import { createTcpNetwork } from '../../../src/transport/network/tcp-network.js'
import { createWire } from '../../../src/transport/wire/wire.js'
import { client as createTestClient, here, request } from '../conversation.js'
import { tinyCodec } from '../tiny-codec.js'

const header = '16010200001234560000000000000000000000000000'
const wire = createWire({
  codec: tinyCodec({ header, headerForm: 'base1' }),
  framing: framingNamed('vap'),
})
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** Listens, and sends each request back behind a reject header, with its STAN changed by `change`. */
async function networkThatRejects(change: (stan: string) => string): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (bytes) => {
      const message = bytes.subarray(4)
      const stan = /11=(\d+)/.exec(message.toString('latin1'))?.[1] ?? ''
      const own = Buffer.from(message.toString('latin1').replace(stan, change(stan)), 'latin1')
      const rejection = Buffer.from(`1A81${header.slice(4)}80000540`, 'hex')
      const length = rejection.length + own.length
      socket.write(Buffer.concat([Buffer.from([length >> 8, length & 0xff, 0, 0]), rejection, own]))
    })
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, here.host, resolve))
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function sale(change: (stan: string) => string, timeoutMs: number) {
  const unmatched: string[] = []
  const port = await networkThatRejects(change)
  const client = createTestClient(createTcpNetwork(), { ...here, port }, realClock, {
    wire,
    onUnmatched: (_, explanation) => unmatched.push(explanation),
  })
  const sent = request('000001', { timeoutMs })
  client.send(sent)
  const end = await sent.end
  await client.close()
  return { end, unmatched }
}

test('ends at once, with the code in the reason', async () => {
  const { end, unmatched } = await sale((stan) => stan, 60_000)
  expect(end).toBe('failed the network rejected a message of ours with code 0540 written')
  expect(unmatched).toEqual([])
})

test('that is none in flight is told, and ends nothing', async () => {
  const { end, unmatched } = await sale(() => '000009', 50)
  expect(end).toBe('timeout')
  expect(unmatched).toEqual([expect.stringContaining('rejected a message of ours with code 0540')])
})
