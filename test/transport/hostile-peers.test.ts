// Peers that cost a server as much as they can: each is bounded, cut off or turned away, counted, and hurts nobody else.

import net from 'node:net'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { realClock } from '../../src/base/clock.js'
import { createTcpNetwork } from '../../src/transport/network/tcp-network.js'
import { messagesPerTurn } from '../../src/transport/server/inbox.js'
import { type PeerLimits, usualPeerLimits } from '../../src/transport/server/peer-options.js'
import { type ServerOptions, startServer } from '../../src/transport/server/server.js'
import { type Certificates, makeCertificates } from './certificates.js'
import { answer, framed, here, wire } from './conversation.js'

let certificates: Certificates
beforeAll(() => {
  certificates = makeCertificates()
})
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function serve(peers: Partial<PeerLimits> = {}, options: Partial<ServerOptions> & { tls?: boolean } = {}) {
  const said: string[] = []
  const { tls = false, ...more } = options
  const server = await startServer({
    network: createTcpNetwork(tls ? { tls: certificates.server } : {}),
    address: here,
    wire,
    clock: realClock,
    peers: { ...usualPeerLimits, ...peers },
    onRequest: (received, replier) => void answer(received, replier),
    onRejected: (_, why) => said.push(why),
    ...more,
  })
  cleanUps.push(() => server.close(0))
  return { server, said, port: server.address.port }
}

function stranger(port: number): Promise<net.Socket> {
  const socket = net.connect({ host: '127.0.0.1', port })
  socket.on('error', () => {})
  cleanUps.push(() => socket.destroy())
  return new Promise((resolve) => {
    for (const event of ['connect', 'close']) socket.once(event, () => resolve(socket))
  })
}

const gone = (socket: net.Socket) => {
  socket.resume()
  if (socket.closed) return Promise.resolve()
  return new Promise<void>((resolve) => socket.once('close', () => resolve()))
}
const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise<void>((resolve) => realClock.after(2, resolve))
}

test('a TLS handshake that never begins, or ends at once, leaves no socket behind', async () => {
  const { server, said, port } = await serve({ handshake: 150 }, { tls: true })
  const sockets = await Promise.all(Array.from({ length: 10 }, () => stranger(port)))
  const all = sockets.map(gone)
  for (const socket of sockets.slice(0, 5)) socket.end()
  for (const socket of sockets.slice(5)) socket.write('\u0016')
  await until(() => server.turnedAway().handshake === 10)
  for (const socket of sockets) socket.end()
  await Promise.all(all)
  expect(said.filter((why) => why.includes('ERR_TLS_HANDSHAKE_TIMEOUT'))).toHaveLength(5)
  expect(said.filter((why) => why.includes('ECONNRESET'))).toHaveLength(5)
})

test('a handshake that dribbles is cut at its deadline, and only so many are under way', async () => {
  const { server, port } = await serve({ handshake: 200, handshakes: 1 }, { tls: true })
  const slow = await stranger(port)
  const over = gone(slow)
  slow.write(Buffer.from('160301', 'hex'))
  await until(() => server.turnedAway().handshakes === 0)
  const second = await stranger(port)
  await gone(second)
  await over
  expect(server.turnedAway()).toMatchObject({ handshake: 1, handshakes: 1 })
})

test('an address has only so many connections', async () => {
  const { server, said, port } = await serve({ perAddress: 2 })
  const first = await stranger(port)
  await stranger(port)
  await gone(await stranger(port))
  expect(said).toEqual(['this address has 2 connections already'])
  first.end()
  await until(() => server.connections === 1)
  await stranger(port)
  await until(() => server.connections === 2)
  expect(server.turnedAway().perAddress).toBe(1)
})

test('a message whose rest does not come, and a peer that says nothing, are cut off', async () => {
  const { server, said, port } = await serve({ message: 100, idle: 300 })
  const slow = await stranger(port)
  slow.write(framed('020011=000001;41=T1;').subarray(0, 5))
  const idle = await stranger(port)
  await Promise.all([gone(slow), gone(idle)])
  await until(() => server.turnedAway().idle === 1)
  expect(server.turnedAway()).toMatchObject({ slowMessage: 1, idle: 1 })
  expect(said).toEqual(['the rest of a message has not come within 100 ms', 'no message for 300 ms'])
})

test('a flood in one connection is answered in full, a share in each turn', async () => {
  let inTurn = 0
  let most = 0
  const { port } = await serve(
    {},
    {
      onRequest: (received, replier) => {
        if (inTurn++ === 0) {
          realClock.precisely(0, () => {
            inTurn = 0
          })
        }
        most = Math.max(most, inTurn)
        answer(received, replier)
      },
    },
  )
  const count = 5000
  const frame = framed('020011=000001;41=T1;')
  const flood = await stranger(port)
  let bytes = 0
  const answered = new Promise<void>((resolve) => {
    flood.on('data', (data: Buffer) => {
      bytes += data.length
      if (bytes >= count * (frame.length + 6)) resolve()
    })
  })
  flood.end(Buffer.concat(Array.from({ length: count }, () => frame)))
  await answered
  expect(bytes).toBe(count * (frame.length + 6))
  // A turn of the test's own count may hold the end of one share and the beginning of the next.
  expect(most).toBeLessThanOrEqual(2 * messagesPerTurn.most)
})

test('a rate for an address holds back what is above, and loses nothing', async () => {
  const { port } = await serve({ rate: 1000 })
  const count = 300
  const frame = framed('020011=000001;41=T1;')
  const flood = await stranger(port)
  const began = realClock.now()
  let bytes = 0
  const answered = new Promise<void>((resolve) => {
    flood.on('data', (data: Buffer) => {
      bytes += data.length
      if (bytes >= count * (frame.length + 6)) resolve()
    })
  })
  flood.write(Buffer.concat(Array.from({ length: count }, () => frame)))
  await answered
  // 100 at once, 200 more at 1000/s.
  expect(realClock.now() - began).toBeGreaterThan(180)
})

test('closing holds its deadline with a peer that floods', async () => {
  const { server, port } = await serve()
  const flood = await stranger(port)
  const frames = Buffer.concat(Array.from({ length: 2000 }, () => framed('020011=000001;41=T1;')))
  const more = () => {
    while (!flood.destroyed && flood.write(frames));
  }
  flood.on('drain', more)
  flood.resume()
  more()
  await until(() => server.connections === 1)
  await server.close(100)
  expect(server.connections).toBe(0)
})
