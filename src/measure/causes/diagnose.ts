// Names the cause of each transaction that was not timely, and ranks the causes of the run.

import { causeCatalogue } from './catalogue.js'
import type { Cause, CauseId, Explanation } from './cause.js'
import { createFacts, type Facts } from './facts.js'
import type { Observations, Observed } from './observations.js'

export interface CauseVerdict {
  readonly cause: CauseId
  /** 0 to 1. */
  readonly confidence: number
  readonly evidence: readonly string[]
}

/** A row of `causes` in result.json. */
export interface CauseRow extends CauseVerdict {
  /** Transactions that were not timely because of it, and their share of all that were not timely. */
  readonly count: number
  readonly share: number
  readonly remedy: string
}

export interface Diagnosis {
  /** By the id of a transaction. */
  readonly verdicts: ReadonlyMap<number, CauseVerdict>
  /** The most frequent first. */
  readonly causes: readonly CauseRow[]
}

/** Below this nobody is accused. */
export const leastConfidence = 0.55
/** What the rest of a run says of a cause weighs this much beside what a transaction says itself. */
const runWeight = 0.35
/** Beside a cause that was found by a test against chance, this much is left of what others say. */
const besideSpecific = 0.6
/** Sentences that a row of the result keeps. */
const mostEvidence = 4

const unknownRemedy = 'the evidence of the transactions does not decide: look at it, or watch with echo probes'

interface Candidate {
  readonly cause: Cause
  readonly explanation: Explanation
}

export function diagnose(observations: Observations, causes: readonly Cause[] = causeCatalogue): Diagnosis {
  const facts = createFacts(observations)
  const candidates = observations.transactions.map((transaction) => candidatesOf(transaction, facts, causes))
  const shares = sharesOf(candidates)
  const verdicts = new Map<number, CauseVerdict>()
  observations.transactions.forEach((transaction, index) => {
    verdicts.set(transaction.id, verdictOf(candidates[index] as readonly Candidate[], shares))
  })
  return { verdicts, causes: rowsOf([...verdicts.values()], observations) }
}

function candidatesOf(transaction: Observed, facts: Facts, causes: readonly Cause[]): readonly Candidate[] {
  const of = transaction.lateResponse ? 'response' : 'funds'
  const lastTry = asOneTry(transaction)
  // A last try that took no longer than is timely leaves nobody else to blame.
  const onlyAllTries = lastTry !== transaction && isQuick(lastTry, facts.observations.timelyWithinMs)
  const found = causes
    .filter((cause) => cause.of === of && (cause.ofAllTries === true || !onlyAllTries))
    .flatMap((cause) => {
      const explanation = cause.explain(cause.ofAllTries === true ? transaction : lastTry, facts)
      return explanation === undefined ? [] : [{ cause, explanation }]
    })
  return found.some(isSpecific) ? found.map((one) => (isSpecific(one) ? one : weaker(one))) : found
}

const isSpecific = ({ cause, explanation }: Candidate) =>
  cause.isSpecific === true && explanation.confidence >= leastConfidence
const weaker = ({ cause, explanation }: Candidate): Candidate => ({
  cause,
  explanation: { ...explanation, confidence: explanation.confidence * besideSpecific },
})

/** The last try alone: what came before it is the data's fault, and no one else's. */
function asOneTry(transaction: Observed): Observed {
  const { lastTryAt, intendedAt } = transaction
  if (lastTryAt === undefined || lastTryAt <= intendedAt) return transaction
  return { ...transaction, intendedAt: lastTryAt, startedAt: lastTryAt }
}

const isQuick = ({ outcome, codeClass, intendedAt, endedAt }: Observed, withinMs: number) =>
  endedAt - intendedAt <= withinMs && (outcome === 'approved' || outcome === 'declined') && codeClass !== 'down'

/** How often each cause is the likeliest, of those transactions that have one. */
function sharesOf(all: readonly (readonly Candidate[])[]): ReadonlyMap<Cause, number> {
  const counts = new Map<Cause, number>()
  let total = 0
  for (const candidates of all) {
    const best = likeliest(candidates, () => 0)
    if (best === undefined || best.explanation.confidence < leastConfidence) continue
    counts.set(best.cause, (counts.get(best.cause) ?? 0) + 1)
    total++
  }
  return new Map([...counts].map(([cause, count]) => [cause, count / total]))
}

/** A close call goes to what happened in the rest of the run. */
function verdictOf(candidates: readonly Candidate[], shares: ReadonlyMap<Cause, number>): CauseVerdict {
  const best = likeliest(candidates, (cause) => shares.get(cause) ?? 0)
  if (best === undefined || best.explanation.confidence < leastConfidence) {
    const evidence = best?.explanation.evidence ?? ['nothing that was observed tells why']
    return { cause: 'unknown', confidence: 1 - (best?.explanation.confidence ?? 0), evidence }
  }
  const { confidence, evidence } = best.explanation
  return { cause: best.cause.id, confidence: rounded(confidence), evidence }
}

function likeliest(candidates: readonly Candidate[], shareOf: (cause: Cause) => number): Candidate | undefined {
  let best: { candidate: Candidate; weight: number } | undefined
  for (const candidate of candidates) {
    const weight = candidate.explanation.confidence * (1 - runWeight + runWeight * shareOf(candidate.cause))
    if (best === undefined || weight > best.weight) best = { candidate, weight }
  }
  return best?.candidate
}

function rowsOf(verdicts: readonly CauseVerdict[], { untimely }: Observations): readonly CauseRow[] {
  const byCause = new Map<CauseId, CauseVerdict[]>()
  for (const verdict of verdicts) {
    const known = byCause.get(verdict.cause)
    if (known === undefined) byCause.set(verdict.cause, [verdict])
    else known.push(verdict)
  }
  return [...byCause]
    .map(([id, all]) => rowOf(id, all, Math.max(untimely, verdicts.length)))
    .sort((one, other) => other.count - one.count)
}

function rowOf(id: CauseId, verdicts: readonly CauseVerdict[], untimely: number): CauseRow {
  const mean = verdicts.reduce((sum, { confidence }) => sum + confidence, 0) / verdicts.length
  const surest = verdicts.reduce((best, each) => (each.confidence > best.confidence ? each : best))
  return {
    cause: id,
    count: verdicts.length,
    share: rounded(verdicts.length / untimely),
    confidence: rounded(mean),
    evidence: surest.evidence.slice(0, mostEvidence),
    remedy: causeCatalogue.find((cause) => cause.id === id)?.remedy ?? unknownRemedy,
  }
}

const rounded = (value: number) => Math.round(value * 1000) / 1000

/** Causes that are named in public: not for a handful of transactions, and not on a guess. */
export const accusing = { share: 0.05, count: 3, ofOffered: 0.002, confidence: leastConfidence }

/** The causes of which a run is accused; `unknown` never is. */
export function accused(causes: readonly CauseRow[], offered: number): readonly CauseId[] {
  return causes
    .filter(({ cause, share, count, confidence }) => {
      const isEnough = share >= accusing.share && count >= Math.max(accusing.count, accusing.ofOffered * offered)
      return cause !== 'unknown' && isEnough && confidence >= accusing.confidence
    })
    .map(({ cause }) => cause)
}
