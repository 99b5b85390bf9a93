// Whether a run can be told from those before it on the same ledger.

import type { Clock } from '../../base/clock.js'
import { UsageError } from '../../base/errors.js'
import type { Dialect } from '../../codec/dialect.js'
import type { LedgerMarks } from './host-side.js'

/**
 * A run in virtual time begins at the scenario's `start`. In a dialect whose transactions are told apart by their local time, a
 * second run at the same times would repeat those of the first, and the host would answer them so. Throws UsageError.
 */
export function checkLedger(
  marks: LedgerMarks,
  { clock, dialect, kind }: { clock: Clock; dialect: Dialect; kind: 'real' | 'virtual' },
): void {
  if (kind === 'real' || dialect.rules.ledger?.postings.some(({ effect }) => effect === 'openBatch') !== false) return
  const last = Math.max(0, ...marks.map((mark) => mark?.postedAt ?? 0))
  if (last < clock.wall()) return
  const until = new Date(last).toISOString()
  throw new UsageError(
    `the ledger holds transactions until ${until} already, and a run in virtual time begins at ${new Date(clock.wall()).toISOString()}: choose a later start, or another --ledger`,
    { where: 'start:' },
  )
}
