// How many files and sockets this process may have open, how many it has, and who says so when there are none left.

import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import type { Clock } from '../base/clock.js'

/** The limit of this process (`ulimit -n`); undefined where the system does not say, as on Windows. */
export function openFilesLimit(): number | undefined {
  try {
    const line = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'latin1'))
    return line === null || line[1] === 'unlimited' ? undefined : Number(line[1])
  } catch {
    const report = process.report?.getReport() as unknown as { userLimits?: { open_files?: { soft?: unknown } } }
    const soft = Number(report?.userLimits?.open_files?.soft)
    return Number.isFinite(soft) ? soft : undefined
  }
}

/** Descriptors in use now; a usual count where the system does not show them. */
export function openFilesNow(): number {
  for (const folder of ['/proc/self/fd', '/dev/fd']) {
    try {
      return readdirSync(folder).length
    } catch {
      // Not on this system.
    }
  }
  return usualFiles
}

/** The number of files that Node itself has open, with a margin. */
const usualFiles = 50

/** Milliseconds between two checks whether a file can be opened. */
const lookEveryMs = 1000
/** How often it is told that none could, in ms. */
const tellEveryMs = 10_000

/**
 * Says a line when this process has no descriptor left: the system then drops peers before Node sees them. Returns what stops it.
 */
export function watchOpenFiles(clock: Clock, tell: (line: string) => void): () => void {
  let toldAt = Number.NEGATIVE_INFINITY
  const look = () => {
    timer = clock.after(lookEveryMs, look)
    const code = codeOfOpening()
    if ((code !== 'EMFILE' && code !== 'ENFILE') || clock.now() - toldAt < tellEveryMs) return
    toldAt = clock.now()
    tell(`no descriptor is left (${code}), so further peers are dropped: ${advice()}`)
  }
  let timer = clock.after(lookEveryMs, look)
  return () => timer.cancel()
}

const advice = () => `this process may open ${openFilesLimit() ?? 'only so many'} files; raise it with ulimit -n`

function codeOfOpening(): string | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'))
    return undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code
  }
}
