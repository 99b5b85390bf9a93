// The server in virtual time: exact instants, the same course every time.

import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'
import { usualPeerLimits } from '../../src/transport/server/peer-options.js'
import { type Replier, startServer } from '../../src/transport/server/server.js'
import { client as createTestClient, framed, request, wire } from './conversation.js'

import { answerAfter, host, world } from './simulated-world.js'

describe('a server', () => {
  test('answers later, and safely when the peer is gone', async () => {
    const repliers: Replier[] = []
    const { clock, network, client } = await world({ server: { onRequest: (_, replier) => repliers.push(replier) } })
    client.send(request('000001'))
    clock.run(50)
    network.cutAll()
    expect(repliers[0]?.connection.isOpen).toBe(false)
    expect(repliers[0]?.reply(10, (_, at) => at)).toBe(false)
  })

  test('turns away more than its share of connections', async () => {
    const rejected: string[] = []
    const { clock, network, server } = await world({
      server: {
        peers: { ...usualPeerLimits, connections: 2, message: Number.POSITIVE_INFINITY },
        onRejected: (_, why) => rejected.push(why),
      },
    })
    const clients = [1, 2, 3].map(() => createTestClient(network, host, clock))
    for (const one of clients) one.connect()
    clock.run()
    expect(clients.map(({ state }) => state)).toEqual(['up', 'up', 'closed'])
    expect([server.connections, rejected]).toEqual([2, ['too many connections']])
  })

  test('cuts off a peer that never reads when its answers reach the limit, and no other', async () => {
    const clock = createVirtualClock()
    const network = createSimulatedNetwork({ clock, windowBytes: 2000 })
    const gone: string[] = []
    const server = await startServer({
      network,
      address: host,
      wire,
      clock,
      maxUnsentBytes: 5000,
      onRequest: (received, replier) => {
        for (let delay = 0; delay < 400; delay++) answerAfter(clock, () => delay)(received, replier)
      },
      onDisconnect: (_, reason) => gone.push(`${reason}@${clock.now()}`),
    })
    const deaf = network.connect(
      host,
      {
        onOpen: () => {
          deaf.pause()
          deaf.write(framed('020011=000009;41=T9;'))
        },
        onData: () => {},
        onClose: () => {},
      },
      { connectTimeoutMs: 100 },
    )
    const neighbour = createTestClient(network, host, clock)
    const sale = request('000001')
    neighbour.send(sale)
    clock.run(1000)
    // 39 bytes an answer: 52 fill the window of 2000 bytes, and 129 more the limit of 5000.
    expect(gone).toEqual(['neverReads@180'])
    expect(sale.events).toEqual(['written@0', 'answer 00@0'])
    expect([server.connections, neighbour.state]).toEqual([1, 'up'])
  })

  test('gives a half-closed peer the answers that it waits for, then ends', async () => {
    const clock = createVirtualClock()
    const network = createSimulatedNetwork({ clock })
    await startServer({ network, address: host, wire, clock, onRequest: answerAfter(clock, () => 50) })
    const heard: string[] = []
    const link = network.connect(
      host,
      {
        onOpen: () => {
          link.write(framed('020011=000001;41=T1;'))
          link.end()
        },
        onData: (data) => heard.push(`${data.length} bytes@${clock.now()}`),
        onClose: (reason) => heard.push(`${reason}@${clock.now()}`),
      },
      { connectTimeoutMs: 100 },
    )
    clock.run(1000)
    expect(heard).toEqual(['39 bytes@50', 'local@50'])
  })

  test('closes by letting answers out first, and resolves when all are gone', async () => {
    const clock = createVirtualClock()
    const network = createSimulatedNetwork({ clock })
    const server = await startServer({ network, address: host, wire, clock, onRequest: answerAfter(clock, () => 50) })
    const client = createTestClient(network, host, clock)
    const sale = request('000001')
    client.send(sale)
    clock.run(10)
    const closing = server.close()
    expect(server.close()).toBe(closing)
    await Promise.resolve()
    clock.run()
    await closing
    expect(sale.events).toEqual(['written@0', 'answer 00@50'])
    expect([server.connections, client.state]).toEqual([0, 'closed'])
  })
})
