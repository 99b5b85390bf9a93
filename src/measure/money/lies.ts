// The fate of the lies that terminals told: how many of each kind a host took for the truth.

export interface LieCounts {
  /** Told, and answered. */
  readonly told: number
  /** The host approved what it had to refuse, or undid what was not the terminal's. */
  readonly accepted: number
  /** Not answered, or what had to come before the lie was refused. */
  readonly inVain: number
}

/** The counts for each kind of lie. */
export type LieTally = Readonly<Record<string, LieCounts>>

const none: LieCounts = { told: 0, accepted: 0, inVain: 0 }

/** The sum of several; null where nobody lied. */
export function addLies(all: readonly (LieTally | null)[]): LieTally | null {
  const known = all.filter((each) => each !== null)
  if (known.length === 0) return null
  const kinds = new Set(known.flatMap((each) => Object.keys(each)))
  return Object.fromEntries(
    [...kinds].map((kind) => {
      const rows = known.map((each) => each[kind] ?? none)
      const sum = (name: keyof LieCounts) => rows.reduce((total, row) => total + row[name], 0)
      return [kind, { told: sum('told'), accepted: sum('accepted'), inVain: sum('inVain') }]
    }),
  )
}

/** Kinds that a host took for the truth, with how often. */
export const acceptedLies = (lies: LieTally | null | undefined): readonly (readonly [kind: string, count: number])[] =>
  Object.entries(lies ?? {}).flatMap(([kind, { accepted }]) => (accepted > 0 ? [[kind, accepted] as const] : []))
