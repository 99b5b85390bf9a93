// The source of reports: a run's folder, read. Every report can be made again from it.

import type { EvidenceLine } from '../measure/evidence.js'
import type { IntervalValues } from '../measure/latency/interval-log.js'
import type { Result } from '../measure/result.js'

export interface SavedRun {
  readonly result: Result
  /** Response times second by second; empty where the folder has no interval log. */
  readonly intervals: readonly IntervalValues[]
  /** Evidence of the slowest transactions, slowest first; empty where there is none. */
  readonly slowest: readonly EvidenceLine[]
  /** The scenario's text as it was run; null where the folder has none. */
  readonly scenario: string | null
}
