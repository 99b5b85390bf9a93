// A cause looks at one transaction that was not timely, and says how sure it is that it was to blame, and why.

import type { Facts } from './facts.js'
import type { Observed } from './observations.js'

export const causeIds = [
  'host-slow',
  'host-down',
  'issuer',
  'hsm',
  'connections',
  'idle-drop',
  'lost',
  'network-slow',
  'network-unstable',
  'sign-on',
  'data-error',
  'surge',
  'merchant-balance',
  'parameters',
  'payout-hold',
  'terminal-setup',
  'terminal-slow',
  'generator',
  'unknown',
] as const
export type CauseId = (typeof causeIds)[number]

export interface Explanation {
  /** 0 to 1: that this is the cause, and no other. */
  readonly confidence: number
  /** Sentences with numbers in them. */
  readonly evidence: readonly string[]
}

/** The verdict on one transaction. */
export interface CauseVerdict {
  readonly cause: CauseId
  /** 0 to 1, that this is the cause and no other; 0 for 'unknown'. */
  readonly confidence: number
  readonly evidence: readonly string[]
}

export interface Cause {
  readonly id: Exclude<CauseId, 'unknown'>
  /** The remedy, in words. */
  readonly remedy: string
  /** Undefined: nothing speaks for it. Transactions whose answer was timely are asked of causes of money alone. */
  explain(transaction: Observed, facts: Facts): Explanation | undefined
  /** It looks at what the terminal did itself; left out: at what came after that alone. */
  readonly ofTerminal?: true
  /** It looks at all tries of a transaction; left out: at the last one alone, whose times are given. */
  readonly ofAllTries?: true
  /**
   * It was found by a test against chance over the whole run, or somebody who must know says so: what others make of one
   * transaction alone weighs less beside it.
   */
  readonly isSpecific?: true
  /** The subject of the cause: an answer that was not timely, or money. */
  readonly of: 'response' | 'funds'
}

/** Checks the type and returns the same object. */
export const defineCause = (cause: Cause): Cause => cause
