// Whether one way to a host works, by what is seen of it: connections, answers, silence, echoes. Pure: times are handed in.
//
// Rule: only answers to transactions clear what transactions have seen. An echo is served beside the host's work, so that
// it says nothing of a host that answers everything with 91.

export interface HealthLimits {
  /** Refused or lost connections, answers that say that the host is down, or echoes without an answer, in a row. */
  readonly afterFailures: number
  /** Transactions without an answer, in a row. */
  readonly afterTimeouts: number
  /** Milliseconds for which a way that was given up must answer echoes before it is used again. */
  readonly failBackAfter: number
}

export interface TargetHealth {
  readonly isUp: boolean
  /** Given up, but it answers echoes. */
  readonly isRecovering: boolean
  /** Its last echo got no answer: nobody moves there now. */
  readonly isSuspect: boolean
  /** Why it was given up last, in words; empty before that. */
  readonly why: string
  /** A connection was refused or lost, or an answer said that the host is down. */
  failed(at: number, why: string): void
  /** A transaction got no answer. */
  timedOut(at: number): void
  /** A transaction got an answer. */
  answered(): void
  echoed(at: number): void
  /** An echo got no answer, or could not be sent. */
  echoMissed(at: number): void
}

/** A way that fails soon after each return has to prove itself up to this many times as long. */
const mostPatience = 8

export function createTargetHealth(limits: HealthLimits): TargetHealth {
  return new Health(limits)
}

class Health implements TargetHealth {
  isUp = true
  why = ''
  readonly #limits: HealthLimits
  #failures = 0
  #timeouts = 0
  #missedEchoes = 0
  /** The instant of the first echo of an unbroken row, while it is given up. */
  #wellSince: number | undefined
  #returnedAt = Number.NEGATIVE_INFINITY
  #patience = 1

  constructor(limits: HealthLimits) {
    this.#limits = limits
  }

  get isRecovering(): boolean {
    return this.#wellSince !== undefined
  }

  get isSuspect(): boolean {
    return this.#missedEchoes > 0
  }

  failed(at: number, why: string): void {
    this.#wellSince = undefined
    if (++this.#failures >= this.#limits.afterFailures) this.#giveUp(at, why)
  }

  /** While it is given up this speaks of a request of long ago. */
  timedOut(at: number): void {
    if (++this.#timeouts >= this.#limits.afterTimeouts) this.#giveUp(at, 'no answers')
  }

  answered(): void {
    this.#failures = 0
    this.#timeouts = 0
  }

  echoed(at: number): void {
    this.#missedEchoes = 0
    if (this.isUp) return
    this.#wellSince ??= at
    if (at - this.#wellSince >= this.#waitMs) this.#return(at)
  }

  echoMissed(at: number): void {
    this.#wellSince = undefined
    if (++this.#missedEchoes >= this.#limits.afterFailures) this.#giveUp(at, 'echoes without an answer')
  }

  get #waitMs(): number {
    return this.#limits.failBackAfter * this.#patience
  }

  #giveUp(at: number, why: string): void {
    if (!this.isUp) return
    const wasShort = at - this.#returnedAt < 2 * this.#waitMs
    this.#patience = wasShort ? Math.min(2 * this.#patience, mostPatience) : 1
    this.isUp = false
    this.why = why
  }

  #return(at: number): void {
    this.isUp = true
    this.answered()
    this.#wellSince = undefined
    this.#returnedAt = at
  }
}
