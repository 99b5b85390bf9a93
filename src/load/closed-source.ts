// The terminals of a closed phase: each presents its next card a think time after its last answer.
// The think time is the same for all, so the times at which they are due are in order by themselves: a queue, no timers.

import type { ClosedPhase } from './plan.js'

/** One transaction of one terminal. */
export interface TerminalCycle {
  readonly intendedAt: number
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
  const endAt = startAt + phase.endMs
  let queue: number[] = new Array(phase.terminals).fill(startAt + phase.startMs)
  let head = 0

  const nextAt = () => {
    const at = queue[head]
    return at !== undefined && at < endAt ? at : undefined
  }
  const enqueue = (at: number): boolean => {
    if (at >= endAt) return false
    // Almost always the last already; a pause after an instant end may be in the way.
    let place = queue.length
    while (place > head && (queue[place - 1] as number) > at) place--
    queue.splice(place, 0, at)
    return true
  }
  const dequeue = (): number => {
    const at = queue[head++] as number
    if (head > phase.terminals) {
      queue = queue.slice(head)
      head = 0
    }
    return at
  }

  return {
    phase: phase.name,
    merchant: phase.merchant,
    nextAt,
    begin(now) {
      let isHanding = true
      let isOver = false
      return {
        intendedAt: dequeue(),
        handed: () => {
          isHanding = false
        },
        end(endedAt) {
          if (isOver) return false
          isOver = true
          const isInstant = isHanding || endedAt <= now
          return enqueue(endedAt + Math.max(phase.thinkMs, isInstant ? pauseAfterInstantEndMs : 0))
        },
      }
    },
  }
}
