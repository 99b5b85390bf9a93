// The terminal role: many terminals of one scenario, that take arrivals, send their requests, and report samples.

import type { Clock } from '../base/clock.js'
import type { Random } from '../base/random.js'
import type { DialectRules } from '../codec/dialect.js'
import type { Outcome, Sample } from '../measure/sample.js'
import type { Client } from '../transport/client.js'
import type { Connections } from './connections.js'
import { createJudge } from './judge.js'
import type { MessagePlan } from './message-plan.js'
import { createMix } from './mix.js'
import type { MoneyDesk } from './money-desk.js'
import type { RequestMaker } from './request-maker.js'
import type { SignOnAgain } from './sign-on-again.js'
import type { Terminal } from './terminal.js'
import type { TerminalPool } from './terminal-pool.js'
import { type Arrival, Transaction } from './transaction.js'

export interface Fleet {
  /** Takes up an arrival; `done` is called when it has its outcome. Never throws. */
  transact(arrival: Arrival, done: () => void): void
  /** Arrivals without an outcome yet. */
  readonly open: number
  /** Calls back once when no arrival is open any more; at once when none is. */
  onIdle(action: () => void): void
  /** Ends what is open now: what was sent has timed out, what was not is unsent. */
  giveUp(): void
}

export interface FleetEvents {
  /** Each arrival's one sample. `answer` is valid during the call only. */
  onSample(sample: Sample, transaction: Transaction | undefined, answer: Uint8Array | undefined): void
  /** An arrival found every terminal busy and waits. */
  onBusy(intendedAt: number): void
  /** Another message was sent than the one drawn, which would have named an earlier transaction and found none. */
  onSubstituted?(intendedAt: number): void
}

export interface FleetOptions {
  readonly pool: TerminalPool
  readonly connections: Connections
  readonly rules: DialectRules
  /** Messages with their weights. */
  readonly mix: readonly (readonly [MessagePlan, number])[]
  /** A message by its name, for arrivals that say which; prepared once. */
  readonly named?: (name: string) => MessagePlan | undefined
  readonly makeRequest: RequestMaker
  readonly target: string
  readonly timeoutMs: number
  readonly clock: Clock
  readonly random: Random
  readonly events: FleetEvents
  /** What a terminal does between two transactions, by the first one's response code; left out: nothing. */
  readonly signOnAgain?: Pick<SignOnAgain, 'after'>
  /** Left out: nothing is remembered, journalled or reversed. */
  readonly money?: Pick<MoneyDesk, 'choose' | 'prepare' | 'ended'>
}

export function createFleet(options: FleetOptions): Fleet {
  return new TerminalFleet(options)
}

class TerminalFleet implements Fleet {
  open = 0
  readonly #options: FleetOptions
  readonly #nextPlan: () => MessagePlan
  readonly #judge: ReturnType<typeof createJudge>
  readonly #running = new Set<Transaction>()
  #waitingForIdle: (() => void)[] = []

  constructor(options: FleetOptions) {
    this.#options = options
    this.#nextPlan = createMix(options.mix, options.random)
    this.#judge = createJudge(options.rules)
  }

  transact(arrival: Arrival, done: () => void): void {
    const { pool, timeoutMs, target, events } = this.#options
    this.open++
    const foundNone = pool.ask({
      merchant: arrival.merchant,
      until: arrival.intendedAt + timeoutMs,
      take: (terminal) => this.#takeUp(arrival, terminal, done),
      giveUp: (at) => {
        events.onSample(neverTaken(arrival, at, target), undefined, undefined)
        this.#closeOne(done)
      },
    })
    if (foundNone) events.onBusy(arrival.intendedAt)
  }

  onIdle(action: () => void): void {
    if (this.open === 0) action()
    else this.#waitingForIdle.push(action)
  }

  giveUp(): void {
    const { pool, clock } = this.#options
    pool.close()
    const now = clock.now()
    for (const transaction of [...this.#running]) {
      if (transaction.written) transaction.onTimeout(now)
      else transaction.onUnsent(now, { backPressure: false, reason: 'the run ended before it could be sent' })
    }
  }

  #takeUp(arrival: Arrival, terminal: Terminal, done: () => void): void {
    const { connections, makeRequest, target, timeoutMs, clock, events } = this.#options
    const { plan, original, substituted } = this.#choose(terminal, arrival.message)
    if (substituted) events.onSubstituted?.(arrival.intendedAt)
    const client = connections.acquire(terminal)
    const transaction = new Transaction({
      arrival,
      terminal,
      request: makeRequest(plan, terminal, original && { names: original.texts }),
      original,
      target,
      startedAt: clock.now(),
      timeoutMs,
      judge: this.#judge,
      onEnd: (ended, sample, answer) => this.#ended(ended, sample, answer, { client, done }),
    })
    this.#running.add(transaction)
    this.#send(transaction, client)
  }

  #choose(terminal: Terminal, message: string | undefined): ReturnType<MoneyDesk['choose']> {
    const named = message === undefined ? undefined : this.#options.named?.(message)
    if (named !== undefined) return { plan: named, substituted: false }
    const plan = this.#nextPlan()
    return this.#options.money?.choose(plan, terminal) ?? { plan, substituted: false }
  }

  /** After the journal, and what the terminal owes. */
  #send(transaction: Transaction, client: Client): void {
    const { money, clock } = this.#options
    const refuse = (reason: string, backPressure: boolean) =>
      transaction.onUnsent(clock.now(), { backPressure, reason })
    const send = () => {
      if (!this.#running.has(transaction)) return // It was given up while it waited.
      if (clock.now() >= transaction.sendBefore) refuse('a reversal had to go first', true)
      else client.send(transaction)
    }
    if (money === undefined) client.send(transaction)
    else money.prepare(transaction, { send, refuse: (reason) => refuse(reason, false) })
  }

  #ended(
    transaction: Transaction,
    sample: Sample,
    answer: Uint8Array | undefined,
    { client, done }: { client: Client; done: () => void },
  ): void {
    const { connections, pool, events, money, signOnAgain } = this.#options
    if (!this.#running.delete(transaction)) return // It was given up before.
    const { terminal } = transaction.options
    money?.ended(transaction, sample)
    events.onSample(sample, transaction, answer)
    connections.release(client)
    if (signOnAgain === undefined) pool.release(terminal)
    else signOnAgain.after(terminal, sample.responseCode, () => pool.release(terminal))
    this.#closeOne(done)
  }

  #closeOne(done: () => void): void {
    this.open--
    done()
    if (this.open > 0 || this.#waitingForIdle.length === 0) return
    const actions = this.#waitingForIdle
    this.#waitingForIdle = []
    for (const action of actions) action()
  }
}

/** An arrival for which no terminal became free within the timeout. */
function neverTaken(arrival: Arrival, at: number, target: string): Sample {
  return {
    type: 'none',
    terminal: '',
    merchant: arrival.merchant ?? '',
    target,
    phase: arrival.phase,
    stan: undefined,
    intendedAt: arrival.intendedAt,
    startedAt: undefined,
    writtenAt: undefined,
    endedAt: at,
    outcome: 'unsent' satisfies Outcome,
    responseCode: undefined,
    retryCode: false,
    reason: 'every terminal was busy',
    // Terminals are busy because the host has not answered them yet.
    backPressure: true,
  }
}
