// The terminal role: many terminals of one scenario, that take arrivals, send their requests, and report samples.

import type { Clock } from '../base/clock.js'
import type { Random } from '../base/random.js'
import type { DialectRules } from '../codec/dialect.js'
import type { Outcome, Sample } from '../measure/sample.js'
import type { Connections } from './connections.js'
import { createJudge } from './judge.js'
import type { MessagePlan } from './message-plan.js'
import { createMix } from './mix.js'
import type { RequestMaker } from './request-maker.js'
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
}

export interface FleetOptions {
  readonly pool: TerminalPool
  readonly connections: Connections
  readonly rules: DialectRules
  /** Messages with their weights. */
  readonly mix: readonly (readonly [MessagePlan, number])[]
  readonly makeRequest: RequestMaker
  readonly target: string
  readonly timeoutMs: number
  readonly clock: Clock
  readonly random: Random
  readonly events: FleetEvents
}

export function createFleet(options: FleetOptions): Fleet {
  const { pool, connections, makeRequest, target, timeoutMs, clock, events } = options
  const nextPlan = createMix(options.mix, options.random)
  const judge = createJudge(options.rules)
  const running = new Set<Transaction>()
  let waitingForIdle: (() => void)[] = []
  let open = 0

  const closeOne = (done: () => void) => {
    open--
    done()
    if (open > 0 || waitingForIdle.length === 0) return
    const actions = waitingForIdle
    waitingForIdle = []
    for (const action of actions) action()
  }

  const takeUp = (arrival: Arrival, terminal: Terminal, done: () => void) => {
    const client = connections.acquire(terminal)
    const transaction = new Transaction({
      arrival,
      terminal,
      request: makeRequest(nextPlan(), terminal),
      target,
      startedAt: clock.now(),
      timeoutMs,
      judge,
      onEnd: (ended, sample, answer) => {
        if (!running.delete(ended)) return // It was given up before.
        events.onSample(sample, ended, answer)
        connections.release(client)
        pool.release(terminal)
        closeOne(done)
      },
    })
    running.add(transaction)
    client.send(transaction)
  }

  return {
    transact(arrival, done) {
      open++
      const foundNone = pool.ask({
        merchant: arrival.merchant,
        until: arrival.intendedAt + timeoutMs,
        take: (terminal) => takeUp(arrival, terminal, done),
        giveUp: (at) => {
          events.onSample(neverTaken(arrival, at, target), undefined, undefined)
          closeOne(done)
        },
      })
      if (foundNone) events.onBusy(arrival.intendedAt)
    },
    get open() {
      return open
    },
    onIdle(action) {
      if (open === 0) action()
      else waitingForIdle.push(action)
    },
    giveUp() {
      pool.close()
      const now = clock.now()
      for (const transaction of [...running]) {
        if (transaction.written) transaction.onTimeout(now)
        else transaction.onUnsent(now, { backPressure: false, reason: 'the run ended before it could be sent' })
      }
    },
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
