// Hands every arrival over when it is due. Open arrivals never wait for answers: late, they come in a burst with the
// time they were meant for, so that the wait is in the figures; nothing is skipped.
//
// Pacing happens on the event loop that owns the sockets, not on a thread of its own. A thread that waits exactly
// (Atomics.wait: 0.05 ms median, 0.2-1 ms p99) must still wake this loop by a message, which costs more than polling
// here by turns (p99 under 0.1 ms), and a loop too busy to poll is too busy to send in either case.

import type { Clock, Timer } from '../base/clock.js'
import { type ClosedSource, createClosedSource, type TerminalCycle } from './closed-source.js'
import type { LoadPlan, PlannedArrival } from './plan.js'

/**
 * `balanced`: within about 0.1 ms (0.2 above 10,000/s, several arrivals at once); answers are seen within 0.2 ms of their coming, and
 * what no arrival waits for (an echo, a reversal) within 1 ms. `precise`: all are seen at once too, for a whole core while arrivals
 * are less than 25 ms apart. `economy`: 1 to 2 ms late, for next to nothing.
 */
export const pacings = ['balanced', 'precise', 'economy'] as const
export type Pacing = (typeof pacings)[number]

/** One card presented. `intendedAt` is milliseconds of the clock: the start of every latency. */
export interface DueArrival {
  readonly intendedAt: number
  readonly phase: string
  readonly merchant: string | undefined
  /** The message that was recorded; undefined: as the mix says. */
  readonly message?: string | undefined
}

export interface LoadOptions {
  readonly plan: LoadPlan
  readonly clock: Clock
  /** The clock's time at which the plan begins; now or later. */
  readonly startAt: number
  /**
   * Takes an arrival up and returns at once; `done`, one for all arrivals, when it has ended, however it ended, and when: left out, now.
   * Must not throw.
   */
  readonly transact: (due: DueArrival, done: (due: DueArrival, at?: number) => void) => void
  /** How late `count` arrivals (left out: one) were handed over, in ms, and when they were due: the generator's own fault. */
  readonly onLag: (lagMs: number, intendedAt: number, count?: number) => void
  /**
   * `count` arrivals of one millisecond that could not be handed over in time: this machine is too slow for them, and nothing else
   * will be done for them. Left out: the load ends when all are handed over, whenever that is.
   */
  readonly onNeverBegun?: (due: DueArrival, count: number) => void
  /** Ends the arrivals at once. */
  readonly signal: AbortSignal
  readonly pacing: Pacing
}

export interface LoadEnd {
  /** The clock's time when the plan, or the stop, ended the arrivals. Answers may still be on their way. */
  readonly endedAt: number
  /** Arrivals handed over. */
  readonly offered: number
}

/** The longest naps of `balanced`, in ms: while answers are awaited, and while none is. */
const naps = { awaitingMs: 0.15, idleMs: 1 }
/**
 * The beat of `balanced`, in ms: arrivals that are closer than `closeMs` to each other are handed over once in `beatMs`, for one write
 * to each file and socket. At 20,000/s four share the cost of a turn.
 */
const beat = { closeMs: 0.1, beatMs: 0.2 }

/**
 * Arrivals handed over before waiting I/O has its turn, so that catching up starves no socket, and so that a host answers the first of
 * many while the others are made: `least`, and while open arrivals are overdue one more for each that was answered since, for a write
 * takes many of them; for `ms` at the most.
 */
const turn = { least: 32, most: 128, ms: 0.6 }
/** Arrivals under way beyond which nobody catches up: more would only wait for terminals, and keep the loop from its sockets. */
const piledUp = 10_000

/**
 * After so many answers in one turn it is looked whether an arrival is overdue: a host that stood still for 5 ms answers hundreds at
 * once, which is milliseconds of work. One is by more than `overdueMs`; less is the beat. No more looks than `perTurn`: what is handed
 * over may end without an answer, and end again, while sockets wait.
 */
const look = { answers: 16, overdueMs: 0.5, perTurn: 16 }

/**
 * How long what is overdue at the end of the plan is still handed over, in ms: what a pause of the machine has held up. A line that is
 * longer than that by then is no pause, and nobody in it is begun.
 */
const catchUpMs = 1000
/** Arrivals counted as never begun before waiting I/O has its turn: about 5 ms of work. */
const maxNeverBegunPerTurn = 20_000

/** Resolves when the plan has ended or `signal` aborts; rejects when `transact` throws. */
export function runLoad(options: LoadOptions): Promise<LoadEnd> {
  return new Promise((resolve, reject) => new Pacer(options, { resolve, reject }).start())
}

interface Settle {
  readonly resolve: (end: LoadEnd) => void
  readonly reject: (error: unknown) => void
}

/** Lives from `start` until it has settled. */
class Pacer {
  readonly #options: LoadOptions
  readonly #settle: Settle
  readonly #endAt: number
  readonly #beatMs: number
  readonly #arrivals: ReturnType<LoadPlan['arrivals']>
  readonly #closed: readonly ClosedSource[]
  /** The next open arrival. */
  #open: PlannedArrival | undefined
  #offered = 0
  #ended = 0
  /** How many were answered since arrivals were handed over last. */
  #answered = 0
  /** How often it was looked in this turn whether arrivals are overdue. */
  #looks = 0
  /** When the last open arrival was handed over, and when it was due. */
  #handedAt = Number.NEGATIVE_INFINITY
  #lastDueAt = Number.NEGATIVE_INFINITY
  /** The last turn was too short for all that were due. */
  #isBehind = false
  #timer: Timer | undefined
  /** For when the timer is set; -Infinity while handing over, so that a `done` within does not set another. */
  #wakeAt = Number.POSITIVE_INFINITY
  /** From when on nothing is handed over any more, and how late the first of those left out was; undefined: not known yet. */
  #cutAt: number | undefined
  #cutLagMs: number | undefined
  #hasEnded = false

  constructor(options: LoadOptions, settle: Settle) {
    const { plan, startAt } = options
    this.#options = options
    this.#settle = settle
    this.#beatMs = options.pacing === 'balanced' ? beat.beatMs : 0
    this.#endAt = startAt + plan.durationMs
    this.#arrivals = plan.arrivals()
    this.#open = this.#arrivals.next()
    this.#closed = plan.phases
      .filter((phase) => phase.kind === 'closed')
      .map((phase) => createClosedSource(phase, startAt))
  }

  start(): void {
    this.#options.signal.addEventListener('abort', this.#stop)
    if (this.#options.signal.aborted) this.#stop()
    else this.#arm()
  }

  readonly #stop = (): void => {
    if (this.#end()) this.#settle.resolve({ endedAt: this.#options.clock.now(), offered: this.#offered })
  }

  /** False when it had ended already. */
  #end(): boolean {
    if (this.#hasEnded) return false
    this.#hasEnded = true
    this.#timer?.cancel()
    this.#options.signal.removeEventListener('abort', this.#stop)
    return true
  }

  #arm(): void {
    if (this.#hasEnded) return
    const { clock, pacing } = this.#options
    const nextAt = Math.min(this.#openInBeatAt(), earliest(this.#closed)?.nextAt() ?? Number.POSITIVE_INFINITY)
    const at = Math.min(nextAt, this.#open === undefined ? this.#endAt : nextAt)
    if (at >= this.#wakeAt) return
    this.#timer?.cancel()
    this.#wakeAt = at
    const delay = at - clock.now()
    // An overdue arrival waits for I/O only. Only arrivals are worth a core's polling; the end of the plan is not.
    const isExact = delay <= 0 || (pacing !== 'economy' && at === nextAt)
    this.#timer = isExact
      ? clock.precisely(Math.max(0, delay), this.#pump, pacing === 'balanced' ? this.#napMs : undefined)
      : clock.after(delay, this.#pump)
  }

  readonly #napMs = (): number => (this.#ended < this.#offered ? naps.awaitingMs : naps.idleMs)

  get #mayCatchUp(): boolean {
    return this.#offered - this.#ended < piledUp
  }

  /** Between the answers of one connection and those of the next. */
  readonly #look = (): void => {
    if (!this.#mayCatchUp || this.#hasEnded || ++this.#looks > look.perTurn) return
    if (this.#openAt() + look.overdueMs < this.#options.clock.now()) this.#handOver(0)
  }

  readonly #pump = (): void => {
    this.#looks = 0
    this.#handOver(turn.least)
  }

  /** `least`: arrivals, however few were answered. */
  #handOver(least: number): void {
    this.#wakeAt = Number.NEGATIVE_INFINITY
    try {
      if (this.#isTooLate()) this.#leaveOut()
      else this.#handDue(this.#mayCatchUp ? Math.min(least + this.#answered, turn.most) : least)
    } catch (error) {
      if (this.#end()) this.#settle.reject(error)
      return
    }
    this.#wakeAt = Number.POSITIVE_INFINITY
    const isIdle = this.#open === undefined && earliest(this.#closed) === undefined
    if (isIdle && this.#options.clock.now() >= this.#endAt) this.#stop()
    else this.#arm()
  }

  #handDue(most: number): void {
    const { clock } = this.#options
    const from = clock.now()
    let now = from
    let count = 0
    this.#answered = 0
    this.#isBehind = false
    while (!this.#hasEnded && !this.#isBehind && this.#handNext(now)) {
      count++
      now = clock.now()
      const isLong = this.#open === undefined || now - from > turn.ms
      this.#isBehind = count === most || (isLong && count >= turn.least)
    }
  }

  #isTooLate(): boolean {
    if (this.#open === undefined || this.#options.onNeverBegun === undefined) return false
    const now = this.#options.clock.now()
    if (now <= this.#endAt) return false
    this.#cutAt ??= now - this.#openAt() > catchUpMs ? now : this.#endAt + catchUpMs
    return now >= this.#cutAt
  }

  /** Whoever is still in line is counted, as late as the first of the line, who would go before, and goes. */
  #leaveOut(): void {
    const { clock, startAt, onLag, onNeverBegun } = this.#options
    this.#cutLagMs ??= clock.now() - this.#openAt()
    for (let left = maxNeverBegunPerTurn; left > 0 && this.#open !== undefined; ) {
      const { offset, phase, merchant, message } = this.#open
      const count = this.#takeAlike(this.#open)
      left -= count
      onLag(this.#cutLagMs, startAt + offset, count)
      onNeverBegun?.({ intendedAt: startAt + offset, phase, merchant, message }, count)
    }
  }

  /** Takes an arrival and those like it that are due within the same millisecond out of the line. */
  #takeAlike({ offset, phase, merchant, message }: PlannedArrival): number {
    let count = 0
    do {
      count++
      this.#open = this.#arrivals.next()
    } while (
      this.#open !== undefined &&
      Math.floor(this.#open.offset) === Math.floor(offset) &&
      this.#open.phase === phase &&
      this.#open.merchant === merchant &&
      this.#open.message === message
    )
    return count
  }

  /** Hands over the earliest arrival if it is due. False when none is. */
  #handNext(now: number): boolean {
    const source = earliest(this.#closed)
    const closedAt = source?.nextAt() ?? Number.POSITIVE_INFINITY
    if (Math.min(this.#openAt(), closedAt) > now) return false
    if (this.#open !== undefined && this.#openAt() <= closedAt) this.#handOpen(this.#open, now)
    else if (source !== undefined) this.#handClosed(source, now)
    return true
  }

  #openAt(): number {
    return this.#open === undefined ? Number.POSITIVE_INFINITY : this.#options.startAt + this.#open.offset
  }

  /** When the next open arrival is handed over. Whoever is behind keeps no beat: those that are overdue wait for I/O only. */
  #openInBeatAt(): number {
    const at = this.#openAt()
    const isClose = !this.#isBehind && at - this.#lastDueAt < beat.closeMs
    return isClose ? Math.max(at, this.#handedAt + this.#beatMs) : at
  }

  #handOpen({ phase, merchant, message }: PlannedArrival, now: number): void {
    this.#handedAt = now
    this.#lastDueAt = this.#openAt()
    this.#open = this.#arrivals.next()
    this.#hand({ intendedAt: this.#lastDueAt, phase, merchant, message }, now)
  }

  #handClosed(source: ClosedSource, now: number): void {
    const cycle = source.begin(now)
    this.#hand(cycle, now)
    cycle.handed()
  }

  #hand(due: DueArrival, now: number): void {
    this.#offered++
    this.#options.onLag(Math.max(0, now - due.intendedAt), due.intendedAt)
    this.#options.transact(due, this.#onEnd)
  }

  /** After an open arrival nothing follows. */
  readonly #onEnd = (due: DueArrival, at?: number): void => {
    this.#ended++
    // One that ends while it is handed over was not answered: nobody was free to send it.
    const isAnswer = this.#wakeAt !== Number.NEGATIVE_INFINITY
    if (isAnswer && ++this.#answered % look.answers === 0 && this.#open !== undefined)
      this.#options.clock.soon(this.#look)
    if ('end' in due && (due as TerminalCycle).end(at ?? this.#options.clock.now())) this.#arm()
  }
}

function earliest(sources: readonly ClosedSource[]): ClosedSource | undefined {
  let first: ClosedSource | undefined
  let firstAt = Number.POSITIVE_INFINITY
  for (const source of sources) {
    const at = source.nextAt()
    if (at !== undefined && at < firstAt) [first, firstAt] = [source, at]
  }
  return first
}
