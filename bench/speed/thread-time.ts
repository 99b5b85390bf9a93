// Processor time of the main thread alone: the compiler and the garbage collector have threads of their own, and a machine that is
// busy otherwise takes none of it.

import { readFileSync } from 'node:fs'

/** In µs. Where the system does not say it (it is Linux that does), of the whole process. */
export function mainThreadUs(): number {
  try {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
    return Number(nanoseconds) / 1000
  } catch {
    const { user, system } = process.cpuUsage()
    return user + system
  }
}
