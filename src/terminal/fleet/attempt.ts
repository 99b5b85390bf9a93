// An arrival at its terminal, over all its tries: what stays the same when the clerk tries again.

import type { Arrival } from '../exchange/transaction.js'
import type { MessagePlan } from '../requests/message-plan.js'
import type { Remembered } from '../requests/originals.js'
import type { DrawnValues } from '../requests/request-maker.js'
import type { Terminal } from '../terminal.js'

export interface Attempt {
  readonly arrival: Arrival
  readonly terminal: Terminal
  readonly plan: MessagePlan
  /** The earlier transaction that it names. */
  readonly original: Remembered | undefined
  /** When the terminal took it up, in ms of the clock. */
  readonly startedAt: number
  /** The terminal's own work on the card before it sends, in ms; undefined: it sends at once. */
  readonly workMs: number | undefined
  readonly done: () => void
  /** The card and the amount: the same in every try. */
  readonly drawn: DrawnValues
  /** Requests sent. */
  tries: number
  /** The host's response code to the first of them, when there was a second. */
  firstCode: string | undefined
}
