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
  /** Runs `action` once, `delayMs` from now, never inside this call. */
  after(delayMs: number, action: () => void): Timer
  /** Runs `action` when the event at hand has been handled, at the same time. Used to leave a batch in one write. */
  soon(action: () => void): void
}

/** Node's timers fire after 1 ms when asked for more than 2^31-1 ms. */
const longestTimerMs = 2_147_483_647

/** The clock of this machine. A pending `after` keeps the process alive, as Node's own timers do. */
export const realClock: Clock = {
  now: () => performance.now(),
  wall: () => Date.now(),
  after(delayMs, action) {
    const timeout = setTimeout(action, Math.min(Math.max(0, delayMs), longestTimerMs))
    return { cancel: () => clearTimeout(timeout) }
  },
  soon: (action) => process.nextTick(action),
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
