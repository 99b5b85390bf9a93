// The further tries of clerks, in a line.

import type { Result } from '../../measure/result.js'
import { formatCount } from '../layout/figures.js'
import { formatCounts } from './latency-rows.js'

/** `12 (14: 7, 30: 5), 3 found by the terminal's own checks`; empty where nobody erred. */
export function retriesText({ retries }: Pick<Result, 'retries'>): string {
  if (retries === null) return ''
  const { transactions, firstCodes, caughtByChecks } = retries
  const again = `${formatCount(transactions)}${transactions === 0 ? '' : ` (${formatCounts(firstCodes)})`}`
  return caughtByChecks === 0 ? again : `${again}, ${formatCount(caughtByChecks)} found by the terminal's own checks`
}
