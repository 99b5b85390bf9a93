// How much evidence a run has kept, in words.

import type { Result } from '../../measure/result.js'
import { formatCount } from '../layout/figures.js'

/** Empty where there is none. */
export function evidenceText({ evidence }: Pick<Result, 'evidence'>): string {
  if (evidence === null || evidence.kept + evidence.leftOut === 0) return ''
  const kept = `${formatCount(evidence.kept)} ${evidence.kept === 1 ? 'transaction' : 'transactions'} in evidence.jsonl`
  return evidence.leftOut === 0 ? kept : `${kept}, ${formatCount(evidence.leftOut)} more found no place`
}
