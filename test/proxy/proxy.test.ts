// The line between two strangers, over real sockets on port 0.

import net from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { realClock } from '../../src/base/clock.js'
import { createProxy, type ProxyLine, type ProxyOptions } from '../../src/proxy/proxy.js'
import { createTcpNetwork } from '../../src/transport/network/tcp-network.js'
import { cleanUp, connected, echoHost, here, host, readAll, readBytes } from './strangers.js'

afterEach(cleanUp)

const network = createTcpNetwork()

async function proxyTo(port: number, options: Partial<ProxyOptions> = {}): Promise<ProxyLine> {
  const proxy = createProxy({
    listen: here,
    upstream: { ...here, port },
    clients: network,
    upstreams: network,
    clock: realClock,
    ...options,
  })
  await proxy.update({ enabled: true })
  return proxy
}

describe('a proxy without faults', () => {
  test('passes bytes both ways, in order, untouched', async () => {
    await using proxy = disposable(await proxyTo(await echoHost()))
    const socket = await connected(proxy.listen.port)
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251))
    for (let at = 0; at < sent.length; at += 7919) socket.write(sent.subarray(at, at + 7919))
    expect((await readBytes(socket, sent.length)).equals(sent)).toBe(true)
    expect(proxy.counts()).toMatchObject({ connections: 1, clients: { read: sent.length, written: sent.length } })
  })

  test('passes an end on and still carries the answer: half-close', async () => {
    const port = await host((socket) => {
      let bytes = 0
      socket.on('data', (chunk) => {
        bytes += chunk.length
      })
      socket.on('end', () => socket.end(`counted ${bytes}`))
    })
    await using proxy = disposable(await proxyTo(port))
    const socket = await connected(proxy.listen.port)
    socket.end('12345')
    expect((await readAll(socket)).toString()).toBe('counted 5')
  })

  test('a client that ends before the upstream is reached, without a word, is ended and not reset', async () => {
    await using proxy = disposable(await proxyTo(await echoHost()))
    const socket = net.connect({ port: proxy.listen.port, host: '127.0.0.1', allowHalfOpen: true }).resume()
    const ending = new Promise((resolve) => socket.once('end', () => resolve('end')).once('error', resolve))
    socket.end()
    expect(await ending).toBe('end')
  })

  test('does not read from one that nobody listens to: back-pressure', async () => {
    let written = 0
    const port = await host((socket) => {
      const chunk = Buffer.alloc(65_536)
      const push = () => {
        while (written < 64 * 1_048_576) {
          written += chunk.length
          if (!socket.write(chunk)) return void socket.once('drain', push)
        }
        socket.end()
      }
      push()
    })
    await using proxy = disposable(await proxyTo(port))
    const socket = net.connect(proxy.listen.port, '127.0.0.1')
    socket.pause()
    await until(() => proxy.counts().clients.written > 0)
    await stands(() => proxy.counts().clients.written)
    expect(proxy.counts().clients.written).toBeLessThan(32 * 1_048_576)
    let received = 0
    socket.on('data', (chunk) => {
      received += chunk.length
    })
    const ended = new Promise((resolve) => socket.once('end', resolve))
    socket.resume()
    await ended
    expect(received).toBe(64 * 1_048_576)
    socket.destroy()
  })

  test('passes a reset on, to either side', async () => {
    const seen: string[] = []
    const port = await host((socket) => {
      socket.on('error', (error: NodeJS.ErrnoException) => seen.push(error.code ?? ''))
      socket.on('data', (bytes) => {
        if (bytes.toString() === 'die') socket.resetAndDestroy()
        else socket.write('ok')
      })
    })
    await using proxy = disposable(await proxyTo(port))
    const first = await connected(proxy.listen.port)
    first.write('die')
    const code = await new Promise((resolve) =>
      first.once('error', (error: NodeJS.ErrnoException) => resolve(error.code)),
    )
    expect(code).toBe('ECONNRESET')
    const second = await connected(proxy.listen.port)
    second.write('hello')
    await readBytes(second, 2)
    second.resetAndDestroy()
    await until(() => seen.includes('ECONNRESET'))
    await until(() => proxy.counts().connections === 0)
  })

  test('says why the upstream cannot be reached, and closes the client', async () => {
    const lines: string[] = []
    const closed = await host(() => {}, { closed: true })
    await using proxy = disposable(await proxyTo(closed, { onTrouble: (line) => lines.push(line) }))
    const socket = net.connect(proxy.listen.port, '127.0.0.1')
    socket.on('error', () => {})
    await new Promise((resolve) => socket.once('close', resolve))
    await until(() => lines.length > 0)
    expect(lines[0]).toContain(`upstream 127.0.0.1:${closed} cannot be reached: refused (ECONNREFUSED)`)
  })

  test('carries 1,000 connections at a time, each its own', async () => {
    await using proxy = disposable(await proxyTo(await echoHost()))
    const sockets = await Promise.all(Array.from({ length: 1000 }, () => connected(proxy.listen.port)))
    const answers = await Promise.all(
      sockets.map((socket, index) => {
        const text = `connection ${index}`
        socket.write(text)
        return readBytes(socket, text.length)
      }),
    )
    expect(answers.map(String)).toEqual(sockets.map((_, index) => `connection ${index}`))
    expect(proxy.counts()).toMatchObject({ connections: 1000, accepted: 1000 })
    for (const socket of sockets) socket.destroy()
    await until(() => proxy.counts().connections === 0)
  })

  test('down: refuses and cuts; up again: the same port', async () => {
    await using proxy = disposable(await proxyTo(await echoHost()))
    const { port } = proxy.listen
    const socket = await connected(port)
    const ended = new Promise((resolve) => socket.once('close', resolve))
    await proxy.update({ enabled: false })
    await ended
    await expect(connected(port)).rejects.toThrow('ECONNREFUSED')
    await proxy.update({ enabled: true })
    expect(proxy.listen.port).toBe(port)
    const again = await connected(port)
    again.write('x')
    expect(String(await readBytes(again, 1))).toBe('x')
  })

  test('another upstream cuts the connections of the old one', async () => {
    const other = await host((socket) => socket.write('other'))
    await using proxy = disposable(await proxyTo(await echoHost()))
    const socket = await connected(proxy.listen.port)
    const ended = new Promise((resolve) => socket.once('close', resolve))
    await proxy.update({ upstream: { ...here, port: other } })
    await ended
    expect(String(await readBytes(await connected(proxy.listen.port), 5))).toBe('other')
  })
})

function disposable(proxy: ProxyLine): ProxyLine & AsyncDisposable {
  return Object.assign(proxy, { [Symbol.asyncDispose]: () => proxy.close() })
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => realClock.after(1, () => resolve(undefined)))
}

/** Waits until a figure has stopped growing. */
async function stands(figure: () => number): Promise<void> {
  for (let before = -1; before !== figure(); ) {
    before = figure()
    await new Promise((resolve) => realClock.after(50, () => resolve(undefined)))
  }
}
