// Whether a run passed: decided once, from its result, for every report, every screen and the exit code.

import { type ExitCode, exitCode } from '../base/errors.js'
import { acceptedLies } from './money/lies.js'
import type { Result } from './result.js'

/** The ways in which a run can fail. */
export type FailureKind =
  | 'interrupted'
  | 'neverConnected'
  | 'books'
  | 'lies'
  | 'notWhole'
  | 'aborted'
  | 'journal'
  | 'thresholds'
  | 'nothingDone'
  | 'notSettled'
  | 'saturated'

export interface RunVerdict {
  readonly passed: boolean
  /** Everything that failed, the most serious first: the first one gives the exit code. */
  readonly failures: readonly FailureKind[]
  readonly exit: ExitCode
}

/** In the order in which they win over each other. */
const codes: readonly (readonly [FailureKind, ExitCode])[] = [
  ['interrupted', exitCode.interrupted],
  ['neverConnected', exitCode.couldNotStart],
  ['books', exitCode.books],
  ['lies', exitCode.books],
  ['notWhole', exitCode.notMet],
  ['aborted', exitCode.notMet],
  ['thresholds', exitCode.notMet],
  ['nothingDone', exitCode.notMet],
  ['notSettled', exitCode.notMet],
  ['journal', exitCode.notMet],
  ['saturated', exitCode.notMet],
]

export function judgeRun(result: Result): RunVerdict {
  const { interrupted, books, lies, thresholds, generator, lostAllowed = 0 } = result
  const failed: Readonly<Record<FailureKind, boolean>> = {
    interrupted,
    neverConnected: neverConnected(result),
    books: books?.agree === false,
    lies: acceptedLies(lies).length > 0,
    notWhole: lostParts(result) > lostAllowed,
    aborted: result.abortedBy !== undefined,
    thresholds: thresholds.some(({ met }) => !met),
    nothingDone: nothingDone(result),
    notSettled: notSettled(result),
    journal: notJournalled(result) > 0,
    saturated: generator?.saturated === true && generator.saturationAllowed !== true,
  }
  const failures = codes.filter(([kind]) => failed[kind])
  const [first] = failures
  return {
    passed: first === undefined,
    failures: failures.map(([kind]) => kind),
    exit: first === undefined ? exitCode.done : first[1],
  }
}

/** Payments that had no place in the journal: the run has not made the load that it was to make. */
export const notJournalled = ({ reversals }: Pick<Result, 'reversals'>): number => reversals?.notJournalled ?? 0

/** Nobody said what the run must reach, and the host decided not a single transaction in time: it answered 96 to all, or nothing. */
function nothingDone({ offered, outcomes, timeliness, thresholds, whole }: Result): boolean {
  if (thresholds.length > 0 || whole === false || offered === 0) return false
  return timeliness.timelyRate === 0 && outcomes.approved === 0
}

/** Terminals had to settle, not one of their settlements was answered, and no threshold says how many must be. */
function notSettled({ settlements, thresholds }: Result): boolean {
  if (settlements === null || thresholds.some(({ expression }) => /^\s*settlements\./.test(expression))) return false
  const { balanced, outOfBalance, unknown, unanswered = 0 } = settlements
  return unanswered > 0 && unanswered === balanced + outOfBalance + unknown
}

/** Transactions were due, and not one connection was ever made for them. */
function neverConnected({ offered, connectTime, outcomes }: Result): boolean {
  return offered > 0 && connectTime.count === 0 && outcomes.failed + outcomes.unsent === offered
}

/** Parts of a run of several machines that are missing; a result that says no more than that it is not whole lacks one. */
function lostParts({ whole, parts = [] }: Result): number {
  const lost = parts.filter((part) => part.lost !== null).length
  return Math.max(lost, whole === false ? 1 : 0)
}

/** The failures that a user allows. */
export interface Allowances {
  /** `--allow-saturated`. */
  readonly allowSaturated?: boolean | undefined
  /** `--allow-lost`: parts of a distributed run that may be missing; left out: none. */
  readonly allowLost?: number | undefined
}

/** The result with what is allowed written in it, so that every report and the exit code come to the same verdict. */
export function withAllowances<Given extends Pick<Result, 'generator'>>(
  result: Given,
  { allowSaturated = false, allowLost = 0 }: Allowances,
): Given & Pick<Result, 'lostAllowed'> {
  const { generator } = result
  return {
    ...result,
    ...(allowSaturated && generator !== null && { generator: { ...generator, saturationAllowed: true } }),
    ...(allowLost > 0 && { lostAllowed: allowLost }),
  }
}
