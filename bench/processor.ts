// A processor of its own for a process that would be another machine in the field. A scheduler may put two processes on one processor
// while the other is idle (that of a virtual machine that saves processors does): each then waits up to a tick, 4 ms, for the other,
// and what is measured is the scheduler.

import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** The processors that this process may use and bind others to; none where nothing here tells or binds (`taskset` is Linux's). */
function bindable(): readonly number[] {
  if (process.platform !== 'linux' || spawnSync('taskset', ['--version'], { stdio: 'ignore' }).status !== 0) return []
  return processorsIn(/^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '')
}

/** The numbers of a list as Linux writes it: `0-2,7`. */
export function processorsIn(list: string): readonly number[] {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last = first]) =>
    Array.from({ length: Number(last) - Number(first) + 1 }, (_, index) => Number(first) + index),
  )
}

const processors = bindable()
const own = processors.length > 1 ? processors.at(-1) : undefined

/** A program and its first arguments. */
export type NodeCommand = readonly [program: string, ...before: string[]]

export const plainNode: NodeCommand = [process.execPath]

const boundNode = (processor: number): NodeCommand => ['taskset', '--cpu-list', String(processor), process.execPath]

/** Node, bound to each processor in turn; where none can be bound, as the system likes. */
export const eachNode: readonly NodeCommand[] = processors.length > 0 ? processors.map(boundNode) : [plainNode]

/** Node, bound to the last processor where that can be. Whoever is not bound finds the others idle. */
export const apartNode: NodeCommand = own === undefined ? plainNode : boundNode(own)

/** For the foot of a table. */
export const apartWords =
  own === undefined
    ? 'all processes share the processors as the system likes'
    : `the peer has processor ${own} for its own (taskset)`
