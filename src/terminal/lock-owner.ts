// Who has locked a file, in a line of text, and whether that process still lives.

import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'

/** What a lock file says of this process: number, start and machine, in one line. */
export function ownerLine(): string {
  return `${process.pid} ${startOf(process.pid) ?? '-'} ${hostname()}`
}

/**
 * `elsewhere`: on another machine, or in another container, where it cannot be looked for. `own`: this process itself.
 * `gone` also where its number is that of a later process, as far as the system tells when processes began.
 */
export function ownerState(line: string): 'alive' | 'gone' | 'own' | 'elsewhere' {
  const [pidText = '', start = '-', host = hostname()] = line.trim().split(' ')
  const pid = Number(pidText)
  if (!(Number.isInteger(pid) && pid > 0)) return 'gone'
  if (host !== hostname()) return 'elsewhere'
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
