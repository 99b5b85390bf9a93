// An arrival at its terminal, over all its tries: what stays the same when the clerk tries again.

import type { MessagePlan } from './message-plan.js'
import type { Remembered } from './originals.js'
import type { Drawn } from './request-maker.js'
import type { Terminal } from './terminal.js'
import type { Arrival } from './transaction.js'

export interface Attempt {
  readonly arrival: Arrival
  readonly terminal: Terminal
  readonly plan: MessagePlan
  /** The earlier transaction that it names. */
  readonly original: Remembered | undefined
  /** When the terminal took it up, in ms of the clock. */
  readonly startedAt: number
  readonly done: () => void
  /** The card and the amount: the same in every try. */
  readonly drawn: Drawn
  /** Requests sent. */
  tries: number
  /** What the host said to the first of them, when there was a second. */
  firstCode: string | undefined
}
