// One message to a host, and its answer.

import { realClock } from '../base/clock.js'
import { StartError, UsageError } from '../base/errors.js'
import { createRandom } from '../base/random.js'
import type { Codec } from '../codec/codec.js'
import type { Message } from '../codec/message.js'
import type { KeySet } from '../crypto/keys/key-set.js'
import { createClient } from '../transport/client/client.js'
import type { DownReason } from '../transport/client/client-options.js'
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
      /** Why the answer could not be read to its end; `answer` is what could be read. */
      readonly error?: Error
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
  // What came and did not answer, and how the link ended, in the words of who could not read it.
  let unread: string | undefined
  let ending: string | undefined
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
    onUnreadable: (explanation) => {
      unread = explanation
    },
    onDown: (reason, detail) => {
      ending = endingOf(reason, detail)
    },
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
        onAnswer: (received, at) => resolve({ ...readAnswer(codec, received.body), ms: at - writtenAt }),
        onTimeout: () => resolve({ kind: 'noAnswer', reason: inTime(timeoutMs, unread) }),
        onUnsent: (_, { reason }) => unreachable(reason),
        onFailed: (_, reason, written) =>
          written ? resolve({ kind: 'noAnswer', reason: ending ?? reason }) : unreachable(reason),
      })
    })
  } finally {
    options.signal?.removeEventListener('abort', stop)
    await client.close(0)
  }
}

/** Fields that the host wrote wrongly end nothing: what could be read is the answer. */
function readAnswer(codec: Codec, received: Uint8Array) {
  const body = received.slice()
  const { message, error } = codec.inspect(body)
  return { kind: 'answered' as const, answer: message, body, ...(error === undefined ? {} : { error }) }
}

const inTime = (timeoutMs: number, unread: string | undefined) =>
  unread === undefined
    ? `no answer within ${timeoutMs} ms`
    : `no answer could be read within ${timeoutMs} ms: ${unread}`

/** How the host ended the connection before it answered; undefined for what says enough. */
function endingOf(reason: DownReason, detail: string | undefined): string | undefined {
  if (reason === 'badFrame') return `what came cannot be read: ${detail}`
  return reason === 'ended' ? 'the host closed the connection without an answer' : undefined
}

function keyOf(codec: Codec, body: Uint8Array, matchKey: ReturnType<typeof createMatchKey>): string {
  const peek = codec.peek(body)
  if (peek.mti === '') throw new UsageError('the message has no MTI')
  return matchKey.ofRequest(peek.mti, (field) => peek.text(field))
}
