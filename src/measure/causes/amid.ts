// A transaction that looks as if the host were slow, amid others that the line made late at the same time: nobody can say of the
// one what is not said of the others.

import type { CauseVerdict } from './cause.js'
import { itemsBetween } from './numbers.js'
import type { Observations, Observed } from './observations.js'
import { undecidedWords } from './undecided.js'

/** Others that the line must have made late meanwhile, and how many of them for each that the host did. */
const leastOthers = 3
const leastRatio = 2
/** The line is surely to blame for these. */
const sure = 0.75

interface Late {
  readonly at: number
  readonly endedAt: number
  readonly verdict: CauseVerdict
}

/** The verdict on a transaction that stays, or that nobody can be accused. `verdicts` of all. */
export function createAmid(
  { transactions, timelyWithinMs }: Observations,
  verdicts: ReadonlyMap<number, CauseVerdict>,
): (transaction: Observed) => CauseVerdict | undefined {
  const late: readonly Late[] = transactions
    .flatMap(({ id, startedAt, intendedAt, endedAt }) => {
      const verdict = verdicts.get(id)
      return verdict === undefined ? [] : { at: startedAt ?? intendedAt, endedAt, verdict }
    })
    .sort((one, other) => one.at - other.at)
  const longest = late.reduce((most, { at, endedAt }) => Math.max(most, endedAt - at), 0)
  return ({ id, startedAt, intendedAt, endedAt }) => {
    const own = verdicts.get(id)
    if (own?.cause !== 'host-slow') return own
    const from = startedAt ?? intendedAt
    const meanwhile = itemsBetween(late, from - longest - timelyWithinMs, endedAt + timelyWithinMs).filter(
      (each) => each.endedAt >= from - timelyWithinMs,
    )
    const ofLine = meanwhile.filter(({ verdict }) => verdict.cause === 'network-unstable' && verdict.confidence >= sure)
    const ofHost = meanwhile.filter(({ verdict }) => verdict.cause === 'host-slow').length
    const [first] = ofLine
    if (first === undefined || ofLine.length < leastOthers || ofLine.length < leastRatio * ofHost) return own
    const words = undecidedWords(
      { id: 'host-slow', confidence: own.confidence },
      { id: 'network-unstable', confidence: first.verdict.confidence },
    )
    return {
      cause: 'unknown',
      confidence: 0,
      evidence: [
        ...words,
        `${ofLine.length} of ${meanwhile.length} that were late at about that time were late because of the line`,
        ...own.evidence,
      ],
    }
  }
}
