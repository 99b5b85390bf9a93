// A client and a server in virtual time, for the tests of both.

import { createVirtualClock } from '../../src/base/virtual-clock.js'
import type { Client, ClientOptions } from '../../src/transport/client/client.js'
import type { Address } from '../../src/transport/network/link.js'
import { createSimulatedNetwork } from '../../src/transport/network/simulated-network.js'
import {
  type Received,
  type Replier,
  type Server,
  type ServerOptions,
  startServer,
} from '../../src/transport/server/server.js'
import { answer, client as createTestClient, type request, wire } from './conversation.js'

export const host: Address = { host: 'host', port: 8583 }

/** A world with 10 ms each way, a server on `host`, and a client that reconnects after 100, 200, 400 ms. */
export async function world(
  options: { server?: Partial<ServerOptions>; client?: Partial<ClientOptions>; windowBytes?: number } = {},
) {
  const clock = createVirtualClock()
  const network = createSimulatedNetwork({
    clock,
    latencyMs: { request: () => 10, answer: () => 10 },
    ...(options.windowBytes === undefined ? {} : { windowBytes: options.windowBytes }),
  })
  const events: string[] = []
  const note = (event: string) => events.push(`${event}@${clock.now()}`)
  const server: Server = await startServer({
    network,
    address: host,
    wire,
    clock,
    onRequest: (received, replier) => {
      answer(received, replier)
    },
    ...options.server,
  })
  const client: Client = createTestClient(network, host, clock, {
    reconnect: { fromMs: 100, toMs: 400, jitter: false },
    onUp: () => note('up'),
    onDown: (reason) => note(`down ${reason}`),
    onLate: ({ peek }) => note(`late ${peek?.text(11)}`),
    onUnmatched: (_, explanation) => note(`unmatched ${explanation}`),
    onConnectTime: (ms) => note(`connected in ${ms}`),
    ...options.client,
  })
  return {
    clock,
    network,
    server,
    client,
    events,
    send: (told: ReturnType<typeof request>) => {
      client.send(told)
      return told
    },
  }
}

/** Answers each request that long after it came. */
export function answerAfter(
  clock: { after(ms: number, action: () => void): unknown },
  delay: (stan: string) => number,
) {
  return ({ peek, body }: Received, replier: Replier) => {
    const copy = { peek: wire.codec.peek(Uint8Array.from(body)) } as Received
    clock.after(delay(peek?.text(11) ?? ''), () => answer(copy, replier))
  }
}
