// One message to a host, and its answer.

import { realClock } from '../base/clock.js'
import { StartError, UsageError } from '../base/errors.js'
import { createRandom } from '../base/random.js'
import type { Codec } from '../codec/codec.js'
import type { Message } from '../codec/message.js'
import type { KeySet } from '../crypto/keys/key-set.js'
import { createClient } from '../transport/client/client.js'
import { formatAddress } from '../transport/network/address.js'
import type { Address } from '../transport/network/link.js'
import { createTcpNetwork, type TlsOptions } from '../transport/network/tcp-network.js'
import { createMatchKey } from '../transport/wire/match-key.js'
import { readRunKeys } from './keys/run-keys.js'
import { packSigned } from './keys/signed-message.js'
import { createSpeaker, type SpeakerOptions } from './speaker.js'

export interface SendOptions extends SpeakerOptions {
  readonly message: Message
  /** For a MAC field that is the text `{mac}`; left out: the keys of the environment, or the test keys. */
  readonly keys?: KeySet
  /** Left out: without TLS. */
  readonly tls?: TlsOptions | undefined
  readonly target: Address
  /** Milliseconds to wait for the answer. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Why an answer that came did not belong to the message. */
  readonly onUnmatched?: (explanation: string) => void
}

export type Sent =
  | {
      readonly kind: 'answered'
      readonly answer: Message
      /** MTI to last field, as it came. */
      readonly body: Uint8Array
      /** Socket to answer. */
      readonly ms: number
    }
  | { readonly kind: 'noAnswer'; readonly reason: string }

/** Throws PackError for a message that does not fit the dialect, StartError when the host cannot be reached. */
export async function sendMessage(options: SendOptions): Promise<Sent> {
  const { message, target, timeoutMs } = options
  const { codec, wire, dialect } = createSpeaker(options)
  const { bytes: body } = packSigned(codec, message, () => options.keys ?? readRunKeys(undefined).set)
  const matchKey = createMatchKey(dialect.rules.matchBy)
  const client = createClient({
    network: createTcpNetwork(options.tls === undefined ? {} : { tls: options.tls }),
    address: target,
    wire,
    clock: realClock,
    random: createRandom(0),
    matchKey,
    connectTimeoutMs: timeoutMs,
    maxInFlight: 1,
    maxQueued: 1,
    onUnmatched: (_, explanation) => options.onUnmatched?.(explanation),
  })
  const stop = () => void client.close(0)
  options.signal?.addEventListener('abort', stop)
  try {
    return await new Promise<Sent>((resolve, reject) => {
      const unreachable = (reason: string) => reject(new StartError(`${formatAddress(target)}: ${reason}`))
      let writtenAt = 0
      client.send({
        key: keyOf(codec, body, matchKey),
        maxBytes: body.length,
        sendBefore: realClock.now() + timeoutMs,
        timeoutMs,
        write: (bytes, at) => {
          bytes.set(body, at)
          return at + body.length
        },
        onWritten: (at) => {
          writtenAt = at
        },
        onAnswer: (received, at) =>
          resolve({
            kind: 'answered',
            answer: codec.unpack(received.body),
            body: received.body.slice(),
            ms: at - writtenAt,
          }),
        onTimeout: () => resolve({ kind: 'noAnswer', reason: `no answer within ${timeoutMs} ms` }),
        onUnsent: (_, { reason }) => unreachable(reason),
        onFailed: (_, reason, written) => (written ? resolve({ kind: 'noAnswer', reason }) : unreachable(reason)),
      })
    })
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await client.close(0)
  }
}

function keyOf(codec: Codec, body: Uint8Array, matchKey: ReturnType<typeof createMatchKey>): string {
  const peek = codec.peek(body)
  if (peek.mti === '') throw new UsageError('the message has no MTI')
  return matchKey.ofRequest(peek.mti, (field) => peek.text(field))
}
