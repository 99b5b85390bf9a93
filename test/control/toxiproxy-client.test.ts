// The npm client of Toxiproxy, as it is, against our control API: every call that it has.

import { Toxiproxy } from 'toxiproxy-node-client'
import { afterEach, describe, expect, test } from 'vitest'
import { realClock } from '../../src/base/clock.js'
import { startProxy } from '../../src/run/proxy/start-proxy.js'
import { cleanUp, connected, echoHost, host, readBytes } from '../proxy/strangers.js'

afterEach(cleanUp)

async function setUp() {
  const proxy = await startProxy({ control: { host: '127.0.0.1', port: 0 }, seed: 1 })
  const url = `http://127.0.0.1:${proxy.control?.port}`
  const upstream = `127.0.0.1:${await echoHost()}`
  return { proxy, url, upstream, client: new Toxiproxy(url), [Symbol.asyncDispose]: proxy.close }
}

const portOf = (listen: string) => Number(listen.split(':').at(-1))

async function echoMs(port: number): Promise<number> {
  const socket = await connected(port)
  const from = realClock.now()
  socket.write('ping')
  await readBytes(socket, 4)
  socket.destroy()
  return realClock.now() - from
}

describe('toxiproxy-node-client', () => {
  test('getVersion, createProxy, get, getAll, update, remove', async () => {
    await using at = await setUp()
    expect(JSON.parse(String(await at.client.getVersion()))).toEqual({ version: expect.stringMatching(/^2\./) })
    const made = await at.client.createProxy({ name: 'host', listen: 'localhost:0', upstream: at.upstream })
    expect(made).toMatchObject({ name: 'host', upstream: at.upstream, enabled: true })
    expect(portOf(made.listen)).toBeGreaterThan(0)
    expect(await at.client.get('host')).toMatchObject({ listen: made.listen })
    expect(Object.keys((await at.client.getAll()) as object)).toEqual(['host'])

    const { listen, upstream } = made
    await made.update({ enabled: false, listen, upstream })
    await expect(connected(portOf(listen))).rejects.toThrow('ECONNREFUSED')
    await made.update({ enabled: true, listen, upstream })
    expect(await echoMs(portOf(listen))).toBeLessThan(5000)

    await made.remove()
    await expect(at.client.get('host')).rejects.toThrow('404')
  })

  test('addToxic, getToxic, update and remove of a toxic', async () => {
    await using at = await setUp()
    const made = await at.client.createProxy({ name: 'host', listen: '127.0.0.1:0', upstream: at.upstream })
    const attributes = { latency: 120, jitter: 0 }
    const toxic = await made.addToxic({ name: 'slow', type: 'latency', attributes, stream: 'downstream', toxicity: 1 })
    expect(await echoMs(portOf(made.listen))).toBeGreaterThan(115)
    expect(await made.getToxic('slow')).toMatchObject({ name: 'slow', type: 'latency', attributes })
    await toxic.update({ ...toxic.toJson(), attributes: { latency: 0, jitter: 0 } })
    expect((await made.getToxic('slow')).attributes).toEqual({ latency: 0, jitter: 0 })
    await toxic.remove()
    await expect(made.getToxic('slow')).rejects.toThrow('404')
  })

  test('populate and reset', async () => {
    await using at = await setUp()
    const body = [
      { name: 'one', listen: '127.0.0.1:0', upstream: at.upstream },
      { name: 'two', listen: '127.0.0.1:0', upstream: at.upstream },
    ]
    const populated = await at.client.populate(body as Parameters<typeof at.client.populate>[0])
    expect(Object.keys(populated)).toEqual(['one', 'two'])
    const one = await at.client.get('one')
    await one.addToxic({ name: 'cut', type: 'timeout', attributes: { timeout: 0 }, stream: 'upstream', toxicity: 1 })
    await at.client.reset()
    await at.client.reset()
    await expect(one.getToxic('cut')).rejects.toThrow('404')
    expect(await echoMs(portOf(one.listen))).toBeLessThan(5000)
  })

  test('latency delays what is sent, and no connection', async () => {
    await using at = await setUp()
    const made = await at.client.createProxy({ name: 'host', listen: '127.0.0.1:0', upstream: at.upstream })
    const attributes = { latency: 3_600_000, jitter: 0 }
    await made.addToxic({ name: 'slow', type: 'latency', attributes, stream: 'downstream', toxicity: 1 })
    const socket = await connected(portOf(made.listen))
    socket.write('ping')
    await at.client.reset()
    expect((await readBytes(socket, 4)).toString('latin1')).toBe('ping')
    socket.destroy()
  })

  test('a message fault is one more type: with a match, it hits what matches', async () => {
    const port = await host((socket) => socket.on('data', (bytes) => socket.write(bytes)))
    await using proxy = await startProxy({
      listen: { host: '127.0.0.1', port: 0 },
      upstream: { host: '127.0.0.1', port },
      dialect: 'iso87-ascii',
      control: { host: '127.0.0.1', port: 0 },
    })
    const client = new Toxiproxy(`http://127.0.0.1:${proxy.control?.port}`)
    const only = await client.get('isochron')
    const toxic = { name: 'lost', type: 'no_answer', attributes: { match: { mti: '0200' } }, stream: 'downstream' }
    await only.addToxic(toxic as unknown as Parameters<typeof only.addToxic>[0])
    const socket = await connected(proxy.address?.port as number)
    const message = (mti: string) => {
      const text = `${mti}2000000000800000${'000000'}${'TERM0001'}`
      const frame = Buffer.concat([Buffer.alloc(2), Buffer.from(text)])
      frame.writeUInt16BE(text.length)
      return frame
    }
    socket.write(Buffer.concat([message('0200'), message('0800')]))
    const echoed = await readBytes(socket, message('0800').length)
    expect(echoed.toString('latin1').slice(2, 6)).toBe('0800')
    expect(proxy.faults()).toEqual([{ name: 'lost', type: 'no_answer', applied: 1 }])
  })
})
