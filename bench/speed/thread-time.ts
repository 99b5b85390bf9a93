// Processor time of the thread that calls.

import { threadTime } from '../../src/base/process/thread-time.js'

/** In µs. Where the system does not say it (it is Linux that does), of the whole process. */
export function mainThreadUs(): number {
  const time = threadTime()
  if (time !== undefined) return time.ranMs * 1000
  const { user, system } = process.cpuUsage()
  return user + system
}
