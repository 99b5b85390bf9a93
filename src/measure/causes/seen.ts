// Every transaction of a run in a few words: what a test against chance needs to find whom lateness hits.

/** The traits that a transaction may have in common with others. */
export const traits = [
  'pin',
  'cards',
  'kind',
  'target',
  'merchant',
  'amount',
  'connection',
  'terminal',
  'model',
] as const
export type Trait = (typeof traits)[number]

export interface SeenTransaction {
  /** When the request was written; of one that never was, when it was meant to begin. */
  readonly at: number
  readonly endedAt: number
  readonly isUntimely: boolean
  /** It was written, and nothing was heard of it: its time ran out, or its connection was lost. */
  readonly isSilent: boolean
  /** An answer came, of whatever kind. */
  readonly isAnswered: boolean
  readonly code: string | undefined
  /** Its values; undefined: not known. */
  readonly of: Readonly<Record<Trait, string | undefined>>
  /** How long nothing had passed over its connection, in ms; undefined for one that was opened for it, or not known. */
  readonly idleMs: number | undefined
  /** Its connection had answered a transaction before. */
  readonly wasGood: boolean
  /** The transaction before it on the same connection got no answer. */
  readonly wasSilent: boolean
  /** When its connection was opened; undefined: not known. */
  readonly openedAt: number | undefined
}

/** Digits of an amount in minor units: amounts of so many are of one range. */
export const amountDigits = (amount: number): number => (amount >= 10 ? Math.floor(Math.log10(amount) + 1e-12) + 1 : 1)

/** The range of an amount, by powers of ten. */
export const amountRange = (digits: number): string => `1${'0'.repeat(digits - 1)}+`
