// Processor time of the main thread alone: the compiler and the garbage collector have threads of their own, and a machine that is
// busy otherwise takes none of it.

import { readFileSync } from 'node:fs'

/** In µs. Where the system does not say it (it is Linux that does), of the whole process. */
export function mainThreadUs(): number {
  const [nanoseconds] = schedstat()
  if (nanoseconds !== undefined) return nanoseconds / 1000
  const { user, system } = process.cpuUsage()
  return user + system
}

/** In ms: how long the main thread could have run and had no processor, because others had them all. 0 where nobody says. */
export function mainThreadWaitedMs(): number {
  const [, nanoseconds = 0] = schedstat()
  return nanoseconds / 1_000_000
}

/** Nanoseconds on a processor, and of waiting for one (Linux, Documentation/scheduler/sched-stats.rst). */
function schedstat(): readonly number[] {
  try {
    return readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ').map(Number)
  } catch {
    return []
  }
}
