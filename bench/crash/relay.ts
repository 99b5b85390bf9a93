// A line of TCP between terminals and their host that shows every byte to a witness and passes it on. Rule: it understands
// nothing and saves nothing; it refuses connections while it is told that the host is down, as the host's port would.

import { connect, createServer, type Server, type Socket } from 'node:net'

/** The onlooker that one connection shows its bytes. */
export interface Onlooker {
  request(bytes: Uint8Array): void
  answer(bytes: Uint8Array): void
}

export interface Relay {
  /** 127.0.0.1 and a port that stays the same. */
  address(): string
  /** From now on connections are taken, and led to this address. */
  open(host: string): Promise<void>
  /** From now on they are refused. Those that are open end when the host's do. Idempotent. */
  shut(): void
}

/** `watch` is called for each connection. An answer is shown when it is handed to the terminals' socket. */
export function createRelay(watch: () => Onlooker): Relay {
  let port = 0
  let server: Server | undefined
  return {
    address: () => `127.0.0.1:${port}`,
    async open(host) {
      const opened = createServer((terminal) => join(terminal, host, watch()))
      await new Promise<void>((resolve, reject) => opened.once('error', reject).listen(port, '127.0.0.1', resolve))
      port = (opened.address() as { port: number }).port
      server = opened
    },
    shut() {
      server?.close()
      server = undefined
    },
  }
}

function join(terminal: Socket, address: string, onlooker: Onlooker): void {
  const colon = address.lastIndexOf(':')
  const host = connect(Number(address.slice(colon + 1)), address.slice(0, colon))
  const ways = [
    { from: terminal, to: host, show: (bytes: Buffer) => onlooker.request(bytes) },
    { from: host, to: terminal, show: (bytes: Buffer) => onlooker.answer(bytes) },
  ]
  for (const { from, to, show } of ways) {
    from.setNoDelay(true)
    from.on('data', (bytes) => {
      show(bytes)
      to.write(bytes)
    })
    // A side that dies ends the other, after what it had sent.
    from.on('error', () => from.destroy())
    from.on('close', () => to.destroySoon())
  }
}
