// TLS at a proxy: terminated on either side, or passed through as bytes.

import type { AddressInfo } from 'node:net'
import tls from 'node:tls'
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { type ProxyStart, startProxy } from '../../src/run/proxy/start-proxy.js'
import { type Certificates, makeCertificates } from '../transport/certificates.js'
import { cleanUp, connected, echoHost, here, readBytes } from './strangers.js'

let certificates: Certificates
beforeAll(() => {
  certificates = makeCertificates()
})
afterEach(cleanUp)

async function tlsEchoHost() {
  const server = tls.createServer(certificates.server, (socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => socket.write(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { port: (server.address() as AddressInfo).port, [Symbol.dispose]: () => void server.close() }
}

async function secure(port: number): Promise<tls.TLSSocket> {
  const socket = tls.connect({ port, host: '127.0.0.1', ca: certificates.ca, servername: 'host.test' })
  socket.on('error', () => {})
  await new Promise((resolve) => socket.once('secureConnect', resolve))
  return socket
}

const proxyTo = (port: number, options: ProxyStart = {}) =>
  startProxy({ listen: here, upstream: { ...here, port }, ...options })

describe('TLS', () => {
  test('ends at the proxy for clients of a host that speaks none', async () => {
    await using proxy = await proxyTo(await echoHost(), { clientTls: certificates.server })
    const socket = await secure(proxy.address?.port as number)
    socket.write('hello')
    expect(String(await readBytes(socket, 5))).toBe('hello')
    socket.destroy()
  })

  test('begins at the proxy for clients that speak none', async () => {
    using host = await tlsEchoHost()
    const upstreamTls = { ca: certificates.ca, servername: 'host.test' }
    await using proxy = await proxyTo(host.port, { upstreamTls })
    const socket = await connected(proxy.address?.port as number)
    socket.write('hello')
    expect(String(await readBytes(socket, 5))).toBe('hello')
  })

  test('says whose certificate the upstream does not accept, and nothing of a client that only looks in', async () => {
    const asks = { ...certificates.server, ca: certificates.ca, requestCert: true, rejectUnauthorized: true }
    const server = tls.createServer(asks, (socket) => socket.on('error', () => {}).on('end', () => socket.end()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const lines: string[] = []
    const proxyWith = (own: { readonly cert: string; readonly key: string }) =>
      proxyTo(port, {
        upstreamTls: { ca: certificates.ca, servername: 'host.test', ...own },
        onTrouble: (line: string) => lines.push(line),
      })
    const pass = async (proxy: { readonly address: { readonly port: number } | undefined }, text: string) => {
      const socket = await connected(proxy.address?.port as number)
      socket.on('error', () => {})
      socket.on('data', () => {})
      const closed = new Promise((resolve) => socket.once('close', resolve))
      if (text === '') socket.end()
      else socket.write(text)
      await closed
    }
    await using good = await proxyWith(certificates.client)
    await pass(good, '')
    expect(lines).toEqual([])
    await using bad = await proxyWith(certificates.expired)
    await pass(bad, 'hello')
    await vi.waitUntil(() => lines.length > 0, { timeout: 20_000 })
    expect(lines.join()).toMatch(
      /upstream 127.*(may not accept our certificate, which is CN=|our certificate has expired)/,
    )
    server.close()
  })

  test('passes through as bytes, and faults of the line still work on it', async () => {
    using host = await tlsEchoHost()
    await using proxy = await proxyTo(host.port, { dialect: 'cup-pos' })
    proxy.addToxic({ type: 'slicer', attributes: { average_size: 7, size_variation: 2, delay: 1 } })
    const socket = await secure(proxy.address?.port as number)
    socket.write('hello')
    expect(String(await readBytes(socket, 5))).toBe('hello')
    socket.destroy()
  })
})
