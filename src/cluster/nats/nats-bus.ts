// The bus on NATS with JetStream. This file alone knows the client library, which is loaded when a run needs it.
//
// Rule: the stream of a run is read by pulling from the last place that was read, with a consumer that is made anew after any
// trouble. The library's own consumer comes back only half a minute after its server was killed.

import type { PubAck } from '@nats-io/jetstream'
import type { ConnectionOptions, NatsConnection } from '@nats-io/transport-node'
import { type Clock, sleep } from '../../base/clock.js'
import { StartError, UsageError } from '../../base/errors.js'
import { type Bus, BusFull, type BusReader, BusSilent, type Stop } from '../bus.js'

/** Between two tries, in ms. */
const againAfterMs = 500
/** For one message to be kept, in ms. */
const keepTimeoutMs = 3000
/** Messages of one pull, and how long it waits for them, in ms. */
const pull = { max_messages: 256, expires: 2000 } as const
/** How often the server is asked whether it lives, in ms, and how many answers may be missing. */
const ping = { pingInterval: 2000, maxPingOut: 2 } as const
/** How long the bus keeps a run, in ns: seven days. */
const keptForNs = 7 * 24 * 3600 * 1e9
/** Codes of JetStream for a stream or a store without room. */
const fullCodes = [10_023, 10_047, 10_077]

export interface NatsPlace {
  /** `nats://host:4222`, `tls://host:4222`; several with commas between them. */
  readonly url: string
  readonly run: string
  readonly credentials?: NatsCredentials | undefined
  /** PEM texts. Left out: TLS only where the server or the URL asks for it. */
  readonly tls?: { readonly ca?: string; readonly cert?: string; readonly key?: string } | undefined
}

export type NatsCredentials =
  | { readonly kind: 'user'; readonly user: string; readonly pass: string }
  | { readonly kind: 'nkey'; readonly seed: Uint8Array }
  | { readonly kind: 'creds'; readonly text: Uint8Array }

export interface StreamLimits {
  readonly maxBytes: number
  readonly replicas: number
  /** How long an id is remembered, in ms. */
  readonly rememberMs: number
}

type Library = typeof import('@nats-io/transport-node')
type Streams = typeof import('@nats-io/jetstream')

async function loadLibrary(): Promise<{ library: Library; streams: Streams }> {
  try {
    return { library: await import('@nats-io/transport-node'), streams: await import('@nats-io/jetstream') }
  } catch (cause) {
    const packages = '@nats-io/transport-node@3.3.1 @nats-io/jetstream@3.3.1'
    throw new StartError(`a run on a bus needs two optional packages: npm install ${packages}`, { cause })
  }
}

/** Rejects with StartError when the server cannot be reached or refuses. */
export async function openNatsBus(place: NatsPlace, clock: Clock): Promise<NatsBus> {
  const { library, streams } = await loadLibrary()
  try {
    const connection = await library.connect(connectionOptions(place, library))
    return new NatsBus(connection, { place, clock, streams })
  } catch (cause) {
    throw new StartError(`the bus ${shown(place.url)} cannot be used: ${wordsOf(cause)}`, { cause })
  }
}

function connectionOptions({ url, credentials, tls, run }: NatsPlace, library: Library): ConnectionOptions {
  const servers = url.split(',')
  const login = (): Partial<ConnectionOptions> => {
    if (credentials === undefined) return {}
    if (credentials.kind === 'user') return { user: credentials.user, pass: credentials.pass }
    if (credentials.kind === 'nkey') return { authenticator: library.nkeyAuthenticator(credentials.seed) }
    return { authenticator: library.credsAuthenticator(credentials.text) }
  }
  return {
    servers: servers.map((server) => server.replace(/^[a-z]+:\/\//, '')),
    name: `isochron ${run}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: againAfterMs,
    timeout: 5000,
    ...ping,
    ...login(),
    ...((tls !== undefined || url.startsWith('tls:')) && { tls: { ...tls } }),
  }
}

/** Without what stands before the @: it may be a password. */
export const shown = (url: string): string => url.replace(/\/\/[^@/]*@/g, '//')

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/** Throws UsageError for what is no address of NATS. */
export function checkUrl(url: string): void {
  for (const server of url.split(','))
    if (!/^(nats|tls):\/\/[^/\s@]+$/.test(server))
      throw new UsageError(
        `--on: expected nats://HOST:PORT or tls://HOST:PORT, got '${shown(server)}'; credentials come from --bus-creds`,
      )
}

interface Inside {
  readonly place: NatsPlace
  readonly clock: Clock
  readonly streams: Streams
}

export class NatsBus implements Bus {
  readonly #connection: NatsConnection
  readonly #inside: Inside
  readonly #stream: string
  readonly #upListeners = new Set<(isUp: boolean) => void>()
  #isUp = true
  #isClosed = false
  #replicas = 1

  constructor(connection: NatsConnection, inside: Inside) {
    this.#connection = connection
    this.#inside = inside
    this.#stream = `ISOCHRON_${inside.place.run}`
    void this.#watch()
  }

  get isUp(): boolean {
    return this.#isUp && !this.#isClosed
  }

  get isEncrypted(): boolean {
    const { url, tls } = this.#inside.place
    return tls !== undefined || url.startsWith('tls:') || this.#connection.info?.tls_required === true
  }

  /** The servers that keep the run: known when its stream was made or found. */
  get replicas(): number {
    return this.#replicas
  }

  /** Its address, for the result. */
  get server(): string {
    return shown(this.#inside.place.url)
  }

  async ask(subject: string, body: Uint8Array, timeoutMs: number): Promise<Uint8Array> {
    try {
      return (await this.#connection.request(this.#full(subject), body, { timeout: timeoutMs })).data
    } catch (error) {
      if (isForbidden(error)) throw new StartError(`the bus does not let this user ask '${subject}': ${wordsOf(error)}`)
      // Nobody serves it yet: that is known at once, and asked again no sooner than after a silence.
      if (!this.#isClosed && timeoutMs >= againAfterMs) await sleep(this.#inside.clock, againAfterMs)
      throw new BusSilent(subject)
    }
  }

  serve(subject: string, answer: (body: Uint8Array) => Uint8Array | Promise<Uint8Array>): Stop {
    const subscription = this.#connection.subscribe(this.#full(subject), {
      callback: (error, message) => {
        if (error !== null) return
        // A question that is no question gets no answer: anyone may ask.
        void (async () => message.respond(await answer(message.data)))().catch(() => {})
      },
    })
    return () => subscription.unsubscribe()
  }

  tell(subject: string, body: Uint8Array): void {
    try {
      this.#connection.publish(this.#full(subject), body)
    } catch {
      // Best effort.
    }
  }

  listen(subject: string, hear: (body: Uint8Array) => void): Stop {
    const subscription = this.#connection.subscribe(this.#full(subject), {
      callback: (error, message) => {
        if (error === null) hear(message.data)
      },
    })
    return () => subscription.unsubscribe()
  }

  async append(subject: string, body: Uint8Array, id: string): Promise<void> {
    const client = this.#inside.streams.jetstream(this.#connection)
    while (!this.#isClosed) {
      try {
        const kept: PubAck = await client.publish(this.#full(subject), body, { msgID: id, timeout: keepTimeoutMs })
        if (kept.stream === this.#stream) return
      } catch (error) {
        this.#refuse(error, subject)
      }
      await sleep(this.#inside.clock, againAfterMs)
    }
    throw new BusSilent(subject)
  }

  #refuse(error: unknown, subject: string): void {
    const { code } = (error ?? {}) as { readonly code?: unknown }
    if (typeof code === 'number' && fullCodes.includes(code)) throw new BusFull(wordsOf(error))
    if (isForbidden(error)) throw new StartError(`the bus does not let this user keep '${subject}': ${wordsOf(error)}`)
  }

  replay(reader: BusReader): Stop {
    const stop = new AbortController()
    void this.#read(reader, stop.signal)
    return () => stop.abort()
  }

  async #read(reader: BusReader, stop: AbortSignal): Promise<void> {
    let next = 1
    let lastOfPast: number | undefined
    while (!stop.aborted && !this.#isClosed) {
      try {
        const manager = await this.#inside.streams.jetstreamManager(this.#connection, { timeout: keepTimeoutMs })
        lastOfPast ??= (await manager.streams.info(this.#stream)).state.last_seq
        const { deliver_policy, ack_policy } = this.#fromThere
        const { name } = await manager.consumers.add(this.#stream, {
          ...{ deliver_policy, ack_policy, opt_start_seq: next },
          ...{ inactive_threshold: 30e9, mem_storage: true },
        })
        const consumer = await this.#inside.streams.jetstream(this.#connection).consumers.get(this.#stream, name)
        while (!stop.aborted && !this.#isClosed) {
          if (next > lastOfPast) {
            lastOfPast = Number.POSITIVE_INFINITY
            reader.onCaughtUp()
          }
          for await (const message of await consumer.fetch({ ...pull })) {
            if (stop.aborted || message.seq < next) continue
            next = message.seq + 1
            const { timestampNanos } = message.info
            reader.onMessage(message.subject.slice(this.#full('').length), message.data, timestampNanos / 1e6)
            if (next > lastOfPast) {
              lastOfPast = Number.POSITIVE_INFINITY
              reader.onCaughtUp()
            }
          }
          if (!this.#isUp) break
        }
      } catch {
        // The server is away, or has forgotten the consumer.
      }
      await sleep(this.#inside.clock, againAfterMs, stop)
    }
  }

  get #fromThere() {
    const { DeliverPolicy, AckPolicy } = this.#inside.streams
    return { deliver_policy: DeliverPolicy.StartSequence, ack_policy: AckPolicy.None }
  }

  onUp(listener: (isUp: boolean) => void): Stop {
    this.#upListeners.add(listener)
    return () => void this.#upListeners.delete(listener)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#connection.close()
  }

  /** Makes the stream of the run. False: there is one already. Throws StartError where there is no room for it. */
  async makeStream({ maxBytes, replicas, rememberMs }: StreamLimits): Promise<boolean> {
    if (await this.hasStream()) return false
    const { StorageType, DiscardPolicy } = this.#inside.streams
    try {
      const manager = await this.#inside.streams.jetstreamManager(this.#connection)
      await manager.streams.add({
        ...{ name: this.#stream, subjects: [this.#full('d.>')], storage: StorageType.File },
        ...{ discard: DiscardPolicy.New, num_replicas: replicas, max_bytes: maxBytes, max_age: keptForNs },
        duplicate_window: rememberMs * 1e6,
      })
      this.#replicas = replicas
      return true
    } catch (cause) {
      throw new StartError(
        `the bus cannot keep this run: ${wordsOf(cause)}; it needs ${Math.ceil(maxBytes / 1024 / 1024)} MiB of JetStream's file store (max_file_store)`,
        { cause },
      )
    }
  }

  /** Throws StartError where JetStream cannot be asked. */
  async hasStream(): Promise<boolean> {
    try {
      const manager = await this.#inside.streams.jetstreamManager(this.#connection)
      const { config } = await manager.streams.info(this.#stream)
      this.#replicas = config.num_replicas
      return true
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === 10_059) return false
      throw new StartError(`the bus ${this.server} has no JetStream for this user: ${wordsOf(error)}`, { cause: error })
    }
  }

  /** The run was brought to its end: nobody will tell anything more of it. */
  async hasEnded(): Promise<boolean> {
    const manager = await this.#inside.streams.jetstreamManager(this.#connection)
    try {
      return (await manager.streams.getMessage(this.#stream, { last_by_subj: this.#full('d.end') })) !== null
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === 10_037) return false
      throw new StartError(`the bus ${this.server} cannot be asked for the run: ${wordsOf(error)}`, { cause: error })
    }
  }

  /** Forgets the run. */
  async dropStream(): Promise<void> {
    const manager = await this.#inside.streams.jetstreamManager(this.#connection)
    await manager.streams.delete(this.#stream)
  }

  #full(subject: string): string {
    return `isochron.${this.#inside.place.run}.${subject}`
  }

  async #watch(): Promise<void> {
    for await (const { type } of this.#connection.status()) {
      if (type === 'disconnect' || type === 'staleConnection') this.#turn(false)
      else if (type === 'reconnect') this.#turn(true)
    }
  }

  #turn(isUp: boolean): void {
    if (isUp === this.#isUp) return
    this.#isUp = isUp
    for (const listener of this.#upListeners) listener(isUp)
  }
}

const isForbidden = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'PermissionViolationError' || error.name === 'AuthorizationError')
