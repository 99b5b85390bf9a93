// Messages to a host, one after another, and their answers.

import { realClock } from '../base/clock.js'
import { StartError, UsageError } from '../base/errors.js'
import { createRandom } from '../base/random.js'
import { systemWords } from '../base/text/system-words.js'
import type { Codec } from '../codec/codec.js'
import type { Message } from '../codec/message.js'
import type { KeySet } from '../crypto/keys/key-set.js'
import { createClient } from '../transport/client/client.js'
import type { Client, DownReason } from '../transport/client/client-options.js'
import { formatAddress, parseAddress } from '../transport/network/address.js'
import type { Address, Network } from '../transport/network/link.js'
import { createTcpNetwork, type TlsOptions } from '../transport/network/tcp-network.js'
import { createMatchKey } from '../transport/wire/match-key.js'
import { readRunKeys } from './keys/run-keys.js'
import { packProtected } from './keys/signed-message.js'
import { createSpeaker, type SpeakerOptions } from './speaker.js'

export interface SenderOptions extends SpeakerOptions {
  /** For what the message asks of them, such as `{mac}`; left out: the keys of the environment, or the test keys. */
  readonly keys?: KeySet
  /** Left out: without TLS. */
  readonly tls?: TlsOptions | undefined
  readonly target: Address
  /** Milliseconds to wait for the answer. */
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  /** Puts in whoever looks at what passes; left out: nobody does. */
  readonly around?: ((network: Network) => Network) | undefined
  /** No answer for 3 s, and more time is left: what has happened so far, in words. */
  readonly onWaiting?: (words: string) => void
  /** Why an answer that came did not belong to the message. */
  readonly onUnmatched?: (explanation: string) => void
}

export interface SendOptions extends Omit<SenderOptions, 'target'> {
  /** The host; `HOST:PORT` as a text too. */
  readonly target: Address | string
  readonly message: Message
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

export interface Sender {
  /**
   * A message to be packed, or its bytes as they shall go out, MTI to last field. Sends one at a time, on the connection of
   * the one before while that is open. Throws PackError for a message that does not fit the dialect, StartError when the
   * host cannot be reached.
   */
  send(message: Message | Uint8Array): Promise<Sent>
  /** Ends the connection. Idempotent. */
  close(): Promise<void>
}

/** How long an answer may be waited for without a word, in ms. */
const tellAfterMs = 3000

/** As Sender.send(), on a connection of its own. */
export async function sendMessage({ message, target, ...options }: SendOptions): Promise<Sent> {
  const address = typeof target === 'string' ? parseAddress(target, 'target:') : target
  const sender = createSender({ ...options, target: address })
  try {
    return await sender.send(message)
  } finally {
    await sender.close()
  }
}

/** Dials when something is sent. Throws UsageError for an unknown dialect or framing. */
export function createSender(options: SenderOptions): Sender {
  return new HostSender(options)
}

class HostSender implements Sender {
  readonly #options: SenderOptions
  readonly #speaker: ReturnType<typeof createSpeaker>
  readonly #matchKey: ReturnType<typeof createMatchKey>
  #client: Client | undefined
  /** The reader's words about data that came and was no answer, or about the end of the link. */
  #unread: string | undefined
  #cameInPart = false
  #ending: string | undefined

  constructor(options: SenderOptions) {
    this.#options = options
    this.#speaker = createSpeaker(options)
    this.#matchKey = createMatchKey(this.#speaker.dialect.rules.matchBy)
    options.signal?.addEventListener('abort', () => void this.#client?.close(0))
  }

  async send(given: Message | Uint8Array): Promise<Sent> {
    const { codec } = this.#speaker
    const { keys } = this.#options
    const body =
      given instanceof Uint8Array ? given : packProtected(codec, given, () => keys ?? readRunKeys(undefined).set).bytes
    const key = keyOf(codec, body, this.#matchKey)
    this.#unread = undefined
    this.#ending = undefined
    this.#cameInPart = false
    if (this.#client === undefined || this.#client.state === 'closed') this.#client = this.#dial()
    const client = this.#client
    const waiting = realClock.after(tellAfterMs, () => this.#options.onWaiting?.(this.#soFar(client)))
    try {
      return await this.#exchange(client, key, body)
    } finally {
      waiting.cancel()
    }
  }

  async close(): Promise<void> {
    await this.#client?.close(0)
  }

  #soFar({ state, inFlight }: Client): string {
    if (state !== 'up') return 'not connected yet'
    if (inFlight === 0) return 'connected, the message has not left yet'
    const came = this.#cameInPart ? 'bytes came that are no whole message yet' : 'nothing came yet'
    return `connected, the message was sent, ${came}`
  }

  #exchange(client: Client, key: string, body: Uint8Array): Promise<Sent> {
    const { target, timeoutMs } = this.#options
    return new Promise<Sent>((resolve, reject) => {
      const unreachable = (reason: string) => reject(new StartError(`${formatAddress(target)}: ${systemWords(reason)}`))
      let writtenAt = 0
      client.send({
        key,
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
        onAnswer: (received, at) => resolve({ ...readAnswer(this.#speaker.codec, received.body), ms: at - writtenAt }),
        onTimeout: () => resolve({ kind: 'noAnswer', reason: inTime(timeoutMs, this.#unread) }),
        onUnsent: (_, { reason }) => unreachable(reason),
        onFailed: (_, reason, written) =>
          written ? resolve({ kind: 'noAnswer', reason: this.#ending ?? reason }) : unreachable(reason),
      })
    })
  }

  #dial(): Client {
    const { target, tls, timeoutMs, onUnmatched, around = (network: Network) => network } = this.#options
    return createClient({
      network: around(createTcpNetwork(tls === undefined ? {} : { tls })),
      address: target,
      wire: this.#speaker.wire,
      clock: realClock,
      random: createRandom(0),
      matchKey: this.#matchKey,
      connectTimeoutMs: timeoutMs,
      maxInFlight: 1,
      maxQueued: 1,
      onPartial: () => {
        this.#cameInPart = true
      },
      onUnreadable: (explanation) => {
        this.#unread = explanation
      },
      onDown: (reason, detail) => {
        this.#ending = endingOf(reason, detail)
      },
      onUnmatched: (_, explanation) => onUnmatched?.(explanation),
    })
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
  if (reason === 'badFrame') return `the bytes that came cannot be read: ${detail}`
  return reason === 'ended' ? (detail ?? 'the host closed the connection without an answer') : undefined
}

function keyOf(codec: Codec, body: Uint8Array, matchKey: ReturnType<typeof createMatchKey>): string {
  const peek = codec.peek(body)
  if (peek.mti === '') throw new UsageError('the message has no MTI')
  return matchKey.ofRequest(peek.mti, (field) => peek.text(field))
}
