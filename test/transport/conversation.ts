// The common parts of tests of client and server: a wire, exchanges that write down what happened to them, and answers.

import type { Clock } from '../../src/base/clock.js'
import { createRandom } from '../../src/base/random.js'
import { framingNamed } from '../../src/framing/framings.js'
import { type Client, type ClientOptions, createClient, type Exchange } from '../../src/transport/client/client.js'
import type { Address, Network } from '../../src/transport/network/link.js'
import type { Received, Replier } from '../../src/transport/server/server.js'
import { createMatchKey } from '../../src/transport/wire/match-key.js'
import { createWire, type Wire } from '../../src/transport/wire/wire.js'
import { tinyCodec } from './tiny-codec.js'

export const envelope = { tpdu: '6000030000', header: '603210320072', swapTpdu: true }
export const codec = tinyCodec(envelope)
export const wire: Wire = createWire({ codec, framing: framingNamed('binary2') })
export const asciiWire: Wire = createWire({ codec, framing: framingNamed('ascii4') })
export const matchKey = createMatchKey([11, 41])
export const here: Address = { host: '127.0.0.1', port: 0 }

const latin1 = (text: string) => Buffer.from(text, 'latin1')

/** An exchange 0200 with this STAN, whose fate is `events`: 'written@0', 'answer 00@12', 'timeout@30'. */
export interface Told extends Exchange {
  readonly events: string[]
  /** Resolves with the last event. */
  readonly end: Promise<string>
}

export function request(
  stan: string,
  options: { mti?: string; sendBefore?: number; timeoutMs?: number; body?: string } = {},
): Told {
  const { mti = '0200', sendBefore = Number.POSITIVE_INFINITY, timeoutMs = 30_000 } = options
  const body = latin1(options.body ?? `${mti}11=${stan};41=T1;`)
  const events: string[] = []
  let finish: (event: string) => void = () => {}
  const end = new Promise<string>((resolve) => {
    finish = resolve
  })
  const over = (event: string, at: number) => {
    events.push(`${event}@${Math.round(at)}`)
    finish(event)
  }
  return {
    key: matchKey.ofRequest(mti, (field) => (field === 11 ? stan : 'T1')),
    maxBytes: body.length,
    sendBefore,
    timeoutMs,
    events,
    end,
    write(target, at) {
      target.set(body, at)
      return at + body.length
    },
    onWritten: (at) => events.push(`written@${Math.round(at)}`),
    onAnswer: ({ peek }, at) => over(`answer ${peek?.text(39)}`, at),
    onTimeout: (at) => over('timeout', at),
    onUnsent: (at, { backPressure, reason }) => over(`unsent ${reason}${backPressure ? ' (peer)' : ''}`, at),
    onFailed: (at, reason, written) => over(`failed ${reason}${written ? ' written' : ''}`, at),
  }
}

/** Answers with the next MTI, the request's DE11 and DE41, and this code. */
export function answer(
  { peek }: Received,
  replier: Replier,
  code = '00',
  fields: readonly number[] = [11, 41],
): boolean {
  const mti = `${peek?.mti.slice(0, 2)}1${peek?.mti.slice(3)}`
  const body = latin1(`${mti}${fields.map((field) => `${field}=${peek?.text(field)};`).join('')}39=${code};`)
  return replier.reply(body.length, (target, at) => {
    target.set(body, at)
    return at + body.length
  })
}

export function client(network: Network, address: Address, clock: Clock, more: Partial<ClientOptions> = {}): Client {
  return createClient({
    network,
    address,
    wire,
    clock,
    random: createRandom(1),
    matchKey,
    connectTimeoutMs: 1000,
    ...more,
  })
}

/** A framed message, as a stranger's program would send it. */
export function framed(body: string): Uint8Array {
  const front = Buffer.from(envelope.tpdu + envelope.header, 'hex')
  const length = front.length + body.length
  return Buffer.concat([Uint8Array.of(length >> 8, length & 255), front, latin1(body)])
}
