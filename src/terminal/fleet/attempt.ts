// An arrival at its terminal, over all its tries: what stays the same when the clerk tries again.

import type { Client } from '../../transport/client/client.js'
import type { Arrival, TakenUp } from '../exchange/transaction.js'
import type { MessagePlan } from '../requests/message-plan.js'
import type { Remembered } from '../requests/originals.js'
import type { DrawnValues } from '../requests/request-maker.js'
import type { Terminal } from '../terminal.js'
import type { PlannedMistake } from './clerk.js'

export class Attempt implements TakenUp {
  readonly arrival: Arrival
  readonly terminal: Terminal
  readonly plan: MessagePlan
  readonly original: Remembered | undefined
  readonly startedAt: number
  readonly workMs: number | undefined
  readonly timeoutMs: number
  readonly done: (arrival: Arrival) => void
  /** The card and the amount, the same in every try; undefined where there is one try only. */
  drawn: DrawnValues | undefined
  /** Requests sent. */
  tries = 0
  /** The host's response code to the first of them, when there was a second. */
  firstCode: string | undefined
  /** The client and the mistake of the try under way. */
  client: Client | undefined
  mistake: PlannedMistake | undefined

  constructor(arrival: Arrival, taken: Omit<TakenUp, 'arrival'> & Pick<Attempt, 'plan' | 'done'>) {
    this.arrival = arrival
    this.terminal = taken.terminal
    this.plan = taken.plan
    this.original = taken.original
    this.startedAt = taken.startedAt
    this.workMs = taken.workMs
    this.timeoutMs = taken.timeoutMs
    this.done = taken.done
  }
}
