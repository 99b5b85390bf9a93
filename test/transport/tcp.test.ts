// Client and server over real sockets on port 0: what peers do to each other in the field.

import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { realClock } from '../../src/base/clock.js'
import type { Client, ClientOptions } from '../../src/transport/client/client.js'
import type { Address } from '../../src/transport/network/link.js'
import { createTcpNetwork } from '../../src/transport/network/tcp-network.js'
import { usualPeerLimits } from '../../src/transport/server/peer-options.js'
import { type Server, type ServerOptions, startServer } from '../../src/transport/server/server.js'
import { answer, asciiWire, client as createTestClient, framed, here, request, wire } from './conversation.js'

const network = createTcpNetwork()
const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function server(options: Partial<ServerOptions> = {}): Promise<Server> {
  const started = await startServer({
    network,
    address: here,
    wire,
    clock: realClock,
    onRequest: (received, replier) => void answer(received, replier),
    ...options,
  })
  cleanUps.push(() => started.close(0))
  return started
}

function client(address: Address, options: Partial<ClientOptions> = {}): Client {
  const made = createTestClient(network, address, realClock, options)
  cleanUps.push(() => made.close(0))
  return made
}

/** A peer that is none of ours. */
async function stranger(address: Address): Promise<net.Socket> {
  const socket = net.connect(address)
  socket.on('error', () => {})
  cleanUps.push(() => socket.destroy())
  await new Promise((resolve) => socket.once('connect', resolve))
  return socket
}

/** A host that is none of ours. */
async function strangeHost(onSocket: (socket: net.Socket) => void): Promise<Address> {
  const sockets = new Set<net.Socket>()
  const host = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('end', () => socket.end())
    onSocket(socket)
  })
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  cleanUps.push(() => {
    for (const socket of sockets) socket.destroy()
    host.close()
  })
  return { host: '127.0.0.1', port: (host.address() as net.AddressInfo).port }
}

const send = (to: Client, told = request('000001')) => {
  to.send(told)
  return told
}

test('a thousand requests over one connection all get their own answers', async () => {
  const { address } = await server()
  const one = client(address)
  const sales = Array.from({ length: 1000 }, (_, index) => send(one, request(String(index).padStart(6, '0'))))
  expect(new Set(await Promise.all(sales.map(({ end }) => end)))).toEqual(new Set(['answer 00']))
})

test('an answer carries the TPDU of the request with its addresses swapped, and its header', async () => {
  const { address } = await server()
  const socket = await stranger(address)
  socket.write(framed('080011=000001;41=T1;'))
  const data = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
  expect(data.subarray(2, 13).toString('hex')).toBe('6000000003603210320072')
  expect(data.subarray(13).toString()).toBe('081011=000001;41=T1;39=00;')
})

describe('a client', () => {
  test('is told when the host refuses', async () => {
    const gone = await server()
    await gone.close()
    const reasons: unknown[] = []
    const sale = send(client(gone.address, { onDown: (...reason) => reasons.push(reason) }))
    expect(await sale.end).toBe('failed ECONNREFUSED')
    expect(reasons).toEqual([['refused', 'ECONNREFUSED']])
  })

  test('is told when the name of the host is not known', async () => {
    const reasons: unknown[] = []
    await send(
      client(
        { host: 'no-such-host.invalid', port: 1 },
        { onDown: (reason) => reasons.push(reason), connectTimeoutMs: 20_000 },
      ),
    ).end
    expect(reasons).toEqual(['unreachable'])
  })

  test('survives a reset and comes back', async () => {
    let resets = 0
    const host = await strangeHost((socket) => {
      if (resets++ === 0) socket.once('data', () => socket.resetAndDestroy())
      else socket.on('data', () => socket.write(framed('021011=000002;41=T1;39=00;')))
    })
    const one = client(host, { reconnect: { fromMs: 1, toMs: 10, jitter: true } })
    expect(await send(one).end).toBe('failed ECONNRESET written')
    expect(await send(one, request('000002')).end).toBe('answer 00')
  })

  test('takes the end of a host that says no more as the end of the connection', async () => {
    const host = await strangeHost((socket) => socket.once('data', () => socket.end()))
    const one = client(host)
    expect(await send(one).end).toBe('failed ended written')
    expect(one.state).toBe('closed')
  })

  test('closes the connection on bytes that are no frame, and says what they look like', async () => {
    const host = await strangeHost((socket) => {
      socket.resume()
      socket.write('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    const details: unknown[] = []
    const onDown = (...reason: unknown[]) => details.push(...reason)
    expect(await send(client(host, { wire: asciiWire, onDown })).end).toBe('failed badFrame written')
    expect(details).toEqual([
      'badFrame',
      'frame at byte 0 of the stream: the length 48545450 is not a number: this is HTTP, not ISO 8583: check the port',
    ])
  })

  test('explains a host that ends inside what would be a frame', async () => {
    const host = await strangeHost((socket) => {
      socket.resume()
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    const details: unknown[] = []
    expect(await send(client(host, { onDown: (_, detail) => details.push(detail) })).end).toMatch(/^failed badFrame/)
    expect(details).toEqual([expect.stringContaining('this is HTTP, not ISO 8583')])
  })

  test('reports a message that it cannot read and waits on', async () => {
    const host = await strangeHost((socket) =>
      socket.once('data', () => {
        socket.write(framed('????'))
        socket.write(framed('020011=000001;41=T1;'))
        socket.write(framed('021011=000009;41=T1;39=00;'))
        socket.write(framed('021011=000001;41=T1;39=05;'))
      }),
    )
    const unmatched: string[] = []
    const sale = send(client(host, { onUnmatched: (_, explanation) => unmatched.push(explanation) }))
    expect(await sale.end).toBe('answer 05')
    expect(unmatched).toEqual([
      'message that cannot be read: not a tiny message',
      'message 0200 is no answer',
      'answer with class 02, DE11 000009, DE41 T1: nearest in flight has class 02, DE11 000001, DE41 T1; there DE11 differs',
    ])
  })

  test('holds back when the host never reads, and calls it the peer that is slow', async () => {
    const host = await strangeHost((socket) => socket.pause())
    const one = client(host)
    const body = `020011=000001;41=T1;60=${'x'.repeat(40_000)};`
    const sales = Array.from({ length: 400 }, (_, index) => {
      const stan = String(index).padStart(6, '0')
      return request(stan, { body: body.replace('000001', stan), sendBefore: realClock.now() + 1500, timeoutMs: 1500 })
    })
    for (const sale of sales) send(one, sale)
    const ends = new Set(await Promise.all(sales.map(({ end }) => end)))
    expect(ends).toEqual(new Set(['timeout', 'unsent peer does not read (peer)']))
    expect(one.state).toBe('up')
  })

  test('closes in order: answers first', async () => {
    const { address } = await server({
      onRequest: (received, replier) => {
        const copy = { ...received, peek: wire.codec.peek(Uint8Array.from(received.body)) }
        realClock.after(30, () => answer(copy, replier))
      },
    })
    const one = client(address)
    const sale = send(one)
    await one.close()
    expect(await sale.end).toBe('answer 00')
  })
})

describe('a server', () => {
  test('closes a connection that sends garbage, says why, and serves the others', async () => {
    const bad: string[] = []
    const { address } = await server({ wire: asciiWire, onBadFrame: (_, error) => bad.push(error.message) })
    const good = client(address, { wire: asciiWire })
    expect(await send(good).end).toBe('answer 00')
    const socket = await stranger(address)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.write(Buffer.alloc(300_000, 0xff))
    await closed
    expect(await send(good, request('000002')).end).toBe('answer 00')
    expect(bad).toEqual(['frame at byte 0 of the stream: the length FFFFFFFF is not a number'])
  })

  test('explains a peer that speaks another framing', async () => {
    const bad: string[] = []
    const ascii = await server({ wire: asciiWire, onBadFrame: (_, error) => bad.push(error.message) })
    const socket = await stranger(ascii.address)
    socket.write(framed('020011=000001;41=T1;'))
    await new Promise((resolve) => socket.once('close', resolve))
    expect(bad).toEqual([
      'frame at byte 0 of the stream: the length 001F6000 is not a number: the bytes 001F are the right length by another framing: try --framing binary2',
    ])
  })

  test('survives peers that reset, half-close or go in the middle of a message', async () => {
    const gone: string[] = []
    const done: (() => void)[] = []
    const { address } = await server({
      onDisconnect: (_, reason) => {
        gone.push(reason)
        done.shift()?.()
      },
    })
    const next = () => new Promise<void>((resolve) => done.push(resolve))

    const resetting = await stranger(address)
    let over = next()
    resetting.write(framed('020011=000001;41=T1;'))
    resetting.once('data', () => resetting.resetAndDestroy())
    await over

    const halfClosing = await stranger(address)
    over = next()
    const heard = new Promise<Buffer>((resolve) => halfClosing.once('data', resolve))
    halfClosing.end(framed('020011=000001;41=T1;'))
    expect((await heard).subarray(13).toString()).toBe('021011=000001;41=T1;39=00;')
    await over

    const cutting = await stranger(address)
    over = next()
    cutting.end(framed('020011=000001;41=T1;').subarray(0, 9))
    await over

    expect(gone).toEqual(['reset', 'ended', 'badFrame'])
  })

  test('stops reading from a peer that never reads, and goes on when it does', async () => {
    const { address } = await server()
    const socket = await stranger(address)
    socket.pause()
    const frame = framed(`020011=000001;41=${'T'.repeat(40_000)};`)
    const count = 1000
    for (let index = 0; index < count; index++) socket.write(frame)
    await new Promise((resolve) => realClock.after(200, () => resolve(undefined)))
    expect(socket.writableLength).toBeGreaterThan(0)
    let bytes = 0
    const answered = new Promise<void>((resolve) =>
      socket.on('data', (data: Buffer) => {
        bytes += data.length
        if (bytes >= count * (frame.length + 6)) resolve()
      }),
    )
    socket.resume()
    await answered
    expect(bytes).toBe(count * (frame.length + 6))
  })

  test('turns away connections over its limit', async () => {
    const rejected: string[] = []
    const { address } = await server({
      peers: { ...usualPeerLimits, connections: 1 },
      onRejected: (_, why) => rejected.push(why),
    })
    expect(await send(client(address)).end).toBe('answer 00')
    expect(await send(client(address)).end).toMatch(/^failed (ended|ECONNRESET)/)
    expect(rejected).toEqual(['too many connections'])
  })

  test('says in one line that the port is in use', async () => {
    const { address } = await server()
    await expect(server({ address })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${address.port}: the port is in use; stop the other process, or choose another port (EADDRINUSE)`,
    )
  })

  test('says in one line that an address is not of this machine', async () => {
    await expect(server({ address: { host: '192.0.2.1', port: 0 } })).rejects.toThrow(
      'this machine has no such address (EADDRNOTAVAIL)',
    )
  })

  test('closes twice, with a silent peer connected', async () => {
    const started = await server()
    const socket = await stranger(started.address)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.resume()
    await Promise.all([started.close(100), started.close(100)])
    await closed
    expect(started.connections).toBe(0)
  })
})

describe('a link that is reset while its end is on its way', () => {
  test.each([
    { name: 'of a client', bytes: 0 },
    { name: 'with bytes that nobody takes', bytes: 8_000_000 },
  ])('$name is closed, and keeps no descriptor', async ({ bytes }) => {
    const address = await strangeHost((socket) => socket.pause())
    const open = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
    const before = open()
    const reason = await new Promise((resolve) => {
      const link = network.connect(
        address,
        {
          onData: () => {},
          onClose: resolve,
          onOpen() {
            if (bytes > 0) link.write(new Uint8Array(bytes))
            link.end()
            link.reset()
          },
        },
        { connectTimeoutMs: 5000 },
      )
    })
    expect(reason).toBe('local')
    // The host's end of it is the one that is left.
    expect(open() - before).toBeLessThanOrEqual(1)
  })
})
