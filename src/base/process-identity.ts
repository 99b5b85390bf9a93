// Who this process is, so that a file can say who uses it, and whether another one still lives.

export interface ProcessIdentity {
  readonly pid: number
  /** Epoch seconds, to tell a process from a later one with the same number: containers begin at 1 every time. */
  readonly startedAt: number
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, startedAt: Math.round(performance.timeOrigin / 1000) }
}

/** `startedAt` is looked at for our own number only: another process does not tell us when it began. */
export function isAlive({ pid, startedAt }: ProcessIdentity): boolean {
  const own = thisProcess()
  if (pid === own.pid) return Math.abs(startedAt - own.startedAt) <= 1
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
