// Processor time of one test file: that of its own process since the file before it, start of the process included, and on
// Linux that of the processes that it started and that have ended.

import { appendFileSync, readFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { afterAll, expect } from 'vitest'

/** Ticks of a second in /proc. */
const ticks = 100

const root = resolve(import.meta.dirname, '../..')

declare global {
  /** Seconds of this process that are written down already: one process runs many files. */
  var isochronSuiteTold: number | undefined
}

function secondsSpent(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6 + secondsOfChildren()
}

function secondsOfChildren(): number {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    // The name in brackets may hold spaces; cutime and cstime are the 16th and 17th field, the 14th and 15th behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[13]) + Number(fields[14])) / ticks
  } catch {
    return 0
  }
}

afterAll(() => {
  const file = process.env.ISOCHRON_SUITE_SPENT
  if (file === undefined) return
  const spent = secondsSpent()
  const seconds = spent - (globalThis.isochronSuiteTold ?? 0)
  globalThis.isochronSuiteTold = spent
  appendFileSync(file, `${seconds.toFixed(3)} ${relative(root, expect.getState().testPath ?? '')}\n`)
})
