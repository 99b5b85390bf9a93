// How dialects and scenarios point at messages and at parts of them.

/** A condition on a message: `mti` and field numbers; a value may be exact, 'prefix*', 'from..to' or a list of these. */
export type MatchDefinition = Readonly<Record<string, string | readonly string[]>>

/** Characters `from` up to but not including `to` of a field's text (Peek.text); left out: its first, its last. */
export interface FieldPart {
  readonly field: number
  readonly from?: number
  readonly to?: number
}
