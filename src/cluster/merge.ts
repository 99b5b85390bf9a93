// Puts the parts of one run together. Sums and histograms are exact: the result is that of one recorder which saw it all.
// A run in one process is a run of one part, so that both ways cannot differ.

import { UsageError } from '../base/errors.js'
import type { Effort } from '../base/process/effort.js'
import { type Share, shareText } from '../base/share.js'
import type { Slices } from '../base/slices.js'
import { countArrivals, type LoadPlan } from '../load/plan.js'
import { sumOf } from '../measure/breakdown.js'
import type { CauseVerdict } from '../measure/causes/cause.js'
import { diagnosing } from '../measure/causes/diagnose.js'
import type { ContractTerms } from '../measure/causes/funds-observed.js'
import { mergingObservations } from '../measure/causes/merge-observations.js'
import { nameSlowest } from '../measure/causes/name-slowest.js'
import { createRecorder } from '../measure/latency/recorder.js'
import { booksWithoutPart, mergeBooks } from '../measure/money/books.js'
import { fundsFigures } from '../measure/money/funds.js'
import { addLies } from '../measure/money/lies.js'
import { mergeFunds } from '../measure/money/merchant-funds.js'
import type { PartRecord } from '../measure/part-record.js'
import type { FaultRow, PartRow, Result } from '../measure/result.js'
import { figures } from '../measure/summary.js'
import type { Tally } from '../measure/tally.js'
import { addTurnedAway } from '../measure/turned-away.js'
import { type LostPart, recordLost } from './lost-part.js'

/** Changes of host or route that a result lists; all are counted. */
const maxSwitches = 200

export interface MergeContext {
  /** The terms that a merchant agreed with the acquirer. */
  readonly contractOf: (merchant: string) => ContractTerms | undefined
  readonly fundsWithinMs: number | null
  /** The merchants' money, where parts do not know it themselves. */
  readonly merchantFunds?: Result['funds'] | undefined
  /** The load of one part, to count what a lost one would have sent. */
  readonly planOf: (share: Share) => LoadPlan
}

export interface Merged {
  /** Its timeline is in the tally. */
  readonly result: Omit<Result, 'thresholds' | 'timeline'>
  /** The verdicts by the id of a transaction, see `mergedId`. */
  readonly verdicts: ReadonlyMap<number, CauseVerdict>
  readonly tally: Tally
}

/** Parts in any order, at least one; and those that are lost, whose arrivals are counted all the same. */
export function* mergingParts(
  given: readonly PartRecord[],
  lost: readonly LostPart[],
  context: MergeContext,
): Slices<Merged> {
  const parts = [...given].sort(byPart)
  const [first] = parts as [PartRecord]
  const tally = yield* mergingTallies(parts, lost, context)
  yield
  const merchantFunds = context.merchantFunds ?? mergeFunds(parts.map((part) => part.merchantFunds))
  const observations = yield* mergingObservations(
    parts.map((part) => part.observations),
    context.contractOf,
    merchantFunds === null ? undefined : holdsOf(merchantFunds),
  )
  yield
  const measured = figures(tally, {
    loadEndedMs: Math.max(...parts.map(({ loadEndedMs }) => loadEndedMs)),
    eventLoopDelay: worstDelay(parts),
  })
  yield
  const { causes, verdicts } = yield* diagnosing(observations)
  const funds = fundsFigures(parts.map((part) => part.funds))
  const books = mergeBooks(parts.map((part) => part.books))
  const result = {
    schema: 'isochron/result@1',
    tool: first.tool,
    scenario: first.scenario,
    startedAt: isoTime(Math.min(...parts.map(({ startedAtWall }) => startedAtWall))),
    endedAt: isoTime(Math.max(...parts.map(({ endedAtWall }) => endedAtWall))),
    interrupted: parts.some(({ interrupted }) => interrupted),
    ...(first.abortedBy !== undefined && { abortedBy: first.abortedBy }),
    keys: parts.find(({ keys }) => keys !== null)?.keys ?? null,
    tls: first.tls,
    ...measured,
    generator: generatorOf(measured.generator, parts),
    timeToFunds: funds.timeToFunds,
    timeliness: {
      ...measured.timeliness,
      fundsWithinMs: context.fundsWithinMs,
      fundsTimelyRate: funds.fundsTimelyRate,
    },
    reversals: addUp(parts.map(({ reversals }) => reversals)),
    settlements: addUp(parts.map(({ settlements }) => settlements)),
    books: lost.length === 0 ? books : booksWithoutPart(books),
    lies: addLies(parts.map(({ lies }) => lies)),
    funds: merchantFunds,
    causes,
    evidence: addUp(parts.map(({ evidence }) => evidence)),
    turnedAway: addTurnedAway(parts.map(({ turnedAway }) => turnedAway)),
    faults: mergeFaults(parts),
    failover: mergeFailover(parts),
    slowest: nameSlowest(measured.slowest, observations.transactions, verdicts),
    ...(first.share.of > 1 && {
      whole: lost.length === 0 && parts.length === first.share.of,
      parts: partRows(parts, lost, context),
    }),
  } as const
  return { result, verdicts, tally }
}

const holdsOf = ({ merchants }: NonNullable<Result['funds']>) =>
  new Map(merchants.flatMap(({ merchant, holds = [] }) => (holds.length === 0 ? [] : [[merchant, holds] as const])))

const byPart = (one: { readonly share: Share }, other: { readonly share: Share }) => one.share.index - other.share.index

function partRows(
  parts: readonly PartRecord[],
  lost: readonly LostPart[],
  { planOf }: MergeContext,
): readonly PartRow[] {
  const startedAt = Math.min(...parts.map(({ startedAtWall }) => startedAtWall))
  const rows = [
    ...parts.map((part) => partRow(part, startedAt)),
    ...lost.map((part) => lostRow(part, countArrivals(planOf(part.share)))),
  ]
  return rows.sort((one, other) => one.part - other.part)
}

function* mergingTallies(
  parts: readonly PartRecord[],
  lost: readonly LostPart[],
  { planOf }: MergeContext,
): Slices<Tally> {
  const [first] = parts as [PartRecord]
  if (parts.length === 1 && lost.length === 0) return first.tally
  const { measureFromMs, timelyWithinMs } = first.tally
  const recorder = createRecorder({ startedAt: 0, measureFrom: measureFromMs, timelyWithinMs })
  try {
    for (const { tally } of parts) yield* recorder.adding(tally)
    for (const part of lost) recordLost(recorder, part, planOf(part.share))
    return recorder.tally()
  } finally {
    recorder.destroy()
  }
}

/**
 * In which way parts are not of one run, a sentence each: none, unless `mixed` allows it. Throws UsageError that names the first two
 * parts which are not of one run, or a part that comes twice. Figures of two programs are not one result.
 */
export function checkParts(
  parts: readonly (PartRecord & { readonly from: string })[],
  { mixed = false }: { readonly mixed?: boolean } = {},
): readonly string[] {
  const [first] = parts
  if (first === undefined) throw new UsageError('nothing to merge: name the folders of the parts')
  const seen = new Map<number, string>()
  const differences: string[] = []
  for (const part of parts) {
    for (const { what, of, mayDiffer } of sameForAll) {
      if (of(part) === of(first)) continue
      const words = `${what} differs (${of(part)}, ${of(first)})`
      if (!mixed || mayDiffer !== true) throw notOfOneRun(part, first, words, mixed)
      differences.push(`part ${shareText(part.share)}: ${words}`)
    }
    const before = seen.get(part.share.index)
    if (before !== undefined)
      throw new UsageError(`${before} and ${part.from} are both part ${shareText(part.share)}: name it once`)
    seen.set(part.share.index, part.from)
  }
  return differences
}

type Named = PartRecord & { readonly from: string }

function notOfOneRun(part: Named, first: Named, words: string, mixed: boolean): UsageError {
  const hint = mixed ? '; --allow-mixed cannot put these together' : ''
  return new UsageError(`${part.from} and ${first.from} are not parts of one run: ${words}${hint}`)
}

interface SameForAll {
  readonly what: string
  readonly of: (part: PartRecord) => string | number
  /** Where the user wants it: the sums have a meaning all the same. */
  readonly mayDiffer?: true
}

const sameForAll: readonly SameForAll[] = [
  { what: 'the scenario', of: ({ scenario }) => scenario.sha256, mayDiffer: true },
  { what: 'the seed', of: ({ scenario }) => scenario.seed, mayDiffer: true },
  { what: 'the list of remedies', of: ({ scenario }) => scenario.remedies.join(', '), mayDiffer: true },
  { what: 'the number of parts', of: ({ share }) => share.of },
  { what: 'the version of isochron', of: ({ tool }) => tool.version, mayDiffer: true },
  { what: 'the end of the warm-up', of: ({ tally }) => tally.measureFromMs },
  { what: 'the limit of what is timely', of: ({ tally }) => tally.timelyWithinMs },
]

/** Parts of which nothing came at all. */
export function missingParts(parts: readonly PartRecord[]): readonly LostPart[] {
  const { of } = (parts[0] as PartRecord).share
  const known = new Set(parts.map(({ share }) => share.index))
  return Array.from({ length: of }, (_, index) => index)
    .filter((index) => !known.has(index))
    .map((index) => ({ share: { index, of }, place: null, tally: null, handed: 0, ended: 0, why: 'missing' }))
}

function lostRow({ share, place, tally, why }: LostPart, planned: number): PartRow {
  return {
    part: share.index + 1,
    of: share.of,
    host: place?.host ?? null,
    cpus: place?.cpus ?? null,
    planned,
    offered: tally === null ? 0 : sumOf(tally.outcomes),
    lost: why,
    startSkewMs: null,
    lagP99Ms: tally?.lag.p99 ?? null,
    saturated: null,
  }
}

function partRow(
  { share, place, planned, tally, startedAtWall, eventLoopDelay }: PartRecord,
  firstStartedAt: number,
): PartRow {
  const { offered, generator } = figures({ ...tally, timeline: [] }, { loadEndedMs: 0, eventLoopDelay })
  return {
    part: share.index + 1,
    of: share.of,
    host: place.host,
    cpus: place.cpus,
    planned,
    offered,
    lost: null,
    startSkewMs: startedAtWall - firstStartedAt,
    lagP99Ms: tally.lag.p99,
    saturated: generator?.saturated ?? null,
  }
}

/** One starved generator of twenty must not be averaged away. */
function generatorOf(whole: Result['generator'], parts: readonly PartRecord[]): Result['generator'] {
  if (whole === null || parts.length === 1) return whole
  const own = parts.flatMap(({ share, tally, eventLoopDelay }) => {
    const { generator } = figures({ ...tally, timeline: [] }, { loadEndedMs: 0, eventLoopDelay })
    return generator?.saturated === true ? [`part ${shareText(share)}: ${generator.saturatedBecause}`] : []
  })
  const { saturatedBecause: _, ...rest } = whole
  return own.length === 0
    ? { ...rest, saturated: false }
    : { ...rest, saturated: true, saturatedBecause: own.join('; ') }
}

function worstDelay(parts: readonly PartRecord[]): PartRecord['eventLoopDelay'] {
  const known = parts.flatMap(({ eventLoopDelay }) => eventLoopDelay ?? [])
  if (known.length === 0) return null
  const worst = (values: readonly (number | null)[]) =>
    values.reduce((most, value) => (value === null ? most : Math.max(most ?? 0, value)), null)
  const efforts = known.flatMap(({ effort }) => effort ?? [])
  const most = (of: (effort: Effort) => number) => Math.max(...efforts.map(of))
  // The busiest process, and the thread that stood still for longest: one of twenty must not be averaged away.
  const effort = efforts.length > 0 && {
    cores: most(({ cores }) => cores),
    ...(efforts.some(({ waitShare }) => waitShare !== undefined) && {
      waitShare: most(({ waitShare = 0 }) => waitShare),
    }),
    gc: {
      pauses: efforts.reduce((sum, { gc }) => sum + gc.pauses, 0),
      share: most(({ gc }) => gc.share),
      longestMs: most(({ gc }) => gc.longestMs),
    },
  }
  return {
    p99Ms: worst(known.map(({ p99Ms }) => p99Ms)),
    maxMs: worst(known.map(({ maxMs }) => maxMs)),
    ...(effort && { effort }),
  }
}

/** Counts, added name by name; null where no part has any. */
function addUp<Counts extends object>(counts: readonly (Counts | null)[]): Counts | null {
  const known = counts.filter((each) => each !== null)
  if (known.length === 0) return null
  const names = new Set(known.flatMap((each) => Object.keys(each)))
  const countOf = (counts: Counts, name: string) => (counts as Readonly<Record<string, number>>)[name] ?? 0
  const sums = [...names].map((name) => [name, known.reduce((sum, each) => sum + countOf(each, name), 0)])
  return Object.fromEntries(sums) as Counts
}

/** In the scenario's order, which is the same in every part. */
function mergeFaults(parts: readonly PartRecord[]): Result['faults'] {
  if (parts.every(({ faults }) => faults === null)) return null
  const rows = new Map<string, FaultRow>()
  for (const row of parts.flatMap(({ faults }) => faults ?? [])) {
    const key = JSON.stringify([row.on, row.name, row.kind])
    const known = rows.get(key)
    rows.set(key, known === undefined ? row : { ...known, applied: known.applied + row.applied })
  }
  return [...rows.values()]
}

function mergeFailover(parts: readonly PartRecord[]): Result['failover'] {
  const known = parts.flatMap(({ failover }) => failover ?? [])
  if (known.length === 0) return null
  return {
    count: known.reduce((sum, { count }) => sum + count, 0),
    first: known
      .flatMap(({ first }) => first)
      .sort((one, other) => one.atMs - other.atMs)
      .slice(0, maxSwitches),
  }
}

const isoTime = (epochMs: number) => new Date(epochMs).toISOString()
