// A processor of its own for a process that would be another machine in the field. A scheduler may put two processes on one processor
// while the other is idle (that of a virtual machine that saves processors does): each then waits up to a tick, 4 ms, for the other,
// and what is measured is the scheduler.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The last processor that this process may use; undefined: it has one only, or nothing here tells or binds (`taskset` is Linux's). */
function ownProcessor(): string | undefined {
  if (process.platform !== 'linux') return
  const allowed = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? ''
  const last = /(\d+)$/.exec(allowed)?.[1]
  const isBound = spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status === 0
  return isBound && last !== undefined && last !== allowed ? last : undefined
}

const own = ownProcessor()

/** A program and its first arguments. */
export type NodeCommand = readonly [program: string, ...before: string[]]

export const plainNode: NodeCommand = [process.execPath]

/** Node, bound to the last processor where that can be. Whoever is not bound finds the others idle. */
export const apartNode: NodeCommand = own === undefined ? plainNode : ['taskset', '--cpu-list', own, process.execPath]

/** For the foot of a table. */
export const apartWords =
  own === undefined
    ? 'all processes share the processors as the system likes'
    : `the peer has processor ${own} for its own (taskset)`
