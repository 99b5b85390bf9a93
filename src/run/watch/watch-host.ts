// Watches a live host gently: one probe at a time on one connection that stays, and a fresh connect now and then.
//
// Rule: nothing leaves but echoes, connects, and with a card its balance inquiries; never more than one of them at a time.

import type { Clock, Timer } from '../../base/clock.js'
import { createRandom } from '../../base/random.js'
import { counted } from '../../base/text/counted.js'
import type { ProbeSeen } from '../../measure/watch/probes.js'
import { WatchedHost, type WatchLimits, type WatchState } from '../../measure/watch/state.js'
import { type ControlEnding, createControlExchange } from '../../terminal/exchange/control-exchange.js'
import { createJudge } from '../../terminal/exchange/judge.js'
import type { MessagePlan } from '../../terminal/requests/message-plan.js'
import { type Request, valueIn } from '../../terminal/requests/request.js'
import { createSignOn } from '../../terminal/sign-on/start-up.js'
import { createClient } from '../../transport/client/client.js'
import type { Client } from '../../transport/client/client-options.js'
import type { Address, CloseReason, Network } from '../../transport/network/link.js'
import { createMatchKey } from '../../transport/wire/match-key.js'
import type { Speaker } from '../dialect-speaker.js'
import { type WatchIdentity, type WatchMessages, watchMessages } from './watch-messages.js'

export interface WatchOptions extends WatchIdentity, WatchLimits {
  readonly target: Address
  readonly speaker: Speaker
  readonly clock: Clock
  readonly network: Network
  readonly everyMs: number
  /** Left out: until it turns bad, or is interrupted. */
  readonly forMs?: number | undefined
  /** Goes on when the state is bad. */
  readonly keepGoing: boolean
  readonly signal: AbortSignal
  readonly onProbe: (probe: ProbeSeen, state: WatchState) => void
  /** Told once where the first probe keeps everyone waiting: how far it came. */
  readonly onWaiting?: ((words: string) => void) | undefined
}

/** How long the first probe is waited for in silence, in ms. */
export const quietMs = 3000

export interface WatchEnd {
  readonly turnedBad: boolean
  readonly everConnected: boolean
  readonly state: WatchState
}

/** Probes between two fresh connects, while all is well. */
const probesPerDial = 6
/** How long the host may take to end a fresh connection, in ms. */
const lingerMs = 1000
/** Waits between attempts of the connection that stays, in ms. */
const reconnect = { fromMs: 1000, toMs: 10_000, jitter: true }

/** Resolves when it is over. Throws UsageError for a dialect that has not the messages. */
export async function watchHost(options: WatchOptions): Promise<WatchEnd> {
  const watch = new Watch(options)
  return await watch.go()
}

class Watch {
  readonly #options: WatchOptions
  readonly #state: WatchedHost
  readonly #messages: WatchMessages
  readonly #client: Client
  readonly #judge: ReturnType<typeof createJudge>
  readonly #codeClasses: ReadonlyMap<string, ProbeSeen['codeClass']>
  readonly #over = new AbortController()
  readonly #signOn: (() => Promise<string | undefined>) | undefined
  /** Bytes that came on the connection since the last message that could be read. */
  #unreadBytes = 0
  #isBusy = false
  #isDialling = false
  #probes = 0
  #turnedBad = false
  #everConnected = false
  /** A probe has ended. */
  #hasSeen = false
  #timer: Timer | undefined
  /** The response code of the last balance inquiry: the host may want another sign-on. */
  #lastCode: string | undefined

  constructor(options: WatchOptions) {
    const { speaker, clock } = options
    const { rules } = speaker.dialect
    const random = createRandom(0)
    const matchKey = createMatchKey(rules.matchBy)
    this.#options = options
    this.#state = new WatchedHost(options)
    this.#judge = createJudge(rules)
    this.#messages = watchMessages(speaker, options, { clock, random, matchKey })
    this.#codeClasses = codeClassesOf(speaker)
    this.#client = this.#createClient(random, matchKey)
    this.#signOn = this.#createSignOn()
  }

  async go(): Promise<WatchEnd> {
    const { clock, signal, forMs } = this.#options
    const stop = () => this.#over.abort()
    signal.addEventListener('abort', stop)
    const end = forMs === undefined ? undefined : clock.after(forMs, stop)
    this.#client.connect()
    this.#tick()
    const waiting = clock.after(quietMs, () => this.#sayHowFar())
    await aborted(this.#over.signal)
    waiting.cancel()
    end?.cancel()
    this.#timer?.cancel()
    signal.removeEventListener('abort', stop)
    await this.#client.close(0)
    const state = this.#state.at(clock.now(), true)
    return { turnedBad: this.#turnedBad || state.verdict === 'bad', everConnected: this.#everConnected, state }
  }

  #sayHowFar(): void {
    if (this.#hasSeen) return
    const sent = this.#everConnected ? 'connected, the echo was sent' : 'not connected yet'
    const came = this.#unreadBytes === 0 ? 'nothing came yet' : 'bytes came that are no message'
    this.#options.onWaiting?.(`${sent}, ${came}`)
  }

  /** A probe that is due while the last one is under way is left out: that one is late already. */
  #tick(): void {
    if (this.#over.signal.aborted) return
    this.#timer = this.#options.clock.after(this.#options.everyMs, () => this.#tick())
    if (this.#isBusy) return
    this.#isBusy = true
    void this.#round().finally(() => {
      this.#isBusy = false
    })
  }

  async #round(): Promise<void> {
    const { echo, balance, terminal, keys } = this.#messages
    if (++this.#probes % probesPerDial === 0) this.#dial()
    await this.#probe('echo', echo)
    if (balance === undefined || this.#over.signal.aborted) return
    if (this.#signOn !== undefined && keys.wantsSignOn(terminal, this.#lastCode)) {
      await this.#signOn()
      if (this.#over.signal.aborted) return
    }
    this.#lastCode = await this.#probe('balance', balance)
  }

  /** Resolves to the response code, when the probe has been taken up into the state. */
  async #probe(kind: ProbeSeen['kind'], plan: MessagePlan): Promise<string | undefined> {
    const { clock, timeoutMs, timelyMs } = this.#options
    const at = clock.now()
    let writtenAt: number | undefined
    // Nothing tells network from host better than a connect while an answer is missing.
    const late = clock.after(timelyMs, () => this.#dial())
    const seen = await new Promise<ProbeSeen>((resolve) => {
      const request = this.#messages.makeRequest(plan, this.#messages.terminal)
      const exchange = createControlExchange({
        request,
        sendBefore: at + timeoutMs,
        timeoutMs,
        onWritten: (time) => {
          writtenAt = time
        },
        onEnd: (ending) => resolve({ ...this.#seen(kind, request, ending), at, writtenAt }),
      })
      this.#client.send(exchange)
    })
    late.cancel()
    this.#take(seen)
    return seen.code
  }

  #take(seen: ProbeSeen): void {
    if (this.#over.signal.aborted) return
    this.#hasSeen = true
    this.#state.probe(seen)
    const state = this.#state.at(this.#options.clock.now())
    if (state.verdict === 'bad') this.#turnedBad = true
    this.#options.onProbe(seen, state)
    if (state.verdict === 'bad' && !this.#options.keepGoing) this.#over.abort()
  }

  #seen(kind: ProbeSeen['kind'], request: Request, ending: ControlEnding): Omit<ProbeSeen, 'at' | 'writtenAt'> {
    const nothing = { decided: false, code: undefined, codeClass: undefined, reason: undefined }
    if (ending.kind === 'timedOut')
      return { kind, endedAt: ending.at, answered: false, ...nothing, reason: this.#unreadReason() }
    if (ending.kind === 'failed') {
      const reason = ending.reason === 'badFrame' ? (this.#unreadReason() ?? ending.reason) : ending.reason
      return { kind, endedAt: ending.at, answered: false, ...nothing, reason }
    }
    this.#forgetUnread()
    const { peek } = ending.received
    if (peek === undefined)
      return { kind, endedAt: ending.at, answered: true, ...nothing, reason: 'answer that cannot be read' }
    const judged = this.#judge(peek, valueIn, request)
    const { outcome, code, retryCode, reason } = request.guard?.trusted(request.plan, ending.received, judged) ?? judged
    const codeClass = code === undefined ? undefined : this.#codeClasses.get(code)
    const refused = outcome === 'failed' || retryCode || codeClass === 'setup'
    // Some hosts answer an echo without a code: the answer is what was asked for.
    const decided = kind === 'echo' && code === undefined ? true : !refused
    return { kind, endedAt: ending.at, answered: true, decided, code, codeClass, reason: decided ? undefined : reason }
  }

  #unreadReason(): string | undefined {
    if (this.#unreadBytes === 0) return undefined
    return `answer that cannot be read (${counted(this.#unreadBytes, 'byte')}): are framing and dialect the host's?`
  }

  #createClient(random: ReturnType<typeof createRandom>, matchKey: ReturnType<typeof createMatchKey>): Client {
    const { network, target, speaker, clock, timeoutMs } = this.#options
    let dialledAt = clock.now()
    let isUp = false
    return createClient({
      network: this.#listening(network),
      ...{ address: target, wire: speaker.wire, clock, random, matchKey, reconnect },
      connectTimeoutMs: timeoutMs,
      maxInFlight: 1,
      maxQueued: 1,
      onConnectTime: (ms) => {
        isUp = true
        this.#everConnected = true
        this.#state.dial({ at: clock.now() - ms, ms, result: 'open', reason: undefined })
      },
      onLate: () => this.#forgetUnread(),
      onUnmatched: ({ peek }) => {
        if (peek !== undefined) this.#forgetUnread()
      },
      onDown: (reason, detail) => {
        if (this.#over.signal.aborted) return
        const now = clock.now()
        if (isUp) this.#state.loss({ at: now, reason: detail ?? reason })
        else if (reason !== 'local') this.#failed(dialledAt, reason, detail)
        isUp = false
        dialledAt = now
      },
    })
  }

  /** Counts what comes: bytes that make no message are something else than silence. */
  #listening(network: Network): Network {
    return {
      listen: (...rest) => network.listen(...rest),
      connect: (address, handlers, options) => {
        this.#forgetUnread()
        const onData = (bytes: Uint8Array) => {
          this.#unreadBytes += bytes.length
          handlers.onData(bytes)
        }
        return network.connect(address, { ...handlers, onData }, options)
      },
    }
  }

  #forgetUnread(): void {
    this.#unreadBytes = 0
  }

  #failed(at: number, reason: string, detail: string | undefined): void {
    const ms = this.#options.clock.now() - at
    this.#state.dial({ at, ms, result: resultOf(reason as CloseReason), reason: detail ?? reason })
  }

  /** A connect of its own, which is closed again without a byte. */
  #dial(): void {
    if (this.#isDialling || this.#over.signal.aborted) return
    this.#isDialling = true
    const { network, target, clock, timeoutMs } = this.#options
    const at = clock.now()
    let opened = false
    let linger: Timer | undefined
    const stop = () => link.reset()
    const link = network.connect(
      target,
      {
        onOpen: () => {
          opened = true
          this.#everConnected = true
          this.#isDialling = false
          this.#state.dial({ at, ms: clock.now() - at, result: 'open', reason: undefined })
          link.end()
          // A host that does not end its side would keep the connection.
          linger = clock.after(lingerMs, () => link.reset())
        },
        onData: () => {},
        onEnd: () => link.end(),
        onClose: (reason, detail) => {
          linger?.cancel()
          this.#over.signal.removeEventListener('abort', stop)
          if (opened) return
          this.#isDialling = false
          if (reason !== 'local') this.#failed(at, reason, detail)
        },
      },
      { connectTimeoutMs: timeoutMs },
    )
    this.#over.signal.addEventListener('abort', stop, { once: true })
  }

  #createSignOn(): (() => Promise<string | undefined>) | undefined {
    const { signOn: plan, makeRequest, keys, terminal } = this.#messages
    if (plan === undefined) return undefined
    const { speaker, clock, timeoutMs } = this.#options
    const signOn = createSignOn({
      connections: { acquire: () => this.#client, release: () => {} },
      rules: speaker.dialect.rules,
      ...{ plan, makeRequest, keys, clock, timeoutMs },
    })
    return () => signOn(terminal)
  }
}

function resultOf(reason: CloseReason): 'refused' | 'timeout' | 'failed' {
  if (reason === 'refused') return 'refused'
  return reason === 'connectTimeout' ? 'timeout' : 'failed'
}

function codeClassesOf({ dialect }: Speaker): ReadonlyMap<string, ProbeSeen['codeClass']> {
  const classes = Object.entries(dialect.rules.codeClasses ?? {}) as [
    NonNullable<ProbeSeen['codeClass']>,
    readonly string[],
  ][]
  return new Map(classes.flatMap(([name, codes]) => codes.map((code) => [code, name] as const)))
}

const aborted = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
