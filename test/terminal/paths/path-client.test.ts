// A client over two hosts: what never left goes to the other, what was written stays where it is, and a dead link is replaced.

import { expect, test } from 'vitest'
import { createVirtualClock } from '../../../src/base/virtual-clock.js'
import { createPathChoice } from '../../../src/terminal/paths/path-choice.js'
import { createPathClient, type HostPath, type PathClient } from '../../../src/terminal/paths/path-client.js'
import type { Client, ClientOptions, Exchange } from '../../../src/transport/client/client.js'
import type { Address } from '../../../src/transport/network/link.js'
import { createSimulatedNetwork } from '../../../src/transport/network/simulated-network.js'
import { type Server, type ServerOptions, startServer } from '../../../src/transport/server/server.js'
import { answer, client as createTestClient, request, type Told, wire } from '../../transport/conversation.js'

const addresses: readonly Address[] = [
  { host: 'a', port: 1 },
  { host: 'b', port: 1 },
]
const paths: readonly HostPath[] = [
  { target: 0, route: 0, name: 'a' },
  { target: 1, route: 0, name: 'b' },
]

interface Hosts {
  /** The behaviour of each host; left out: there is no such host. */
  readonly a?: ServerOptions['onRequest'] | undefined
  readonly b?: ServerOptions['onRequest'] | undefined
}

const answers: ServerOptions['onRequest'] = (received, replier) => {
  answer(received, replier)
}
const says91: ServerOptions['onRequest'] = (received, replier) => {
  answer(received, replier, '91')
}
const silent: ServerOptions['onRequest'] = (_, replier) => replier.dismiss()

/** 10 ms each way; hosts are given up after two failures or timeouts. */
async function world(hosts: Hosts, { lasting = true, single = false } = {}) {
  const clock = createVirtualClock()
  const network = createSimulatedNetwork({ clock, latencyMs: { request: () => 10, answer: () => 10 } })
  const listen = (place: number, onRequest: ServerOptions['onRequest']): Promise<Server> =>
    startServer({ network, address: addresses[place] as Address, wire, clock, onRequest })
  if (hosts.a !== undefined) await listen(0, hosts.a)
  if (hosts.b !== undefined) await listen(1, hosts.b)
  let dialled = 0
  const choice = createPathChoice({
    ...{ targets: 2, routes: 1, choose: 'latency', margin: 0.2, afterFailures: 2, afterTimeouts: 2 },
    ...{ failBackAfter: 3000, onSwitch: () => clock.soon(() => client.move()) },
  })
  const client: PathClient = createPathClient({
    paths: single ? paths.slice(0, 1) : paths,
    choice: single ? undefined : choice,
    open(path, events): Client {
      dialled++
      const reconnect: Partial<ClientOptions> = lasting ? { reconnect: { fromMs: 100, toMs: 400, jitter: false } } : {}
      return createTestClient(network, addresses[path.target] as Address, clock, { ...reconnect, ...events })
    },
    silentAfter: lasting ? 2 : undefined,
    drainMs: 2000,
    clock,
    hostDown: ({ peek }) => (peek?.text(39) === '91' ? 'answers with 91' : undefined),
    onUp: () => {},
  })
  const send = (stan: string, options: Parameters<typeof request>[1] = {}, more: Partial<Exchange> = {}): Told => {
    const told = request(stan, { timeoutMs: 500, ...options })
    client.send(Object.assign(told, more))
    return told
  }
  return { clock, client, choice, send, listen, dialled: () => dialled }
}

const hearing =
  (told: string[]): NonNullable<Exchange['toTarget']> =>
  (name, go) => {
    told.push(name)
    go()
  }

for (const lasting of [true, false]) {
  test(`what cannot leave goes to the other host, over a connection that ${lasting ? 'stays' : 'is for one'}`, async () => {
    const { clock, send } = await world({ b: answers }, { lasting })
    const told: string[] = []
    const sale = send('000001', {}, { toTarget: hearing(told) })
    clock.run(1000)
    expect(sale.events.at(-1)).toMatch(/^answer 00@/)
    expect(told).toEqual(['a', 'b'])
  })
}

test('what cannot leave anywhere fails, with the reason of the last attempt', async () => {
  const { clock, send } = await world({})
  const sale = send('000001')
  clock.run(1000)
  expect(sale.events.at(-1)).toMatch(/^failed ECONNREFUSED@/)
})

test('what was written is never sent to the other host', async () => {
  const { clock, send } = await world({ a: silent, b: answers })
  const sale = send('000001')
  clock.run(5000)
  expect(sale.events).toEqual(['written@20', 'timeout@520'])
})

test('after timeouts in a row the next request goes to the other host', async () => {
  const { clock, send, choice } = await world({ a: silent, b: answers })
  send('000001')
  send('000002')
  clock.run(600)
  expect(choice.current.target).toBe(1)
  const sale = send('000003')
  clock.run(800)
  expect(sale.events.at(-1)).toMatch(/^answer 00@/)
})

test('after answers that the host is down the next request goes to the other', async () => {
  const { clock, send, choice } = await world({ a: says91, b: answers })
  send('000001')
  send('000002')
  clock.run(100)
  expect(choice.current.target).toBe(1)
})

test('a late answer of the host that was left is still heard', async () => {
  const late: ServerOptions['onRequest'] = (received, replier) => {
    const copy = { ...received, peek: wire.codec.peek(Uint8Array.from(received.body)) }
    clock.after(300, () => answer(copy, replier))
  }
  const { clock, send, choice } = await world({ a: late, b: answers })
  const sale = send('000001')
  clock.run(50)
  choice.failed({ target: 0, route: 0 }, clock.now(), 'ECONNRESET')
  choice.failed({ target: 0, route: 0 }, clock.now(), 'ECONNRESET')
  expect(choice.current.target).toBe(1)
  clock.run(1000)
  expect(sale.events.at(-1)).toMatch(/^answer 00@/)
})

test('an exchange may make its host wait: it leaves when it says so, or not at all when that is too late', async () => {
  const { clock, send } = await world({ a: answers })
  const slow = (_: string, go: () => void) => void clock.after(300, go)
  const patient = send('000001', {}, { toTarget: slow })
  const late = send('000002', { sendBefore: 200 }, { toTarget: slow })
  clock.run(1000)
  expect(patient.events).toEqual(['written@320', 'answer 00@340'])
  expect(late.events).toEqual(['unsent signing on with another host took too long (peer)@300'])
})

for (const single of [true, false]) {
  test(`a link that is silent is replaced: by ${single ? 'another one' : 'one to the other host'}`, async () => {
    const { clock, send, client, dialled } = await world({ a: silent, b: silent }, { single })
    for (const stan of ['000001', '000002']) send(stan)
    clock.run(600)
    // Where there is another host, the silent one is dialled anew before it is given up.
    expect(dialled()).toBe(single ? 2 : 3)
    expect(client.state).toBe('up')
  })
}

test('a link that is silent keeps what is in flight on it', async () => {
  const { clock, send } = await world({ a: silent }, { single: true })
  for (const stan of ['000001', '000002']) send(stan)
  const patient = send('000003', { timeoutMs: 1500 })
  clock.run(3000)
  expect(patient.events).toEqual(['written@20', 'timeout@1520'])
})

test('a link on which something came is not replaced', async () => {
  const now: { answers: boolean } = { answers: false }
  const { clock, send, dialled } = await world(
    { a: (received, replier) => (now.answers ? answers : silent)(received, replier) },
    { single: true },
  )
  send('000001')
  clock.run(600)
  now.answers = true
  send('000002')
  clock.run(700)
  now.answers = false
  send('000003')
  clock.run(1300)
  expect(dialled()).toBe(1)
})

test('the first try goes on to the next path, and says what went wrong when there is none', async () => {
  const works = await world({ b: answers })
  const first = works.client.tryAll()
  works.clock.run(1000)
  expect(await first).toBeUndefined()
  const broken = await world({})
  const second = broken.client.tryAll()
  broken.clock.run(1000)
  expect(await second).toBe('ECONNREFUSED')
})

test('closing ends links that were left as well, at once where that is asked for', async () => {
  const { clock, send, client, choice } = await world({ a: silent, b: answers })
  send('000001', { timeoutMs: 30_000 })
  clock.run(50)
  for (let count = 0; count < 2; count++) choice.failed({ target: 0, route: 0 }, clock.now(), 'ECONNRESET')
  clock.run(100)
  expect(client.inFlight).toBe(1)
  let isClosed = false
  const closing = client.close(0).then(() => {
    isClosed = true
  })
  clock.run(200)
  await closing
  expect(isClosed).toBe(true)
  const late = send('000002')
  clock.run(300)
  expect(late.events.at(-1)).toMatch(/^failed closed@/)
})
