// One arrival on its way: from the card that is presented, over the terminal that takes it up, to its one outcome.

import type { Peek } from '../../codec/codec.js'
import type { Outcome, Sample } from '../../measure/sample.js'
import type { Exchange } from '../../transport/client/client.js'
import type { Received } from '../../transport/wire/wire.js'
import type { Judgement } from '../judgement.js'
import type { Remembered } from '../requests/originals.js'
import type { Request } from '../requests/request.js'
import type { Terminal } from '../terminal.js'
import type { SignOnAgain } from './sign-on-again.js'
import { writeRequest } from './write-request.js'

export interface Arrival {
  /** Milliseconds of the clock at which the card is presented by plan. */
  readonly intendedAt: number
  readonly phase: string
  readonly merchant?: string | undefined
  /** The message that is sent for it; left out: as the mix says. */
  readonly message?: string | undefined
}

/** An arrival as its terminal has taken it up: the same in all its tries. */
export interface TakenUp {
  readonly arrival: Arrival
  readonly terminal: Terminal
  /** The earlier transaction that it names. */
  readonly original?: Remembered | undefined
  /** Milliseconds of the clock. */
  readonly startedAt: number
  /** The terminal's own work before it could send, in ms; undefined: not known. */
  readonly workMs?: number | undefined
  /** Answer timer, in ms, from the moment the request was handed over. */
  readonly timeoutMs: number
}

/** The part that all transactions of a fleet have in common. */
export interface TransactionSetting<Taken extends TakenUp> {
  readonly target: string
  /** How late a request may still be sent, in ms; left out: as long as its timer. */
  readonly sendWithinMs?: number
  /** Calls `go` when the terminal may speak to this host; left out: always. */
  readonly ready?: SignOnAgain['before'] | undefined
  readonly judge: (answer: Peek, request: Request) => Judgement
  /** Called exactly once. `answer`, the message without its envelope, is valid during the call only. */
  onEnd(transaction: Transaction<Taken>, sample: Sample, answer: Uint8Array | undefined): void
}

/** The facts of a further try: when the clerk made it, how many came before, and what the host said to the first. */
export interface Again {
  readonly at: number
  readonly tries: number
  readonly firstCode: string | undefined
}

/** The exchange of one transaction; its life ends with its sample. */
export class Transaction<Taken extends TakenUp = TakenUp> implements Exchange {
  /** Its own among those of its fleet. */
  readonly number: number
  readonly taken: Taken
  readonly request: Request
  readonly again: Again | undefined
  readonly sendBefore: number
  /** The message that came as an answer, located; valid while onEnd is called. */
  answer: Peek | undefined
  readonly #setting: TransactionSetting<Taken>
  #writtenAt: number | undefined
  #sealed: Uint8Array | undefined
  #target: string
  #answered = false
  #ended = false

  constructor(
    setting: TransactionSetting<Taken>,
    { number, taken, request, again }: Pick<Transaction<Taken>, 'number' | 'taken' | 'request' | 'again'>,
  ) {
    const { target, sendWithinMs = taken.timeoutMs } = setting
    this.number = number
    this.taken = taken
    this.request = request
    this.again = again
    this.sendBefore = (again?.at ?? taken.arrival.intendedAt) + sendWithinMs
    this.#setting = setting
    this.#target = target
  }

  get key(): string {
    return this.request.key
  }

  get maxBytes(): number {
    return this.request.plan.template.maxBytes
  }

  get timeoutMs(): number {
    return this.taken.timeoutMs
  }

  /** An answer came, of whatever kind. */
  get answered(): boolean {
    return this.#answered
  }

  get written(): boolean {
    return this.#writtenAt !== undefined
  }

  /** Throws for a transaction that was given up while it waited: nothing of it may leave any more. */
  write(target: Uint8Array, at: number): number {
    if (this.#ended) throw new Error('given up')
    const { request } = this
    const end = writeRequest(request, target, at)
    // Copied, for the key may be another one when it is shown.
    if (request.plan.macField !== undefined && request.guard !== undefined)
      this.#sealed = target.slice(Math.max(at, end - sealedBytes), end)
    return end
  }

  /** The last bytes of the request as it was sent, its MAC among them; undefined for one that carries none. */
  get sealed(): Uint8Array | undefined {
    return this.#sealed
  }

  toTarget(name: string, go: () => void): void {
    const { ready } = this.#setting
    this.#target = name
    if (ready === undefined) go()
    else ready(this.taken.terminal, name, go)
  }

  onWritten(at: number): void {
    this.#writtenAt = at
  }

  onAnswer(received: Received, at: number): void {
    const answer = received.peek
    this.answer = answer
    this.#answered = true
    if (answer === undefined) {
      this.#fail(at, 'answer that cannot be read')
      return
    }
    const { plan, guard } = this.request
    const judged = this.#setting.judge(answer, this.request)
    this.#end(guard?.trusted(plan, received, judged) ?? judged, { at, answer: received.body })
  }

  onTimeout(at: number, reason?: string): void {
    this.#end({ ...undecided, outcome: 'timedOut', reason }, { at })
  }

  onUnsent(at: number, { backPressure, reason }: { readonly backPressure: boolean; readonly reason: string }): void {
    this.#end({ ...undecided, outcome: 'unsent', reason }, { at, backPressure })
  }

  onFailed(at: number, reason: string): void {
    this.#fail(at, reason)
  }

  #fail(at: number, reason: string): void {
    this.#end({ ...undecided, outcome: 'failed', reason }, { at })
  }

  #end({ outcome, code, retryCode, reason }: Ending, { at, answer, backPressure = false }: End): void {
    this.#ended = true
    const { taken, request, again } = this
    const { arrival, terminal } = taken
    // Written out, field by field: copies live so long that collecting them stops the thread.
    const sample: Sample = {
      type: request.plan.name,
      terminal: terminal.id,
      merchant: terminal.merchant,
      target: this.#target,
      phase: arrival.phase,
      stan: request.stan,
      intendedAt: arrival.intendedAt,
      startedAt: taken.startedAt,
      writtenAt: this.#writtenAt,
      endedAt: at,
      outcome,
      responseCode: code,
      retryCode,
      reason,
      backPressure,
      tries: (again?.tries ?? 0) + 1,
      firstCode: again?.firstCode,
    }
    this.#setting.onEnd(this, sample, answer)
  }
}

/** A MAC of 8 bytes stands last in a message, as bytes or as hexadecimal digits. */
const sealedBytes = 16

interface Ending extends Omit<Judgement, 'outcome'> {
  readonly outcome: Outcome
}

interface End {
  readonly at: number
  readonly answer?: Uint8Array
  readonly backPressure?: boolean
}

const undecided = { code: undefined, retryCode: false }
