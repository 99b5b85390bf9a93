// A trial of the cluster's proof: a name, what must hold, and what was seen.

export interface TrialReport {
  readonly trial: string
  /** The problems that were seen; none: it holds. */
  readonly problems: readonly string[]
  /** Figures for the table. */
  readonly seen: string
}

export interface ClusterPart {
  /** The means that are missing on this machine; undefined: none. */
  readonly missing: string | undefined
  readonly trials: readonly { readonly name: string; run(): Promise<Omit<TrialReport, 'trial'>> }[]
  close(): Promise<void>
}

/** Collects what does not hold. */
export function createChecks() {
  const problems: string[] = []
  return {
    problems,
    check(holds: boolean, otherwise: string): void {
      if (!holds) problems.push(otherwise)
    },
  }
}
