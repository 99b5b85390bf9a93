// Who has locked a file, in a line of text, and whether that process still lives.

import { type ProcessState, stateOf, thisProcess } from '../../base/process/process-identity.js'

/** The line of a lock file for this process: number, start and machine. */
export function ownerLine(): string {
  const { pid, start, host } = thisProcess()
  return `${pid} ${start} ${host}`
}

export function ownerState(line: string): ProcessState {
  const [pid = '', start = '-', host = ''] = line.trim().split(' ')
  return stateOf({ pid: Number(pid), start, host })
}
