// Peers that cost a listener as much as they can, on plain sockets: nothing of what they attack is in them. Each is bounded in
// count and ends when it is told. Loopback only.

import net from 'node:net'

/** Where to, and a frame that can be read (of the n-th request) and one that cannot. */
export interface Target {
  readonly port: number
  frame(number: number): Buffer
  readonly unreadable: Buffer
}

/** Begins; the returned function ends it. */
export type Attack = (target: Target) => () => void

const connect = (port: number, onConnect: (socket: net.Socket) => void = () => {}): net.Socket => {
  const socket = net.connect({ host: '127.0.0.1', port })
  socket.on('error', () => {})
  socket.once('connect', () => onConnect(socket))
  return socket
}

/** Writes as fast as the other side reads. */
function pour(socket: net.Socket, next: () => Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(next()));
  }
  socket.on('drain', more)
  more()
}

/** Sockets that are opened anew when they are closed, so many a second at the most. */
function keepOpen(count: number, open: () => net.Socket): () => void {
  const sockets = new Set<net.Socket>()
  let isOver = false
  const add = () => {
    if (isOver) return
    const socket = open()
    sockets.add(socket)
    socket.once('close', () => {
      sockets.delete(socket)
      setTimeout(add, 20)
    })
  }
  for (let index = 0; index < count; index++) add()
  return () => {
    isOver = true
    for (const socket of sockets) socket.destroy()
  }
}

/** One socket after another, up to `most` in all. */
function oneByOne(most: number, open: (done: () => void) => void): () => void {
  let left = most
  const next = () => {
    if (left-- > 0) open(() => setImmediate(next))
  }
  for (let lane = 0; lane < 8; lane++) next()
  return () => {
    left = 0
  }
}

const batchOf = (count: number, frame: (index: number) => Buffer) =>
  Buffer.concat(Array.from({ length: count }, (_, index) => frame(index)))

export const attacks: Readonly<Record<string, Attack>> = {
  'flood of requests, 3 connections': ({ port, frame }) => {
    let number = 0
    return keepOpen(3, () => {
      const socket = connect(port, (open) => pour(open, () => batchOf(200, () => frame(number++))))
      return socket.resume()
    })
  },
  'flood of unreadable messages': ({ port, unreadable }) => {
    const many = batchOf(200, () => unreadable)
    return keepOpen(3, () => connect(port, (socket) => pour(socket, () => many)).resume())
  },
  'asks and never reads': ({ port, frame }) => {
    let number = 0
    return keepOpen(20, () => {
      const socket = connect(port, (open) => pour(open, () => batchOf(200, () => frame(number++))))
      return socket.pause()
    })
  },
  'slowloris, 500 connections': ({ port, frame }) =>
    keepOpen(500, () => {
      const bytes = frame(1)
      let at = 0
      const socket = connect(port)
      const timer = setInterval(() => {
        if (at < bytes.length - 1) socket.write(bytes.subarray(at, ++at))
      }, 500)
      socket.once('close', () => clearInterval(timer))
      return socket.resume()
    }),
  'half TLS handshakes, 300 connections': ({ port }) =>
    keepOpen(300, () => connect(port, (socket) => socket.write(Buffer.from('1603010200010001fc0303', 'hex'))).resume()),
  garbage: ({ port }) => {
    let state = 1
    const noise = () =>
      Buffer.from(
        Uint8Array.from({ length: 4096 }, () => {
          state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
          return state >>> 24
        }),
      )
    return keepOpen(20, () => connect(port, (socket) => socket.write(noise())).resume())
  },
  'giant lengths': ({ port }) =>
    keepOpen(200, () =>
      connect(port, (socket) =>
        socket.write(Buffer.concat([Buffer.from('ffff', 'hex'), Buffer.alloc(500, 48)])),
      ).resume(),
    ),
  'connect and close, 5000 times': ({ port }) =>
    oneByOne(5000, (done) => {
      connect(port, (socket) => socket.end())
        .resume()
        .once('close', done)
    }),
  'half a message and a reset, 5000 times': ({ port, frame }) =>
    oneByOne(5000, (done) => {
      const socket = connect(port, (open) => open.write(frame(1).subarray(0, 9), () => open.resetAndDestroy()))
      socket.once('close', done)
    }),
  'says nothing, 1000 connections': ({ port }) => keepOpen(1000, () => connect(port).resume()),
}

/** The niceness of an attacker. */
export const attackerPriority = 10

/** An attacker that attacks nobody and takes as much of the machine: what the others are compared with. */
export const idleName = 'nobody'

/** Hosts that terminals must survive: what each does with a connection. */
export const hostileHosts: Readonly<Record<string, (socket: net.Socket) => void>> = {
  'never answers': (socket) => void socket.resume(),
  'closes at once': (socket) => void socket.end(),
  'resets at once': (socket) => void socket.resetAndDestroy(),
  'answers garbage': (socket) => {
    socket.on('data', () => socket.write(Buffer.from('002a303231307a7a7a7a7a7a7a7a7a', 'hex')))
  },
  'announces giant lengths': (socket) => {
    socket.on('data', () => socket.write(Buffer.from('ffff30313233', 'hex')))
  },
  'floods with answers that nobody asked for': (socket) => {
    socket.resume()
    const frame = Buffer.concat([Buffer.from('0004', 'hex'), Buffer.from('0210')])
    pour(socket, () => batchOf(500, () => frame))
  },
  'drips its answer': (socket) => {
    socket.resume()
    const timer = setInterval(() => socket.write(Buffer.from([0])), 300)
    socket.once('close', () => clearInterval(timer))
  },
  'never reads': (socket) => void socket.pause(),
}
