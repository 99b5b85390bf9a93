// The rows of a report on changes of host and route. None where there was one of each, or no change.

import type { Result } from '../../measure/result.js'
import { formatCount } from '../layout/figures.js'

/** Changes that are written out; the result lists more. */
const shown = 3

export function failoverRows({ failover }: Result): readonly (readonly [what: string, text: string])[] {
  if (failover === null || failover.count === 0) return []
  const first = failover.first
    .slice(0, shown)
    .map(({ atMs, to, why }) => `${(atMs / 1000).toFixed(1)} s to ${to} (${why})`)
  const more = failover.count > shown ? ` and ${formatCount(failover.count - shown)} more` : ''
  return [['changes of host or route', `${first.join(', ')}${more}`]]
}
