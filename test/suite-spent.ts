// What one test file took: its own processor time, and on Linux that of the processes that it started and that have ended.

import { appendFileSync, readFileSync } from 'node:fs'
import { afterAll } from 'vitest'

/** Ticks of a second in /proc. */
const ticks = 100

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

const before = secondsSpent()
afterAll(() => {
  const file = process.env.ISOCHRON_SUITE_SPENT
  if (file !== undefined) appendFileSync(file, `${secondsSpent() - before}\n`)
})
