// The exit code of a run. Precedence: interrupted, could not start, books, not met.

import { type ExitCode, exitCode } from '../base/errors.js'
import type { Result } from '../measure/result.js'
import { judgeRun } from '../measure/verdict.js'

/** `interruptedBy`: the signal that ended the run, if one did. */
export function exitCodeOf(result: Result, interruptedBy?: 'SIGINT' | 'SIGTERM'): ExitCode {
  if (interruptedBy === 'SIGTERM') return exitCode.terminated
  if (interruptedBy === 'SIGINT') return exitCode.interrupted
  return judgeRun(result).exit
}
