// The exit code of a run. Precedence: interrupted, could not start, books, not met.

import { type ExitCode, exitCode } from '../base/errors.js'
import type { Result } from '../measure/result.js'

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
  if (interruptedBy === 'SIGINT' || result.interrupted) return exitCode.interrupted
  if (neverConnected(result)) return exitCode.couldNotStart
  if (result.books?.agree === false) return exitCode.books
  const saturated = result.generator?.saturated === true && !allowSaturated
  const lost = result.parts?.filter((part) => part.lost !== null).length ?? 0
  return saturated || lost > (allowLost ?? 0) || result.thresholds.some(({ met }) => !met)
    ? exitCode.notMet
    : exitCode.done
}

/** Transactions were due, and not one connection was ever made for them. */
function neverConnected({ offered, connectTime, outcomes }: Result): boolean {
  return offered > 0 && connectTime.count === 0 && outcomes.failed + outcomes.unsent === offered
}
