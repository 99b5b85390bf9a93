// TLS on both sides: mutual, and every way in which it must not come about, each with one clear line.

import net, { type AddressInfo } from 'node:net'
import tls from 'node:tls'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { realClock } from '../../src/base/clock.js'
import { createTcpNetwork, type TlsOptions } from '../../src/transport/network/tcp-network.js'
import { startServer } from '../../src/transport/server/server.js'
import { type Certificates, makeCertificates } from './certificates.js'
import { answer, asciiWire, client as createTestClient, framed, here, request, wire } from './conversation.js'

let certificates: Certificates
beforeAll(() => {
  certificates = makeCertificates()
})

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

/** Starts a server, TLS or not, and says what became of one exchange with it. */
async function exchange(serverTls: TlsOptions | undefined, clientTls: TlsOptions | undefined, serverWire = wire) {
  const rejected: string[] = []
  const server = await startServer({
    network: createTcpNetwork(serverTls === undefined ? {} : { tls: serverTls }),
    address: here,
    wire: serverWire,
    clock: realClock,
    onRequest: (received, replier) => void answer(received, replier),
    onRejected: (_, why) => rejected.push(why),
  })
  cleanUps.push(() => server.close(0))
  const downs: unknown[] = []
  const client = createTestClient(
    createTcpNetwork(clientTls === undefined ? {} : { tls: clientTls }),
    server.address,
    realClock,
    {
      onDown: (reason, detail) => downs.push(reason, detail),
    },
  )
  cleanUps.push(() => client.close(0))
  const sale = request('000001')
  client.send(sale)
  return { end: await sale.end, downs: [...downs], rejected, server, client }
}

describe('TLS', () => {
  test('carries exchanges between a server and a client that knows its authority', async () => {
    const { ca, server } = certificates
    expect(await exchange(server, { ca })).toMatchObject({ end: 'answer 00' })
  })

  test('lets a client in that shows a certificate of the authority, where the server asks for one', async () => {
    const { ca, server, client } = certificates
    expect(await exchange({ ...server, ca, requestCert: true }, { ca, ...client })).toMatchObject({ end: 'answer 00' })
  })

  test('checks the name that it was told to', async () => {
    const { ca, server } = certificates
    expect(await exchange(server, { ca, servername: 'host.test' })).toMatchObject({ end: 'answer 00' })
  })

  const failures = [
    {
      name: 'a certificate that has expired',
      server: () => certificates.expired,
      client: () => ({ ca: certificates.ca }),
      says: 'the certificate of the peer has expired and must be renewed; it is CN=expired, valid 2020-01-01 to 2020-01-02 (CERT_HAS_EXPIRED)',
    },
    {
      name: 'an authority that is not known',
      server: () => certificates.server,
      client: () => ({}),
      says: 'the authority that signed the certificate of the peer is not known: name it with --ca FILE; it is CN=server, valid 2020-01-01 to 2049-01-01 (UNABLE_TO_VERIFY_LEAF_SIGNATURE)',
    },
    {
      name: 'a certificate signed by itself',
      server: () => certificates.stranger,
      client: () => ({ ca: certificates.ca }),
      says: /^the certificate of the peer is signed by itself: name it with --ca FILE; it is CN=stranger, valid \S+ to \S+ \(DEPTH_ZERO_SELF_SIGNED_CERT\)$/,
    },
    {
      name: 'a certificate for another name',
      server: () => certificates.server,
      client: () => ({ ca: certificates.ca, servername: 'other.test' }),
      says: 'the certificate of the peer is for another host name; it is CN=server, valid 2020-01-01 to 2049-01-01 (ERR_TLS_CERT_ALTNAME_INVALID)',
    },
  ]
  for (const { name, server, client, says } of failures) {
    test(`does not come about with ${name}`, async () => {
      const { end, downs } = await exchange(server(), client())
      expect(downs).toEqual(['tls', typeof says === 'string' ? says : expect.stringMatching(says)])
      expect(end).toBe(`failed ${downs[1]}`)
    })
    test(`comes about with ${name} where that was asked for`, async () => {
      expect(await exchange(server(), { ...client(), insecure: true })).toMatchObject({ end: 'answer 00' })
    })
  }

  test('turns a client away that shows no certificate, and both sides say so', async () => {
    const { ca, server } = certificates
    const { downs, rejected } = await exchange({ ...server, ca, requestCert: true }, { ca })
    expect(downs).toEqual([
      'tls',
      expect.stringContaining('the peer asks for a certificate of ours: give --cert FILE and --key FILE'),
    ])
    expect(rejected).toEqual([expect.stringContaining('the client showed no certificate')])
  })

  const unwelcome = [
    {
      name: 'has expired',
      client: () => certificates.expired,
      says: 'the certificate of the peer has expired and must be renewed; it is CN=expired, valid 2020-01-01 to 2020-01-02 (CERT_HAS_EXPIRED)',
      own: 'CN=expired, valid 2020-01-01 to 2020-01-02',
    },
    {
      name: 'is of nobody that the server knows',
      client: () => certificates.stranger,
      says: 'the certificate of the peer is signed by itself: name it with --ca FILE; it is CN=stranger, valid',
      own: 'CN=stranger, valid',
    },
  ]
  for (const { name, client, says, own } of unwelcome) {
    test(`turns a client away whose certificate ${name}, and both sides name it`, async () => {
      const { ca, server } = certificates
      const { downs, rejected } = await exchange({ ...server, ca, requestCert: true }, { ca, ...client() })
      expect(rejected).toEqual([expect.stringContaining(says)])
      expect(downs[1]).toContain(`it may not accept our certificate, which is ${own}`)
    })
  }

  test('does not come about below the lowest version', async () => {
    const host = tls.createServer({ ...certificates.server, maxVersion: 'TLSv1.2' })
    host.on('tlsClientError', () => {})
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    cleanUps.push(() => host.close())
    const network = createTcpNetwork({ tls: { ca: certificates.ca, minVersion: 'TLSv1.3' } })
    const closed = new Promise<unknown[]>((resolve) => {
      const { port } = host.address() as AddressInfo
      network.connect(
        { host: '127.0.0.1', port },
        { onData: () => {}, onClose: (...why) => resolve(why) },
        { connectTimeoutMs: 5000 },
      )
    })
    expect(await closed).toEqual(['tls', 'the peer refuses this version of TLS (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)'])
  })

  test('with a peer that closes instead of speaking it fails clearly', async () => {
    const { downs } = await exchange(undefined, { ca: certificates.ca }, asciiWire)
    expect(downs).toEqual(['tls', 'the peer closed the connection during the TLS handshake (ECONNRESET)'])
  })

  test('with a peer that is silent ends after the connect timeout', async () => {
    const host = net.createServer((socket) => void socket.on('error', () => {}).resume())
    await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
    cleanUps.push(() => host.close())
    const network = createTcpNetwork({ tls: {} })
    const closed = new Promise<unknown[]>((resolve) => {
      const { port } = host.address() as AddressInfo
      network.connect(
        { host: '127.0.0.1', port },
        { onData: () => {}, onClose: (...why) => resolve(why) },
        { connectTimeoutMs: 100 },
      )
    })
    expect(await closed).toEqual(['connectTimeout', 'connected, but the TLS handshake was not answered'])
  })

  test('is refused like TCP when nobody listens', async () => {
    const { server, client } = await exchange(certificates.server, { ca: certificates.ca })
    await client.close()
    await server.close()
    const downs: unknown[] = []
    const again = createTestClient(createTcpNetwork({ tls: { ca: certificates.ca } }), server.address, realClock, {
      onDown: (reason, detail) => downs.push(reason, detail),
    })
    const sale = request('000001')
    again.send(sale)
    expect([await sale.end, ...downs]).toEqual(['failed ECONNREFUSED', 'refused', 'ECONNREFUSED'])
  })

  test('needs a certificate and a key on the server', async () => {
    await expect(
      createTcpNetwork({ tls: {} }).listen(here, () => ({ onData: () => {}, onClose: () => {} })),
    ).rejects.toThrow('a TLS server needs a certificate and its key: give --cert FILE and --key FILE')
  })

  test('a reset is seen as one through TLS', async () => {
    const { ca, server: certificate } = certificates
    const server = await startServer({
      network: createTcpNetwork({ tls: certificate }),
      address: here,
      wire,
      clock: realClock,
      onRequest: (_, replier) => replier.connection.reset(),
    })
    cleanUps.push(() => server.close(0))
    const client = createTestClient(createTcpNetwork({ tls: { ca } }), server.address, realClock)
    cleanUps.push(() => client.close(0))
    const sale = request('000001')
    client.send(sale)
    expect(await sale.end).toBe('failed ECONNRESET written')
  })

  test('a client that resets or goes silent during the handshake does not hurt the server', async () => {
    const { server, rejected, client } = await exchange(certificates.server, { ca: certificates.ca })
    const socket = net.connect(server.address)
    await new Promise((resolve) => socket.once('connect', resolve))
    // The beginning of a ClientHello.
    socket.write(Buffer.from('160301020001', 'hex'))
    await new Promise((resolve) => realClock.after(20, () => resolve(undefined)))
    socket.resetAndDestroy()
    const sale = request('000002')
    client.send(sale)
    expect(await sale.end).toBe('answer 00')
    expect(rejected).toEqual(['the peer closed the connection during the TLS handshake (ECONNRESET)'])
  })

  test('a plain message to a TLS server is turned away, and the server lives', async () => {
    const { server, rejected } = await exchange(certificates.server, { ca: certificates.ca })
    const closed = new Promise((resolve) => {
      const link = createTcpNetwork().connect(
        server.address,
        { onOpen: () => link.write(framed('020011=1;')), onData: () => {}, onClose: resolve },
        { connectTimeoutMs: 1000 },
      )
    })
    await closed
    expect(rejected.length).toBe(1)
  })
})
