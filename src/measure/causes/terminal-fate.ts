// The fate of a terminal's transactions, counted: what says that it works, and what that it is set up wrongly.

import type { Sample } from '../sample.js'
import type { CodeClass, TerminalSeen } from './observations.js'

export function countTerminal(
  seen: TerminalSeen,
  outcome: Sample['outcome'],
  code: CodeClass | undefined,
  reason: string | undefined,
): void {
  const isUnusable = (outcome === 'failed' || outcome === 'timedOut') && reason !== undefined && isUnreadable(reason)
  // A transaction that never reached the host says nothing of the terminal.
  if ((outcome === 'failed' && !isUnusable) || outcome === 'unsent') return
  seen.offered++
  if (outcome === 'timedOut') seen.timedOut++
  const isDecided = outcome === 'approved' || (outcome === 'declined' && code !== 'setup')
  if (isDecided) seen.decided++
  if (code === 'setup' || isUnusable) seen.refused++
}

/** It signed on, or was served at some time: what is set up wrongly never works. Of one that was never seen nothing is known. */
export const hasWorked = (seen: TerminalSeen | undefined): boolean =>
  seen === undefined || seen.worked || seen.decided > 0

const isUnreadable = (reason: string) => reason.startsWith('answer') || reason === 'badFrame'
