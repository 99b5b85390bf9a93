// Everything that one part of a run has measured, as plain data: what a worker hands over at its end, and what is put
// together with the other parts into one result. A run in one process has one part.

import type { EventLoopDelay } from '../base/process/event-loop-delay.js'
import type { Share } from '../base/share.js'
import type { PackedObservations } from './causes/merge-observations.js'
import type { FundsTally } from './money/funds.js'
import type { Result } from './result.js'
import type { Tally } from './tally.js'

/** The place where a part ran. */
export interface PartPlace {
  readonly host: string
  readonly pid: number
  readonly cpus: number
}

/** Instants without a unit in their name are epoch milliseconds. */
export interface PartRecord extends Pick<Result, 'tool' | 'scenario' | 'interrupted' | 'abortedBy' | 'keys' | 'tls'> {
  readonly schema: 'isochron/part@1'
  readonly share: Share
  readonly place: PartPlace
  readonly startedAtWall: number
  readonly endedAtWall: number
  /** Open arrivals of its share of the plan; null where there is but one part. */
  readonly planned: number | null
  readonly loadEndedMs: number
  /** Null in virtual time. */
  readonly eventLoopDelay: EventLoopDelay | null
  readonly tally: Tally
  readonly observations: PackedObservations
  readonly reversals: Result['reversals']
  readonly settlements: Result['settlements']
  readonly funds: FundsTally | null
  readonly books: Result['books']
  readonly merchantFunds: Result['funds']
  readonly faults: Result['faults']
  readonly failover: Result['failover']
  readonly lies: Result['lies']
  readonly turnedAway: Result['turnedAway']
  readonly evidence: Result['evidence']
}
