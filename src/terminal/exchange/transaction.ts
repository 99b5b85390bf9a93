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

export interface TransactionOptions {
  /** Its own among those of its fleet. */
  readonly number: number
  readonly arrival: Arrival
  readonly terminal: Terminal
  readonly request: Request
  /** The earlier transaction that it names. */
  readonly original?: Remembered | undefined
  readonly target: string
  readonly startedAt: number
  /** The facts of a further try: when the clerk made it, how many came before, and what the host said to the first. */
  readonly again?: { readonly at: number; readonly tries: number; readonly firstCode: string | undefined } | undefined
  /** The terminal's own work before it could send, in ms; left out: not known. */
  readonly workMs?: number | undefined
  /** Answer timer, in ms, from the moment the request was handed over. */
  readonly timeoutMs: number
  /** How late a request may still be sent, in ms; left out: as long as the timer. */
  readonly sendWithinMs?: number
  /** Calls `go` when the terminal may speak to this host; left out: always. */
  readonly ready?: SignOnAgain['before'] | undefined
  readonly judge: (answer: Peek, requested: (field: number) => string | undefined) => Judgement
  /** Called exactly once. `answer`, the message without its envelope, is valid during the call only. */
  readonly onEnd: (transaction: Transaction, sample: Sample, answer: Uint8Array | undefined) => void
}

/** The exchange of one transaction; its life ends with its sample. */
export class Transaction implements Exchange {
  readonly key: string
  readonly maxBytes: number
  readonly sendBefore: number
  readonly timeoutMs: number
  readonly options: TransactionOptions
  /** The message that came as an answer, located; valid while onEnd is called. */
  answer: Peek | undefined
  #writtenAt: number | undefined
  #sealed: Uint8Array | undefined
  #target: string
  #answered = false
  #ended = false

  constructor(options: TransactionOptions) {
    this.options = options
    this.#target = options.target
    this.key = options.request.key
    this.maxBytes = options.request.plan.template.maxBytes
    const { arrival, again, timeoutMs, sendWithinMs = timeoutMs } = options
    this.sendBefore = (again?.at ?? arrival.intendedAt) + sendWithinMs
    this.timeoutMs = timeoutMs
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
    const { request } = this.options
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
    const { ready, terminal } = this.options
    this.#target = name
    if (ready === undefined) go()
    else ready(terminal, name, go)
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
    const { plan, values, guard } = this.options.request
    const judged = this.options.judge(answer, (field) => plan.valueOf(field, values))
    const { outcome, code, retryCode, reason } = guard?.trusted(plan, received, judged) ?? judged
    this.#end({ outcome, code, retryCode, reason, endedAt: at, backPressure: false }, received.body)
  }

  onTimeout(at: number, reason?: string): void {
    this.#end({ outcome: 'timedOut', endedAt: at, ...nothing, reason })
  }

  onUnsent(at: number, why: { readonly backPressure: boolean; readonly reason: string }): void {
    this.#end({ outcome: 'unsent', endedAt: at, ...nothing, ...why })
  }

  onFailed(at: number, reason: string): void {
    this.#fail(at, reason)
  }

  #fail(at: number, reason: string): void {
    this.#end({ outcome: 'failed', endedAt: at, ...nothing, reason })
  }

  #end(ending: Ending, answer?: Uint8Array): void {
    const { options } = this
    this.#ended = true
    const taken = { target: this.#target, writtenAt: this.#writtenAt }
    options.onEnd(this, sampleOf(options, taken, ending), answer)
  }
}

/** A MAC of 8 bytes stands last in a message, as bytes or as hexadecimal digits. */
const sealedBytes = 16

interface Ending {
  readonly outcome: Outcome
  readonly endedAt: number
  readonly code: string | undefined
  readonly retryCode: boolean
  readonly reason: string | undefined
  readonly backPressure: boolean
}

const nothing = { code: undefined, retryCode: false, reason: undefined, backPressure: false }

/** Written out, field by field: copies of the options live so long that collecting them stops the thread. */
function sampleOf(
  { arrival, terminal, request, startedAt, again }: TransactionOptions,
  { target, writtenAt }: { readonly target: string; readonly writtenAt: number | undefined },
  ending: Ending,
): Sample {
  return {
    type: request.plan.name,
    terminal: terminal.id,
    merchant: terminal.merchant,
    target,
    phase: arrival.phase,
    stan: request.stan,
    intendedAt: arrival.intendedAt,
    startedAt,
    writtenAt,
    endedAt: ending.endedAt,
    outcome: ending.outcome,
    responseCode: ending.code,
    retryCode: ending.retryCode,
    reason: ending.reason,
    backPressure: ending.backPressure,
    tries: (again?.tries ?? 0) + 1,
    firstCode: again?.firstCode,
  }
}
