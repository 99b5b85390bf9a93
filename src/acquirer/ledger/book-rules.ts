// The rules of a dialect that the books need to know.

import type { Dialect, LedgerRules } from '../../codec/dialect.js'

export interface BookRules {
  readonly codes: Dialect['rules']['codes']
  readonly ledger: LedgerRules
  /** Codes of partial approvals. */
  readonly partial: readonly string[]
}
