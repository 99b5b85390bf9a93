// The terminal role: many terminals of one scenario, that take arrivals, send their requests, and report samples.

import type { Clock } from '../../base/clock.js'
import { createNumbered } from '../../base/collections/numbered.js'
import type { Random } from '../../base/random.js'
import type { DialectRules } from '../../codec/dialect.js'
import { type Outcome, refusedByTerminal, type Sample } from '../../measure/sample.js'
import { createJudge } from '../exchange/judge.js'
import type { SignOnAgain } from '../exchange/sign-on-again.js'
import { type Arrival, Transaction, type TransactionSetting } from '../exchange/transaction.js'
import type { DeskActions, MoneyDesk } from '../money/money-desk.js'
import type { Connections } from '../paths/connections.js'
import type { MessagePlan } from '../requests/message-plan.js'
import { createMix } from '../requests/mix.js'
import { type Request, valueIn } from '../requests/request.js'
import type { RequestMaker } from '../requests/request-maker.js'
import type { Terminal } from '../terminal.js'
import { Attempt } from './attempt.js'
import type { Clerk, PlannedMistake } from './clerk.js'
import type { TerminalPool } from './terminal-pool.js'

type Done = (arrival: Arrival) => void

export interface Fleet {
  /** Takes up an arrival; `done`, told which, is called when it has its outcome. Never throws. */
  transact<Given extends Arrival>(arrival: Given, done: (arrival: Given) => void): void
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
  /** The terminal's own checks found what the clerk had entered wrongly. */
  onCaught?(intendedAt: number): void
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
  /** The answer timer of this terminal, in ms; left out: `timeoutMs`. */
  readonly timerOf?: ((terminal: Terminal) => number) | undefined
  /** The terminal's work on a card before it sends, in ms; left out, or undefined: none. */
  readonly workOf?: ((terminal: Terminal) => number | undefined) | undefined
  readonly clock: Clock
  readonly random: Random
  readonly events: FleetEvents
  /** The steps of a terminal between two transactions, by the first one's response code; left out: none. */
  readonly signOnAgain?: Pick<SignOnAgain, 'needs' | 'after' | 'before'>
  /** Left out: nobody enters anything wrongly, and nothing is checked before it is sent. */
  readonly clerk?: Clerk | undefined
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
  readonly #setting: TransactionSetting<Attempt>
  /** The running transactions, by number. */
  readonly #running = createNumbered<Transaction<Attempt>>()
  #count = 0
  /** Arrivals whose clerk thinks: what ends them. */
  readonly #thinking = new Map<Attempt, () => void>()
  #waitingForIdle: (() => void)[] = []
  /** The one that is being prepared. */
  #fresh: Transaction | undefined

  constructor(options: FleetOptions) {
    this.#options = options
    this.#nextPlan = createMix(options.mix, options.random)
    const judge = createJudge(options.rules)
    this.#setting = {
      get target() {
        return options.target
      },
      sendWithinMs: options.timeoutMs,
      ready: options.signOnAgain?.before,
      judge: (answer, request) => judge(answer, valueIn, request),
      onEnd: (transaction, sample, answer) => this.#ended(transaction, sample, answer),
    }
  }

  transact<Given extends Arrival>(arrival: Given, ended: (arrival: Given) => void): void {
    const { pool } = this.#options
    const done = ended as Done
    this.open++
    const terminal = pool.take(arrival.merchant)
    if (terminal === undefined) this.#wait(arrival, done)
    else this.#takeUp(arrival, terminal, done)
  }

  #wait(arrival: Arrival, done: Done): void {
    const { pool, timeoutMs, target, events } = this.#options
    pool.wait({
      merchant: arrival.merchant,
      until: arrival.intendedAt + timeoutMs,
      take: (terminal) => this.#takeUp(arrival, terminal, done),
      giveUp: (at) => {
        events.onSample(neverTaken(arrival, at, target), undefined, undefined)
        this.#closeOne(arrival, done)
      },
    })
    events.onBusy(arrival.intendedAt)
  }

  onIdle(action: () => void): void {
    if (this.open === 0) action()
    else this.#waitingForIdle.push(action)
  }

  giveUp(): void {
    const { pool, clock } = this.#options
    pool.close()
    const now = clock.now()
    for (const [, transaction] of this.#running.entries()) {
      if (transaction.written) transaction.onTimeout(now)
      else transaction.onUnsent(now, endedBeforeSent)
    }
    for (const end of [...this.#thinking.values()]) end()
  }

  #takeUp(arrival: Arrival, terminal: Terminal, done: Done): void {
    const { clock, events, timeoutMs, timerOf, workOf, clerk } = this.#options
    const { plan, original, substituted } = this.#choose(terminal, arrival.message)
    if (substituted) events.onSubstituted?.(arrival.intendedAt)
    const attempt = new Attempt(arrival, {
      terminal,
      plan,
      original,
      startedAt: clock.now(),
      workMs: workOf?.(terminal),
      timeoutMs: timerOf?.(terminal) ?? timeoutMs,
      done,
    })
    if (clerk !== undefined) attempt.drawn = {}
    if (attempt.workMs === undefined) this.#try(attempt)
    else this.#work(attempt, attempt.workMs)
  }

  /** The terminal reads the card, asks for the PIN, makes the message: as long as its model takes. */
  #work(attempt: Attempt, ms: number): void {
    const { clock } = this.#options
    this.#pause(attempt, ms, {
      next: () => this.#try(attempt),
      giveUp: () => this.#begin(attempt, this.#request(attempt, undefined)).onUnsent(clock.now(), endedBeforeSent),
    })
  }

  #try(attempt: Attempt): void {
    const { clerk } = this.#options
    const mistake = clerk?.errs(attempt.plan, attempt.tries)
    const request = this.#request(attempt, mistake)
    const problem = clerk?.finds(request)
    if (problem === undefined) this.#exchange(attempt, request, mistake)
    else if (mistake === undefined) this.#refuse(attempt, request, problem.words)
    else this.#correct(attempt, request)
  }

  #request({ plan, terminal, original, drawn }: Attempt, mistake: PlannedMistake | undefined): Request {
    const { makeRequest, clerk } = this.#options
    if (clerk === undefined) return makeRequest(plan, terminal, original && { names: original.texts })
    return makeRequest(mistake?.plan ?? plan, terminal, {
      ...(original !== undefined && { names: original.texts }),
      ...(drawn !== undefined && { drawn }),
      ...(mistake !== undefined && { entered: mistake }),
    })
  }

  /** The terminal has found what the clerk entered wrongly. */
  #correct(attempt: Attempt, request: Request): void {
    const { clerk, clock, events } = this.#options
    events.onCaught?.(attempt.arrival.intendedAt)
    this.#pause(attempt, clerk?.checkMs ?? 0, {
      next: () => this.#exchange(attempt, this.#request(attempt, undefined), undefined),
      giveUp: () => this.#begin(attempt, request).onUnsent(clock.now(), endedBeforeSent),
    })
  }

  /** Nothing that a clerk could correct: the card itself, or what the scenario says. Seeing that takes its time too. */
  #refuse(attempt: Attempt, request: Request, words: string): void {
    const { clerk, clock } = this.#options
    this.#pause(attempt, Math.max(1, clerk?.checkMs ?? 0), {
      next: () => this.#begin(attempt, request).onFailed(clock.now(), `${refusedByTerminal}: ${words}`),
      giveUp: () => this.#begin(attempt, request).onUnsent(clock.now(), endedBeforeSent),
    })
  }

  #exchange(attempt: Attempt, request: Request, mistake: PlannedMistake | undefined): void {
    const client = this.#options.connections.acquire(attempt.terminal)
    const transaction = this.#begin(attempt, request)
    attempt.client = client
    attempt.mistake = mistake
    attempt.tries++
    const { money } = this.#options
    // After the journal, and what the terminal owes.
    if (money === undefined) {
      client.send(transaction)
      return
    }
    this.#fresh = transaction
    money.prepare(transaction, this.#sending)
    this.#fresh = undefined
  }

  #begin(attempt: Attempt, request: Request): Transaction<Attempt> {
    const { tries, firstCode } = attempt
    const transaction = new Transaction(this.#setting, {
      number: ++this.#count,
      taken: attempt,
      request,
      again: tries > 0 ? { at: this.#options.clock.now(), tries, firstCode } : undefined,
    })
    this.#running.set(transaction.number, transaction)
    return transaction
  }

  #choose(terminal: Terminal, message: string | undefined): ReturnType<MoneyDesk['choose']> {
    const named = message === undefined ? undefined : this.#options.named?.(message)
    if (named !== undefined) return { plan: named, substituted: false }
    const plan = this.#nextPlan()
    if (plan.money.names === undefined) return { plan, substituted: false }
    return this.#options.money?.choose(plan, terminal) ?? { plan, substituted: false }
  }

  readonly #sending: DeskActions = {
    send: (transaction) => {
      if (this.#running.get(transaction.number) === undefined) return // It was given up while it waited.
      const { clock } = this.#options
      const hasWaited = transaction !== this.#fresh
      if (hasWaited && clock.now() >= transaction.sendBefore)
        transaction.onUnsent(clock.now(), { backPressure: true, reason: 'a reversal had to go first' })
      else (transaction as Transaction<Attempt>).taken.client?.send(transaction)
    },
    refuse: (transaction, reason) => transaction.onUnsent(this.#options.clock.now(), { backPressure: false, reason }),
  }

  #ended(transaction: Transaction<Attempt>, sample: Sample, answer: Uint8Array | undefined): void {
    const { connections, money, clerk, events } = this.#options
    if (this.#running.take(transaction.number) === undefined) return // It was given up before.
    const attempt = transaction.taken
    const { client, mistake } = attempt
    money?.ended(transaction, sample)
    const thinkMs = mistake && clerk?.triesAgainAfter(mistake, { sample, answer: transaction.answer }, attempt.tries)
    if (thinkMs === undefined) events.onSample(sample, transaction, answer)
    attempt.client = undefined
    attempt.mistake = undefined
    if (client !== undefined) connections.release(client)
    if (thinkMs === undefined) {
      this.#leave(attempt, sample)
      return
    }
    this.#tryAgain(transaction, sample, thinkMs)
  }

  /** A method of its own, for functions made where every transaction ends would leave what they see behind with each of them. */
  #tryAgain(transaction: Transaction<Attempt>, sample: Sample, thinkMs: number): void {
    const { clock, events } = this.#options
    const attempt = transaction.taken
    attempt.firstCode ??= sample.responseCode
    this.#pause(attempt, thinkMs, {
      next: () => this.#try(attempt),
      giveUp: () => {
        const asItStands = { ...sample, endedAt: clock.now() }
        events.onSample(asItStands, transaction, undefined)
        this.#leave(attempt, asItStands)
      },
    })
  }

  #leave({ arrival, terminal, done }: Attempt, { responseCode }: Sample): void {
    const { pool, signOnAgain } = this.#options
    if (signOnAgain?.needs(terminal, responseCode) === true) this.#signOn(terminal, responseCode)
    else pool.release(terminal)
    this.#closeOne(arrival, done)
  }

  #signOn(terminal: Terminal, responseCode: string | undefined): void {
    const { pool, signOnAgain } = this.#options
    signOnAgain?.after(terminal, responseCode, () => pool.release(terminal))
  }

  /** The clerk thinks; the terminal stays busy meanwhile. */
  #pause(attempt: Attempt, ms: number, then: { next: () => void; giveUp: () => void }): void {
    const timer = this.#options.clock.after(ms, () => {
      this.#thinking.delete(attempt)
      then.next()
    })
    this.#thinking.set(attempt, () => {
      timer.cancel()
      this.#thinking.delete(attempt)
      then.giveUp()
    })
  }

  #closeOne(arrival: Arrival, done: Done): void {
    this.open--
    done(arrival)
    if (this.open > 0 || this.#waitingForIdle.length === 0) return
    const actions = this.#waitingForIdle
    this.#waitingForIdle = []
    for (const action of actions) action()
  }
}

const endedBeforeSent = { backPressure: false, reason: 'the run ended before it could be sent' }

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
    tries: 0,
    firstCode: undefined,
  }
}
