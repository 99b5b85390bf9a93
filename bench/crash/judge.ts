// The wire against the ledger, transaction by transaction, and whether the rounds could show anything.
// Rule: pure, and nothing of the program's own books is used: the ledger is read by SQL, the wire by the witness.

import type { DatabaseSync } from '@photostructure/sqlite'
import { keyOf, type Seen, type Witness } from './witness.js'

/** An entry of the ledger. */
export interface PostedEntry {
  readonly key: string
  readonly state: string
  readonly amountMinor: number
  /** It has a row in the table of reversals. */
  readonly reversed: boolean
}

export function readLedger(database: InstanceType<typeof DatabaseSync>): readonly PostedEntry[] {
  const rows = database
    .prepare(`SELECT t.terminal, e.batch, e.stan, e.state, e.amount,
        EXISTS (SELECT 1 FROM reversal r WHERE r.entry = e.id) AS reversed
      FROM entry e JOIN terminal t ON t.id = e.terminal`)
    .all() as Record<string, string | number>[]
  return rows.map(({ terminal, batch, stan, state, amount, reversed }) => ({
    key: keyOf(String(terminal), String(batch), String(stan)),
    state: String(state),
    amountMinor: Number(amount),
    reversed: reversed === 1,
  }))
}

/** Everything that is not as it must be after all is settled, in a line each. */
export function crashProblems(witness: Pick<Witness, 'seen' | 'problems'>, ledger: readonly PostedEntry[]): string[] {
  const problems = [...witness.problems]
  const entries = new Map<string, PostedEntry>()
  for (const entry of ledger) {
    if (entries.has(entry.key)) problems.push(`${entry.key}: is twice in the ledger`)
    entries.set(entry.key, entry)
    if (entry.state === 'charged' && witness.seen.get(entry.key)?.approved !== true)
      problems.push(`${entry.key}: is charged, and no terminal was told so`)
  }
  for (const [key, seen] of witness.seen) {
    const problem = problemOf(seen, entries.get(key))
    if (problem !== undefined) problems.push(`${key}: ${problem}`)
  }
  return problems
}

function problemOf(seen: Seen, entry: PostedEntry | undefined): string | undefined {
  const isCharged = entry?.state === 'charged'
  if (seen.uses > 1) return `its number was used for ${seen.uses} requests`
  if (seen.reversalAcknowledged) {
    if (isCharged) return 'its reversal was acknowledged, and it is charged'
    return entry?.reversed === true ? undefined : 'its reversal was acknowledged, and the ledger has none'
  }
  if (seen.reversalSent) return 'its reversal was never acknowledged'
  if (!seen.approved) return undefined
  if (!isCharged) return `the terminal was told 00, and the ledger has ${entry?.state ?? 'nothing'}`
  if (entry.amountMinor === seen.amountMinor) return undefined
  return `${seen.amountMinor} were approved, and ${entry.amountMinor} are charged`
}

/** The sums of all rounds. */
export interface Activity {
  /** Transactions that killed terminals could not know the end of. */
  readonly inDoubt: number
  /** Reversals that the host acknowledged. */
  readonly reversals: number
  /** Requests on the wire before the first kill of each round, and in how many ms. */
  readonly requests: number
  readonly sellingMs: number
}

/** The share of the wanted rate that must be reached before the first kill. */
const leastShareOfRate = 0.6

/** Why the rounds have shown nothing; empty where they have. */
export function shortfallsOf({ inDoubt, reversals, requests, sellingMs }: Activity, rate: number): string[] {
  const reached = (requests / sellingMs) * 1000
  const least = leastShareOfRate * rate
  return [
    ...(inDoubt === 0 ? ['nothing was in doubt when the terminals died: use more --rounds'] : []),
    ...(reversals === 0 ? ['nothing was reversed: use more --rounds'] : []),
    ...(reached >= least
      ? []
      : [
          `${reached.toFixed(0)} requests a second before the kills, ${least.toFixed(0)} are needed: use a lower --rate`,
        ]),
  ]
}
