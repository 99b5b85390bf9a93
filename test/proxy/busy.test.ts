// Faults that come and go while many connections are busy: nothing hangs, nothing is lost that should not be.
// The first three are what Toxiproxy's users met (its issues 159, 210 and 603).

import type net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type RunningProxy, startProxy } from '../../src/run/proxy/start-proxy.js'
import { cleanUp, connected, echoHost, here, readBytes } from './strangers.js'

afterEach(cleanUp)

const proxyToEcho = async () => startProxy({ listen: here, upstream: { ...here, port: await echoHost() }, seed: 7 })
const portOf = (proxy: RunningProxy) => proxy.address?.port as number

/** Says something `rounds` times, one after another, and expects it back. */
async function converse(socket: net.Socket, id: number, rounds: number): Promise<boolean> {
  for (let round = 0; round < rounds; round++) {
    const text = `${id}:${round};`
    socket.write(text)
    if (String(await readBytes(socket, text.length)) !== text) return false
  }
  return true
}

describe('faults that come and go', () => {
  test('taking a toxic away while data is under way hangs no connection', async () => {
    await using proxy = await proxyToEcho()
    const sockets = await Promise.all(Array.from({ length: 50 }, () => connected(portOf(proxy))))
    proxy.addToxic({ name: 'held', type: 'latency', attributes: { latency: 3_600_000 } })
    const answers = sockets.map((socket, id) => converse(socket, id, 3))
    for (let turn = 0; turn < 20; turn++) {
      proxy.addToxic({ name: 'sliced', type: 'slicer', attributes: { average_size: 2, size_variation: 1, delay: 10 } })
      await new Promise((resolve) => setImmediate(resolve))
      proxy.removeToxic('sliced')
    }
    proxy.removeToxic('held')
    expect((await Promise.all(answers)).every(Boolean)).toBe(true)
  })

  test('a bandwidth of 0 can be taken away again, and what it held arrives', async () => {
    await using proxy = await proxyToEcho()
    const socket = await connected(portOf(proxy))
    proxy.addToxic({ name: 'none', type: 'bandwidth', attributes: { rate: 0 }, stream: 'upstream' })
    socket.write('held back')
    await new Promise((resolve) => setImmediate(resolve))
    proxy.removeToxic('none')
    expect(String(await readBytes(socket, 9))).toBe('held back')
  })

  test('reset_peer that does not hit resets nobody', async () => {
    await using proxy = await proxyToEcho()
    proxy.addToxic({ type: 'reset_peer', attributes: { timeout: 0 }, toxicity: 0 })
    const socket = await connected(portOf(proxy))
    const errors: Error[] = []
    socket.on('error', (error) => errors.push(error))
    expect(await converse(socket, 1, 5)).toBe(true)
    const closed = new Promise((resolve) => socket.once('close', resolve))
    socket.end()
    await closed
    expect(errors).toEqual([])
  })

  test('reset_peer that hits is seen as ECONNRESET', async () => {
    await using proxy = await proxyToEcho()
    proxy.addToxic({ type: 'reset_peer', attributes: { timeout: 0 } })
    const socket = await connected(portOf(proxy))
    const error = new Promise<NodeJS.ErrnoException>((resolve) => socket.once('error', resolve))
    socket.write('x')
    expect((await error).code).toBe('ECONNRESET')
  })

  test('1,000 busy connections: faults come, change and go, and every byte comes back in order', async () => {
    await using proxy = await proxyToEcho()
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => connected(portOf(proxy))))
    let isDone = false
    const answers = Promise.all(sockets.map((socket, id) => converse(socket, id, 2))).finally(() => {
      isDone = true
    })
    for (let turn = 0; !isDone; turn++) {
      const stream = turn % 2 === 0 ? 'upstream' : 'downstream'
      proxy.addToxic({ name: 'late', type: 'latency', stream, attributes: { latency: 5, jitter: 5 }, toxicity: 0.5 })
      proxy.addToxic({ name: 'cut', type: 'slicer', stream, attributes: { average_size: 2, delay: 1 }, toxicity: 0.5 })
      await new Promise((resolve) => setImmediate(resolve))
      proxy.removeToxic('late')
      proxy.removeToxic('cut')
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect((await answers).every(Boolean)).toBe(true)
    expect(proxy.figures()).toMatchObject({ connections: 1000 })
  })
})
