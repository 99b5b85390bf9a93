// The only source of time. Everything else is handed a Clock, so that the same code runs in real and in virtual time.

export interface Timer {
  /** Idempotent; a cancelled timer never fires. */
  cancel(): void
}

export interface Clock {
  /** Milliseconds since an arbitrary start, fractional, never going back. For latencies and deadlines. */
  now(): number
  /** Milliseconds since 1970-01-01 UTC. For DE7, DE12, DE13 and log lines only. */
  wall(): number
  /** Runs `action` once, `delayMs` from now, never earlier and never inside this call. */
  after(delayMs: number, action: () => void): Timer
  /**
   * As `after`, but as exactly as the machine can: real timers are 0.5 to 2 ms late. The last moments are spent polling
   * for I/O turn by turn, which costs a core while it lasts and starves no socket. 0 is the next turn, after waiting I/O. `napMs`,
   * asked before each look: how long it may sleep until the next one, which costs less; sockets are read that much later.
   */
  precisely(delayMs: number, action: () => void, napMs?: () => number): Timer
  /** Runs `action` when the event at hand has been handled, at the same time. Used to leave a batch in one write. */
  soon(action: () => void): void
}

/** Node's timers fire after 1 ms when asked for more than 2^31-1 ms. */
const longestTimerMs = 2_147_483_647
const timerMs = (ms: number) => Math.min(Math.max(0, Math.ceil(ms)), longestTimerMs)

/**
 * How long before its time an exact action stops trusting the machine's sleep, in ms. Timers are rarely 2 ms late; but a loop that
 * sleeps between two actions also reads late what comes meanwhile: at 300 a second the p99 of a local host is 3.3 ms when it sleeps
 * for what is above 2 ms, and 2.1 when it stays awake.
 */
const pollingMs = 25

/**
 * Between two looks a loop takes so many steps of about a nanosecond each: half of what is left, and ten microseconds at most,
 * so that no socket waits longer. Each look leaves 300 bytes behind; without a break they are most of what a thread leaves, and
 * collecting it stops the thread three times as often.
 */
const breakSteps = { perMs: 500_000, most: 10_000 }

/** Written by the loop, which would be no work otherwise. */
const steps = new Int32Array(1)
function takeBreak(leftMs: number): void {
  const last = Math.min(leftMs * breakSteps.perMs, breakSteps.most)
  for (let step = 0; step < last; step++) steps[0] = step
}

/**
 * In ms: a shorter nap costs more processor time than staying awake (falling asleep and waking up take 45 us of it); no nap ends
 * exactly, and one seen to end later than that was held up by other processes, which nobody can foresee.
 */
const nap = { leastMs: 0.05, mostLateMs: 0.15 }
const pillow = new Int32Array(new SharedArrayBuffer(4))
/** How late naps have ended of late, in ms. */
let lateMs = 0.06
/** The weight of the last nap in that. */
const lastWeight = 1 / 16

function takeNap(leftMs: number, mostMs: number): void {
  const ms = Math.min(leftMs - lateMs / 2, mostMs)
  if (ms < nap.leastMs) {
    takeBreak(leftMs)
    return
  }
  const from = performance.now()
  Atomics.wait(pillow, 0, 0, ms)
  lateMs += lastWeight * (Math.min(performance.now() - from - ms, nap.mostLateMs) - lateMs)
}

/** Run in one tick, for each tick leaves a hundred bytes behind. The list stays as long as it has ever been. */
const soonActions: ((() => void) | undefined)[] = []
let soonCount = 0
/** How many of them have run. */
let soonDone = 0

/** Actions that are asked for meanwhile run too. One that throws takes none of the others with it. */
function runSoon(): void {
  try {
    while (soonDone < soonCount) {
      const action = soonActions[soonDone]
      soonActions[soonDone++] = undefined
      action?.()
    }
  } finally {
    if (soonDone < soonCount) process.nextTick(runSoon)
    else soonDone = soonCount = 0
  }
}

/** The clock of this machine. A pending `after` keeps the process alive, as Node's own timers do. */
export const realClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delayMs, action) {
    const due = performance.now() + delayMs
    // Node cuts the fraction off a delay and counts from the start of the turn, in whole ms: a timer may ring 1 ms early, or more.
    const ring = () => {
      const leftMs = due - performance.now()
      if (leftMs > 0) timeout = setTimeout(ring, timerMs(leftMs))
      else action()
    }
    let timeout = setTimeout(ring, timerMs(delayMs))
    return { cancel: () => clearTimeout(timeout) }
  },
  precisely(delayMs, action, napMs) {
    const due = performance.now() + delayMs
    let timeout: NodeJS.Timeout | undefined
    let turn: NodeJS.Immediate | undefined
    const poll = () => {
      const leftMs = due - performance.now()
      if (leftMs <= 0) {
        action()
        return
      }
      if (napMs === undefined) takeBreak(leftMs)
      else takeNap(leftMs, napMs())
      turn = setImmediate(poll)
    }
    if (delayMs > pollingMs) timeout = setTimeout(poll, timerMs(delayMs - pollingMs))
    else turn = setImmediate(poll)
    return {
      cancel: () => {
        clearTimeout(timeout)
        clearImmediate(turn)
      },
    }
  },
  soon(action) {
    if (soonCount === 0) process.nextTick(runSoon)
    soonActions[soonCount++] = action
  },
}

/** Resolves when `ready` calls back, at the latest at `until` (ms of the clock). */
export async function waitFor(clock: Clock, ready: (done: () => void) => void, until: number): Promise<void> {
  const done = new AbortController()
  ready(() => done.abort())
  await sleep(clock, until - clock.now(), done.signal)
}

/** Resolves after `delayMs` of the given clock; at once when `signal` aborts. */
export function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const wake = () => {
      timer.cancel()
      signal?.removeEventListener('abort', wake)
      resolve()
    }
    const timer = clock.after(delayMs, wake)
    signal?.addEventListener('abort', wake)
  })
}
