// The part of a dialect's rules that says which requests a host looks at for wrong data, and what it answers: data only.

import type { FieldPart, MatchDefinition } from './match-definition.js'

export interface DataCheckRules {
  /** The checked messages, by MTI alone. Requests only: an advice reports a past event, and is taken as it is. */
  readonly requests: MatchDefinition
  /** Fields that those among them which `of` fits must have. */
  readonly required: { readonly of: MatchDefinition; readonly fields: readonly number[] }
  /** Where a message says its currency; left out: data element 49. */
  readonly currency?: FieldPart
  /** Where a refusal says in words what is wrong, and what stands in front of it; left out: nowhere. */
  readonly hint?: { readonly field: number; readonly prefix?: string }
  /** Response codes. `format`: a field is missing or cannot be read; `terminal`: a terminal that is not registered. */
  readonly codes: {
    readonly format: string
    readonly card: string
    readonly amount: string
    readonly currency: string
    readonly expired: string
    readonly terminal: string
  }
}
