// The connections and messages that limits of our hosts turned away, in words.

import type { Result } from '../../measure/result.js'
import { formatCounts } from './latency-rows.js'

/** Counts by limit; those that turned nobody away are left out. */
export const turnedAwayCounts = ({ turnedAway }: Pick<Result, 'turnedAway'>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(turnedAway ?? {}).filter(([, count]) => count > 0))

/** Empty where nobody was. */
export const turnedAwayText = (result: Pick<Result, 'turnedAway'>): string => formatCounts(turnedAwayCounts(result))
