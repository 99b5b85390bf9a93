// Connections that one side accepts and another serves: limits over all of them, and TLS where they are served.

import net from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { realClock } from '../../src/base/clock.js'
import {
  createHandedNetwork,
  type HandedIn,
  type HandedSocket,
  type HandOver,
  startHandOver,
} from '../../src/transport/network/handed-network.js'
import { createTcpNetwork, type TlsOptions } from '../../src/transport/network/tcp-network.js'
import { startServer } from '../../src/transport/server/server.js'
import { makeCertificates } from './certificates.js'
import { answer, client as createTestClient, here, request, wire } from './conversation.js'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** One who accepts, and one server for what it hands over. */
async function handingOver(limits: { maxConnections?: number; maxPerAddress?: number } = {}, serverTls?: TlsOptions) {
  const rejected: string[] = []
  let take: ((socket: HandedSocket) => void) | undefined
  const handed: HandedIn = {
    listen(_, takeUp) {
      take = takeUp
      return () => {
        take = undefined
      }
    },
  }
  const door: HandOver = await startHandOver({
    ...{ address: here, ...limits },
    give(socket, id) {
      if (take === undefined) return false
      socket.once('close', () => door.ended(id))
      take(socket)
      return true
    },
    onRejected: (_, why, kind) => rejected.push(`${kind}: ${why}`),
  })
  cleanUps.push(() => door.close())
  const server = await startServer({
    network: createHandedNetwork(handed, serverTls === undefined ? {} : { tls: serverTls }),
    address: door.address,
    wire,
    clock: realClock,
    onRequest: (received, replier) => void answer(received, replier),
  })
  cleanUps.push(() => server.close(0))
  return { door, server, rejected }
}

async function exchange(door: HandOver, clientTls?: TlsOptions): Promise<unknown> {
  const network = createTcpNetwork(clientTls === undefined ? {} : { tls: clientTls })
  const client = createTestClient(network, door.address, realClock, {})
  const sale = request('000001')
  client.send(sale)
  const end = await sale.end
  await client.close(0)
  return end
}

/** One that is turned away may be reset before it is connected. */
function connect(door: HandOver): { readonly socket: net.Socket; readonly closed: Promise<unknown> } {
  const socket = net.connect(door.address.port, door.address.host)
  socket.on('error', () => {}).resume()
  cleanUps.push(() => socket.destroy())
  return { socket, closed: new Promise((resolve) => socket.once('close', resolve)) }
}

async function letIn(door: HandOver): Promise<net.Socket> {
  const { socket } = connect(door)
  await new Promise((resolve) => socket.once('connect', resolve))
  while (door.connections === 0) await new Promise((resolve) => setImmediate(resolve))
  return socket
}

test('an exchange over a connection that was handed over, plain and over TLS', async () => {
  expect(await exchange((await handingOver()).door)).toBe('answer 00')
  const { ca, server } = makeCertificates()
  expect(await exchange((await handingOver({}, server)).door, { ca })).toBe('answer 00')
})

test('limits are those of all who serve, and a place is free again when a connection has ended', async () => {
  const { door, rejected } = await handingOver({ maxConnections: 1 })
  const first = await letIn(door)
  await connect(door).closed
  expect(rejected).toEqual(['connections: too many connections'])
  expect(door.connections).toBe(1)
  first.destroy()
  while (door.connections > 0) await new Promise((resolve) => setImmediate(resolve))
  expect(await exchange(door)).toBe('answer 00')
})

test('an address has no more connections than it may, and nobody is let in when nobody serves', async () => {
  const { door, server, rejected } = await handingOver({ maxPerAddress: 1 })
  await letIn(door)
  await connect(door).closed
  expect(rejected).toEqual(['perAddress: this address has 1 connection already'])
  const other = await handingOver()
  await other.server.close(0)
  await connect(other.door).closed
  expect(server.connections).toBe(1)
})
