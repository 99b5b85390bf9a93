// Who this process is, so that a file can say who uses it, and whether another one still lives.

import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

export interface ProcessIdentity {
  readonly pid: number
  /** Tells a process from a later one with the same number: containers begin at 1 every time. `-`: the system does not say. */
  readonly start: string
  /** The machine, or the container; '': this one. */
  readonly host: string
}

export function thisProcess(): ProcessIdentity {
  return { pid: process.pid, start: startOf(process.pid) ?? '-', host: hostname() }
}

/** A name that no other process has, on any machine. */
export function nameOfThisProcess(): string {
  const { host, pid, start } = thisProcess()
  return `${host}-${pid}-${start}`
}

/**
 * `elsewhere`: on another machine, or in another container, where it cannot be looked for. `own`: this process itself.
 * `gone` also where its number is that of a later process, as far as the system tells when processes began.
 */
export type ProcessState = 'alive' | 'gone' | 'own' | 'elsewhere'

export function stateOf({ pid, start, host }: ProcessIdentity): ProcessState {
  if (!(Number.isInteger(pid) && pid > 0)) return 'gone'
  if (host !== '' && host !== hostname()) return 'elsewhere'
  const startNow = startOf(pid)
  if (start !== '-' && startNow !== undefined && start !== startNow) return 'gone'
  if (pid === process.pid) return 'own'
  try {
    process.kill(pid, 0)
    return 'alive'
  } catch (error) {
    // EPERM: it lives and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : 'gone'
  }
}

/** Clock ticks between the boot and the start of a process (proc(5), field 22); undefined where the system does not tell. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before it stands in parentheses, and may hold spaces and parentheses itself.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
