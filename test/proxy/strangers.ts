// Peers that are none of ours: plain sockets and hosts on port 0, gone after each test.

import net from 'node:net'

export const here = { host: '127.0.0.1', port: 0 }

const cleanUps: (() => unknown)[] = []

export async function cleanUp(): Promise<void> {
  for (const action of cleanUps.splice(0).reverse()) await action()
}

/** A host; the port it listens on. `closed`: a port that nobody listens on. */
export async function host(
  onSocket: (socket: net.Socket) => void,
  options: { readonly closed?: boolean } = {},
): Promise<number> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    onSocket(socket)
    if (socket.listenerCount('end') < 2) socket.on('end', () => socket.end())
  })
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, resolve))
  const { port } = server.address() as net.AddressInfo
  const close = () => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  }
  if (options.closed === true) await close()
  else cleanUps.push(close)
  return port
}

export const echoHost = () => host((socket) => socket.on('data', (bytes) => socket.write(bytes)))

/** Rejects when it cannot connect. */
export async function connected(port: number): Promise<net.Socket> {
  const socket = net.connect({ port, host: '127.0.0.1', noDelay: true })
  cleanUps.push(() => socket.destroy())
  await new Promise((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => {})
  return socket
}

/** The next so many bytes; fewer when the peer ends before. */
export function readBytes(socket: net.Socket, count: number): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const done = () => {
      socket.off('data', onData)
      resolve(Buffer.concat(chunks))
    }
    const onData = (chunk: Buffer) => {
      chunks.push(chunk)
      bytes += chunk.length
      if (bytes >= count) done()
    }
    socket.on('data', onData)
    socket.once('close', done)
  })
}

export const readAll = (socket: net.Socket) => readBytes(socket, Number.POSITIVE_INFINITY)
