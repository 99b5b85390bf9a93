// Which terminal takes the next arrival. Idle terminals take turns; an arrival that finds none waits in line.

import type { Clock, Timer } from '../../base/clock.js'
import { createQueue, type Queue } from '../../base/collections/queue.js'
import type { Terminal } from '../terminal.js'
import { createIdlePlaces } from './idle-places.js'

/** An arrival that wants a terminal. `take` and `giveUp`: exactly one is called, once. */
export interface WaitingArrival {
  readonly merchant: string | undefined
  /** Milliseconds of the clock: the line is left then. */
  readonly until: number
  take(terminal: Terminal): void
  giveUp(at: number): void
}

export interface TerminalPool {
  /** An idle terminal, of this merchant where one is named; undefined: all are busy, and the arrival may wait in line. */
  take(merchant: string | undefined): Terminal | undefined
  /** Puts the arrival in line. */
  wait(waiting: WaitingArrival): void
  /** The terminal's transaction is over; the one who waits longest gets it. */
  release(terminal: Terminal): void
  /** Everyone in line gives up. */
  close(): void
}

/** With `oneAtATime` false a terminal is never busy: they simply take turns. */
export function createTerminalPool(options: {
  terminals: readonly Terminal[]
  oneAtATime: boolean
  /** Merchants that arrivals may name. */
  merchants: ReadonlySet<string>
  clock: Clock
}): TerminalPool {
  const { terminals, oneAtATime, merchants, clock } = options
  const idle = createIdlePlaces(merchants, terminals.length)
  const lines = createWaitingLines(clock)
  for (const terminal of terminals) idle.add(terminal)

  return {
    take(merchant) {
      const terminal = idle.take(merchant)
      if (terminal !== undefined && !oneAtATime) idle.add(terminal)
      return terminal
    },
    wait: lines.join,
    release(terminal) {
      if (!oneAtATime) return
      const next = lines.next(terminal.merchant)
      if (next === undefined) idle.add(terminal)
      else next.take(terminal)
    },
    close: lines.close,
  }
}

interface WaitingLines {
  join(waiting: WaitingArrival): void
  /** The one who waits longest, not for too long yet, and may have a terminal of this merchant. */
  next(merchant: string): WaitingArrival | undefined
  close(): void
}

/** One line for each merchant and one for arrivals that take any terminal; one timer for all who wait. */
function createWaitingLines(clock: Clock): WaitingLines {
  const anyone = createQueue<WaitingArrival>()
  const ofMerchant = new Map<string, Queue<WaitingArrival>>()
  const all = () => [anyone, ...ofMerchant.values()]
  let timer: Timer | undefined

  const lineOf = (merchant: string | undefined) => {
    if (merchant === undefined) return anyone
    const line = ofMerchant.get(merchant) ?? createQueue<WaitingArrival>()
    ofMerchant.set(merchant, line)
    return line
  }
  /** Whoever waits no longer is told when the timer rings; a line is in the order of its deadlines. */
  const leave = (now: number) => {
    for (const line of all()) {
      for (let first = line.first(); first !== undefined && first.until <= now; first = line.first()) {
        line.shift()
        first.giveUp(Math.min(now, clock.now()))
      }
    }
  }
  const ring = () => {
    timer = undefined
    leave(clock.now())
    arm()
  }
  const arm = () => {
    const next = Math.min(...all().map((line) => line.first()?.until ?? Number.POSITIVE_INFINITY))
    if (timer === undefined && next < Number.POSITIVE_INFINITY) timer = clock.after(next - clock.now(), ring)
  }

  return {
    join(waiting) {
      lineOf(waiting.merchant).push(waiting)
      arm()
    },
    next(merchant) {
      if (timer !== undefined) leave(clock.now())
      const own = ofMerchant.get(merchant)
      const ownUntil = own?.first()?.until ?? Number.POSITIVE_INFINITY
      const anyUntil = anyone.first()?.until ?? Number.POSITIVE_INFINITY
      return ownUntil < anyUntil ? own?.shift() : anyone.shift()
    },
    close() {
      timer?.cancel()
      timer = undefined
      leave(Number.POSITIVE_INFINITY)
    },
  }
}
