// A host of a run.

import type { Address } from '../../transport/network/link.js'

export interface Host {
  /** As samples and faults have it: its key in `acquirers`, else its address. */
  readonly name: string
  readonly address: Address
}
