// The exit code of a run. Precedence: interrupted, could not start, books, not met.

import { type ExitCode, exitCode } from '../base/errors.js'
import type { Result } from '../measure/result.js'
import { judgeRun, saturationAllowed } from '../measure/verdict.js'

export interface Ending {
  /** The signal that ended the run, if one did. */
  readonly interruptedBy?: 'SIGINT' | 'SIGTERM' | undefined
  /** A saturated generator is no failure. */
  readonly allowSaturated: boolean
  /** Parts of a distributed run that may be lost; left out: none. */
  readonly allowLost?: number | undefined
}

export function exitCodeOf(result: Result, { interruptedBy, allowSaturated, allowLost }: Ending): ExitCode {
  if (interruptedBy === 'SIGTERM') return exitCode.terminated
  if (interruptedBy === 'SIGINT') return exitCode.interrupted
  return judgeRun(allowSaturated ? saturationAllowed(result) : result, { allowLost }).exit
}
