// Names the cause of each transaction that was not timely, and ranks the causes of the run.

import { inOneGo, type Slices, sliced } from '../../base/slices.js'
import { createAmid } from './amid.js'
import { createAfterReversal, createBehind, waitedForItsTurn, waitedForReversal } from './behind.js'
import { causeCatalogue } from './catalogue.js'
import type { Cause, CauseId, CauseVerdict, Explanation } from './cause.js'
import { type Facts, findingFacts } from './facts.js'
import type { Observations, Observed } from './observations.js'
import { tcpWords } from './tcp-words.js'
import { undecidedWords } from './undecided.js'

/** A row of `causes` in result.json. */
export interface CauseRow extends CauseVerdict {
  /** Transactions that were not timely because of it, and their share of all that were not timely. */
  readonly count: number
  readonly share: number
  readonly remedy: string
}

export interface Diagnosis {
  /** The verdict on each transaction, by its id. */
  readonly verdicts: ReadonlyMap<number, CauseVerdict>
  /** The most frequent first. */
  readonly causes: readonly CauseRow[]
}

/** Below this nobody is accused. */
export const leastConfidence = 0.55
/** The evidence of the rest of the run for a cause weighs this much beside the evidence of a transaction itself. */
const runWeight = 0.35
/** A second one that weighs so much of the first explains it alike. */
const alike = 0.97
/** Causes that speak of the wait for a terminal themselves. */
const ofWaiting: ReadonlySet<CauseId> = new Set(['surge', 'data-error', 'generator'])
/** Beside a cause that was found by a test against chance, this much is left of what others say. */
const besideSpecific = 0.6
/** Sentences that a row of the result keeps. */
const mostEvidence = 4

const unknownRemedy = 'the evidence of the transactions does not decide: look at it, or watch with echo probes'

interface Candidate {
  readonly cause: Cause
  readonly explanation: Explanation
}

export const diagnose = (observations: Observations, causes: readonly Cause[] = causeCatalogue): Diagnosis =>
  inOneGo(diagnosing(observations, causes))

/** The same, in slices. */
export function* diagnosing(observations: Observations, causes: readonly Cause[] = causeCatalogue): Slices<Diagnosis> {
  const { transactions } = observations
  const facts = yield* findingFacts(observations)
  const candidates: (readonly Candidate[])[] = []
  yield* sliced(transactions, (transaction) => candidates.push(candidatesOf(transaction, facts, causes)))
  const shares = sharesOf(candidates)
  yield
  const verdicts = new Map<number, CauseVerdict>()
  yield* sliced(transactions, (transaction, index) => {
    const verdict = verdictOf(candidates[index] as readonly Candidate[], shares)
    const tcp = transaction.lateResponse ? tcpWords(transaction) : undefined
    const [first = '', ...rest] = verdict.evidence
    verdicts.set(transaction.id, tcp === undefined ? verdict : { ...verdict, evidence: [first, tcp, ...rest] })
  })
  yield
  const inherit = (transaction: Observed, inherited: CauseVerdict | undefined, isCertain = false) => {
    const own = verdicts.get(transaction.id)
    if (inherited === undefined || own === undefined || ofWaiting.has(own.cause)) return
    if (isCertain || own.cause === 'unknown' || inherited.confidence > own.confidence)
      verdicts.set(transaction.id, { ...inherited, confidence: rounded(inherited.confidence) })
  }
  const afterReversal = createAfterReversal(observations, verdicts)
  yield
  yield* sliced(transactions, (transaction) => {
    if (waitedForReversal(transaction))
      inherit(transaction, afterReversal(transaction), transaction.writtenAt === undefined)
  })
  const behind = createBehind(observations, verdicts)
  yield
  yield* sliced(transactions, (transaction) => {
    if (waitedForItsTurn(transaction)) inherit(transaction, behind(transaction))
  })
  const amid = createAmid(observations, new Map(verdicts))
  yield
  yield* sliced(transactions, (transaction) => {
    const verdict = amid(transaction)
    if (verdict !== undefined) verdicts.set(transaction.id, verdict)
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
      const asked = cause.ofAllTries === true || cause.ofTerminal === true ? transaction : lastTry
      const explain = () => cause.explain(cause.ofTerminal === true ? asked : afterWork(asked), facts)
      const confidence = explain()?.confidence
      return confidence === undefined ? [] : [{ cause, explanation: saidAgain(confidence, explain) }]
    })
  return found.some(isSpecific) ? found.map((one) => (isSpecific(one) ? one : weaker(one))) : found
}

const isSpecific = ({ cause, explanation }: Candidate) =>
  cause.isSpecific === true && explanation.confidence >= leastConfidence
const weaker = ({ cause, explanation }: Candidate): Candidate => ({
  cause,
  explanation: saidAgain(explanation.confidence * besideSpecific, () => explanation),
})

/** Its sentences are made when they are asked for: those of all candidates of 100,000 transactions take hundreds of megabytes. */
const saidAgain = (confidence: number, explain: () => Explanation | undefined): Explanation => ({
  confidence,
  get evidence() {
    return explain()?.evidence ?? []
  },
})

/** The last try alone: what came before it is the data's fault, and no one else's. */
function asOneTry(transaction: Observed): Observed {
  const { lastTryAt, intendedAt } = transaction
  if (lastTryAt === undefined || lastTryAt <= intendedAt) return transaction
  return { ...transaction, intendedAt: lastTryAt, startedAt: lastTryAt }
}

/** The transaction from when its terminal could send: nobody else is to blame for the terminal's own work. */
function afterWork(transaction: Observed): Observed {
  const { startedAt, workMs } = transaction
  return startedAt === undefined || !workMs ? transaction : { ...transaction, startedAt: startedAt + workMs }
}

const isQuick = ({ outcome, codeClass, intendedAt, endedAt }: Observed, withinMs: number) =>
  endedAt - intendedAt <= withinMs && (outcome === 'approved' || outcome === 'declined') && codeClass !== 'down'

/** How often each cause is the likeliest, of those transactions that have one. */
function sharesOf(all: readonly (readonly Candidate[])[]): ReadonlyMap<Cause, number> {
  const counts = new Map<Cause, number>()
  let total = 0
  for (const candidates of all) {
    const best = likeliest(candidates)
    if (best === undefined || best.explanation.confidence < leastConfidence) continue
    counts.set(best.cause, (counts.get(best.cause) ?? 0) + 1)
    total++
  }
  return new Map([...counts].map(([cause, count]) => [cause, count / total]))
}

/** A close call goes to what happened in the rest of the run; one that this does not decide either to nobody. */
function verdictOf(candidates: readonly Candidate[], shares: ReadonlyMap<Cause, number>): CauseVerdict {
  const weightOf = ({ cause, explanation }: Candidate) =>
    explanation.confidence * (1 - runWeight + runWeight * (shares.get(cause) ?? 0))
  const [best, second] = [...candidates].sort((one, other) => weightOf(other) - weightOf(one))
  const isEnough = best !== undefined && best.explanation.confidence >= leastConfidence
  const isTie = best !== undefined && second !== undefined && weightOf(second) > alike * weightOf(best)
  if (!isEnough || isTie) {
    const contender = (of: Candidate | undefined) => of && { id: of.cause.id, confidence: of.explanation.confidence }
    const words = undecidedWords(contender(best), isTie ? contender(second) : undefined)
    return { cause: 'unknown', confidence: 0, evidence: [...words, ...(best?.explanation.evidence ?? [])] }
  }
  const { confidence, evidence } = best.explanation
  return { cause: best.cause.id, confidence: rounded(confidence), evidence }
}

function likeliest(candidates: readonly Candidate[]): Candidate | undefined {
  return candidates.reduce<Candidate | undefined>(
    (best, each) => (best === undefined || each.explanation.confidence > best.explanation.confidence ? each : best),
    undefined,
  )
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
