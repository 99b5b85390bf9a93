// Client and server in virtual time: what must happen when, to the millisecond.

import { describe, expect, test } from 'vitest'
import { createVirtualClock } from '../../src/base/virtual-clock.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'
import { startServer } from '../../src/transport/server/server.js'
import { answer, client as createTestClient, request, wire } from './conversation.js'

import { answerAfter, host, world } from './simulated-world.js'

describe('an exchange', () => {
  test('waits for the connection, and is answered a round trip after it left', async () => {
    const { clock, send, events } = await world()
    const sale = send(request('000001'))
    clock.run()
    expect(events).toEqual(['connected in 20@20', 'up@20'])
    expect(sale.events).toEqual(['written@20', 'answer 00@40'])
  })

  test('times out from the moment it was written; its late answer is told from one that fits nothing', async () => {
    const clock = createVirtualClock()
    const network = createSimulatedNetwork({ clock })
    const notes: string[] = []
    await startServer({
      network,
      address: host,
      wire,
      clock,
      onRequest: answerAfter(clock, (stan) => (stan === '000001' ? 500 : 1)),
    })
    const client = createTestClient(network, host, clock, {
      onLate: ({ peek }, at) => notes.push(`late ${peek?.text(11)}@${at}`),
      onUnmatched: (_, explanation) => notes.push(explanation),
    })
    const slow = request('000001', { timeoutMs: 100 })
    const quick = request('000002', { timeoutMs: 100 })
    client.send(slow)
    client.send(quick)
    clock.run()
    expect(slow.events).toEqual(['written@0', 'timeout@100'])
    expect(quick.events).toEqual(['written@0', 'answer 00@1'])
    expect(notes).toEqual(['late 000001@500'])
  })

  test('with a key that is in flight already is refused, and the first one lives', async () => {
    const { clock, send } = await world()
    const first = send(request('000001'))
    const second = send(request('000001'))
    clock.run()
    expect(first.events).toEqual(['written@20', 'answer 00@40'])
    expect(second.events).toEqual(['failed duplicate key@20'])
  })

  test('is not sent after its time: no connection', async () => {
    const { clock, network, send } = await world()
    network.setConnects('silent')
    const sale = send(request('000001', { sendBefore: 300 }))
    clock.run(500)
    expect(sale.events).toEqual(['unsent not connected (peer)@300'])
  })

  test('is not sent after its time: it came too late, which is our own fault', async () => {
    const { clock, send } = await world()
    send(request('000001'))
    clock.run(100)
    const late = send(request('000002', { sendBefore: 99 }))
    clock.run(101)
    expect(late.events).toEqual(['unsent too late@100'])
  })

  test('is not sent after its time: too many in flight', async () => {
    const { clock, send } = await world({ server: { onRequest: () => {} }, client: { maxInFlight: 1 } })
    const first = send(request('000001', { timeoutMs: 1000 }))
    const second = send(request('000002', { sendBefore: 200 }))
    const third = send(request('000003', { sendBefore: 5000, timeoutMs: 50 }))
    clock.run(1200)
    expect(first.events).toEqual(['written@20', 'timeout@1020'])
    expect(second.events).toEqual(['unsent too many in flight (peer)@200'])
    expect(third.events).toEqual(['written@1020', 'timeout@1070'])
  })

  test('is refused when the queue is full', async () => {
    const { clock, network, send } = await world({ client: { maxQueued: 1 } })
    network.setConnects('silent')
    const waits = send(request('000001'))
    const refused = send(request('000002'))
    clock.run(1)
    expect(waits.events).toEqual([])
    expect(refused.events).toEqual(['unsent queue full (peer)@0'])
  })

  test('that cannot be written fails alone', async () => {
    const { clock, send } = await world()
    const bad = {
      ...request('000001'),
      write: () => {
        throw new Error('field 11 does not fit')
      },
    }
    const good = request('000002')
    send(bad)
    send(good)
    clock.run()
    expect(bad.events).toEqual(['failed field 11 does not fit@20'])
    expect(good.events).toEqual(['written@20', 'answer 00@40'])
  })

  test('can go ahead of those that wait', async () => {
    const order: string[] = []
    const { clock, client } = await world({ server: { onRequest: ({ peek }) => order.push(peek?.text(11) ?? '') } })
    client.send(request('000001'))
    client.send(request('000002'), { first: true })
    clock.run(100)
    expect(order).toEqual(['000002', '000001'])
  })

  test('answered without STAN and terminal matches when it is the only one', async () => {
    const { clock, send } = await world({
      server: { onRequest: (received, replier) => void answer(received, replier, '00', []) },
    })
    const echo = send(request('000001', { mti: '0820' }))
    clock.run()
    expect(echo.events).toEqual(['written@20', 'answer 00@40'])
  })
})

describe('a connection', () => {
  test('that is refused fails what waited, backs off and tries again', async () => {
    const { clock, network, send, events } = await world()
    network.setConnects('refuse')
    const early = send(request('000001'))
    clock.run(50)
    const during = send(request('000002'))
    network.setConnects('accept')
    clock.run()
    expect(early.events).toEqual(['failed ECONNREFUSED@20'])
    expect(during.events).toEqual(['written@140', 'answer 00@160'])
    expect(events).toEqual(['down refused@20', 'connected in 20@140', 'up@140'])
  })

  test('that is never answered gives up after the connect timeout', async () => {
    const { clock, network, send } = await world()
    network.setConnects('silent')
    const sale = send(request('000001'))
    clock.run(1001)
    expect(sale.events).toEqual(['failed connectTimeout@1000'])
  })

  test('backs off further each time, until an answer shows that the host is well', async () => {
    const { clock, network, send, events } = await world()
    send(request('000001'))
    network.setConnects('refuse')
    clock.run(1999)
    expect(events).toEqual([
      'down refused@20',
      'down refused@140',
      'down refused@360',
      'down refused@780',
      'down refused@1200',
      'down refused@1620',
    ])
    network.setConnects('accept')
    clock.run(2100)
    const sale = send(request('000002'))
    clock.run(2200)
    expect(sale.events.length).toBe(2)
    network.setConnects('refuse')
    network.cutAll()
    clock.run(2400)
    expect(events.slice(-2)).toEqual(['down reset@2200', 'down refused@2320'])
  })

  test('that is cut fails what is in flight, keeps what waits and comes back', async () => {
    const { clock, network, send, events } = await world({
      server: { onRequest: () => {} },
      client: { maxInFlight: 1 },
    })
    const sent = send(request('000001'))
    const waits = send(request('000002', { timeoutMs: 5 }))
    clock.run(30)
    network.cutAll()
    clock.run()
    expect(sent.events).toEqual(['written@20', 'failed ECONNRESET written@30'])
    expect(waits.events).toEqual(['written@150', 'timeout@155'])
    expect(events).toEqual(['connected in 20@20', 'up@20', 'down reset@30', 'connected in 20@150', 'up@150'])
  })

  test('for one conversation is not dialled again', async () => {
    const clock = createVirtualClock()
    const network = createSimulatedNetwork({ clock })
    const client = createTestClient(network, host, clock)
    const first = request('000001')
    client.send(first)
    clock.run(10)
    const second = request('000002')
    client.send(second)
    clock.run(20)
    expect(client.state).toBe('closed')
    expect([first.events, second.events]).toEqual([['failed ECONNREFUSED@0'], ['failed closed@10']])
  })

  test('whose peer does not read holds requests back, and goes on when it reads again', async () => {
    const { clock, client, send } = await world({ windowBytes: 100, server: { maxUnsentBytes: 1_000_000 } })
    client.connect()
    clock.run()
    const sales = Array.from({ length: 20 }, (_, index) =>
      request(String(index).padStart(6, '0'), { sendBefore: clock.now() + 15 }),
    )
    for (const sale of sales.slice(0, 5)) send(sale)
    clock.run(clock.now() + 1)
    for (const sale of sales.slice(5)) send(sale)
    expect(client.inFlight).toBe(5)
    expect(client.queued).toBe(15)
    clock.run()
    expect(sales.map(({ events }) => events.at(-1)?.replace(/@.*/, ''))).toEqual(Array(20).fill('answer 00'))
  })

  test('leaves all requests of one turn in one write', async () => {
    const { clock, network, client, send } = await world()
    const writes: number[] = []
    const counting = {
      ...network,
      connect: (...[address, handlers, options]: Parameters<typeof network.connect>) => {
        const link = network.connect(address, handlers, options)
        const write = link.write.bind(link)
        link.write = (data) => {
          writes.push(data.length)
          return write(data)
        }
        return link
      },
    }
    const other = createTestClient(counting, host, clock)
    for (let index = 0; index < 100; index++) other.send(request(String(index).padStart(6, '0')))
    clock.run()
    expect(writes.length).toBe(1)
    send(request('000001'))
    clock.run()
    expect(client.inFlight).toBe(0)
  })

  test('survives callers that send again from every callback, without nesting', async () => {
    const { clock, client } = await world({ client: { maxInFlight: 10, maxQueued: 100 } })
    let left = 20_000
    let done = 0
    const next = () => {
      if (left-- <= 0) return
      const told = request(String(left).padStart(6, '0'), { sendBefore: clock.now() + 1_000_000 })
      const again = () => {
        done++
        next()
        next()
      }
      client.send({ ...told, onAnswer: again, onUnsent: again, onFailed: again, onTimeout: again })
    }
    next()
    clock.run()
    expect(done).toBe(20_000)
  })
})

describe('closing a client', () => {
  test('waits for answers, takes nothing more and ends the link', async () => {
    const { clock, client, network, send, events } = await world()
    const sale = send(request('000001'))
    clock.run(25)
    let closed = false
    const closing = client.close(1000).then(() => {
      closed = true
    })
    const refused = send(request('000002'))
    expect(client.close()).toBe(client.close())
    clock.run()
    await closing
    expect(closed).toBe(true)
    expect(sale.events).toEqual(['written@20', 'answer 00@40'])
    expect(refused.events).toEqual(['failed closed@25'])
    expect([client.state, network.openLinks, events.at(-1)]).toEqual(['closed', 0, 'down local@40'])
  })

  test('fails what has no answer at its deadline', async () => {
    const { clock, client, send } = await world({ server: { onRequest: () => {} } })
    const sale = send(request('000001'))
    clock.run(100)
    const closing = client.close(200)
    clock.run()
    await closing
    expect(sale.events).toEqual(['written@20', 'failed closed written@300'])
  })

  test('from inside any callback, more than once, is safe', async () => {
    const { clock, client, network } = await world({ client: { onDown: () => void client.close(0) } })
    const close = () => void client.close(0)
    client.send({ ...request('000001'), onAnswer: close })
    client.send({ ...request('000002'), onFailed: close })
    clock.run()
    await client.close()
    expect([client.state, network.openLinks]).toEqual(['closed', 0])
  })

  test('while it waits to reconnect ends at once', async () => {
    const { clock, client, network, send } = await world()
    network.setConnects('refuse')
    send(request('000001'))
    clock.run(30)
    const waits = send(request('000002'))
    await client.close()
    expect(waits.events).toEqual(['failed closed@30'])
    clock.run()
    expect(clock.pending).toBe(0)
  })
})

test('two runs of the same world are the same', async () => {
  const run = async () => {
    const { clock, network, send, events } = await world()
    const sales = Array.from({ length: 50 }, (_, index) => request(String(index).padStart(6, '0')))
    for (const [index, sale] of sales.entries()) clock.after(index * 7, () => send(sale))
    clock.after(100, () => network.cutAll())
    clock.run()
    return [events, ...sales.map((sale) => sale.events)]
  }
  expect(await run()).toEqual(await run())
})
