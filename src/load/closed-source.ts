// The terminals of a closed phase: each presents its next card a think time after its last answer.
// The think time is the same for all, so the times at which they are due are in order by themselves: a queue, no timers.

import type { ClosedPhase } from './plan.js'

/** The arrival of one terminal's next card, until its transaction has ended. */
export interface TerminalCycle {
  readonly intendedAt: number
  readonly phase: string
  readonly merchant: string | undefined
  /** The call that handed it over has returned. */
  handed(): void
  /** The transaction has ended at `now`. False when it had already, or when the phase has no place for another. */
  end(now: number): boolean
}

export interface ClosedSource {
  readonly phase: string
  readonly merchant: string | undefined
  /** When the next terminal is due, in ms of the clock; undefined when none waits or the phase is over. */
  nextAt(): number | undefined
  /** Takes that terminal out of the queue. */
  begin(now: number): TerminalCycle
}

/**
 * The pause, in ms, after a transaction that ended in the instant it began (no connection, say): without it a terminal
 * that does not think would fail for ever at one and the same moment.
 */
const pauseAfterInstantEndMs = 1

/** `startAt` is the clock's time at which the plan begins. */
export function createClosedSource(phase: ClosedPhase, startAt: number): ClosedSource {
  return new Terminals(phase, startAt)
}

class Terminals implements ClosedSource {
  readonly phase: string
  readonly merchant: string | undefined
  readonly thinkMs: number
  readonly #terminals: number
  readonly #endAt: number
  #queue: number[]
  #head = 0

  constructor({ name, merchant, thinkMs, terminals, startMs, endMs }: ClosedPhase, startAt: number) {
    this.phase = name
    this.merchant = merchant
    this.thinkMs = thinkMs
    this.#terminals = terminals
    this.#endAt = startAt + endMs
    this.#queue = new Array(terminals).fill(startAt + startMs)
  }

  nextAt(): number | undefined {
    const at = this.#queue[this.#head]
    return at !== undefined && at < this.#endAt ? at : undefined
  }

  begin(now: number): TerminalCycle {
    return new Cycle(this, this.#dequeue(), now)
  }

  /** False when the phase is over by then. */
  enqueue(at: number): boolean {
    if (at >= this.#endAt) return false
    // Almost always the last already; a pause after an instant end may be in the way.
    const queue = this.#queue
    let place = queue.length
    while (place > this.#head && (queue[place - 1] as number) > at) place--
    if (place === queue.length) queue.push(at)
    else queue.splice(place, 0, at)
    return true
  }

  #dequeue(): number {
    const at = this.#queue[this.#head++] as number
    if (this.#head > this.#terminals) {
      this.#queue = this.#queue.slice(this.#head)
      this.#head = 0
    }
    return at
  }
}

class Cycle implements TerminalCycle {
  readonly intendedAt: number
  readonly phase: string
  readonly merchant: string | undefined
  readonly #source: Terminals
  readonly #begunAt: number
  #isHanding = true
  #isOver = false

  constructor(source: Terminals, intendedAt: number, begunAt: number) {
    this.intendedAt = intendedAt
    this.phase = source.phase
    this.merchant = source.merchant
    this.#source = source
    this.#begunAt = begunAt
  }

  handed(): void {
    this.#isHanding = false
  }

  end(endedAt: number): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    const isInstant = this.#isHanding || endedAt <= this.#begunAt
    return this.#source.enqueue(endedAt + Math.max(this.#source.thinkMs, isInstant ? pauseAfterInstantEndMs : 0))
  }
}
