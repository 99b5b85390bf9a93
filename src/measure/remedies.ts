// Before and after: what each remedy of a scenario made of it, and which one did best.

import type { Result } from './result.js'
import { parseThreshold, type Threshold } from './threshold.js'

/** The name of the run without any remedy. */
export const baseline = 'baseline'

/** The two rates that "timely" can mean: the answer in time, or the money. */
export type TimelyFigure = 'timelyRate' | 'fundsTimelyRate'

/** The rate that a scenario demands, a share of 1. */
export interface Goal {
  readonly figure: TimelyFigure
  /** Only these transactions; null: all. */
  readonly of: NonNullable<Threshold['of']> | null
  readonly limit: number
}

/** Figures of one run: shares of 1, times in ms. Null where it is not known. */
export interface RemedyRow {
  /** `baseline`, or the remedy's name. */
  readonly name: string
  /** The description of the remedy, in the scenario's words. */
  readonly about: string | null
  readonly timelyRate: number | null
  readonly fundsTimelyRate: number | null
  /** The lowest of the rates that the goals are about; null where one of them is not known. */
  readonly rate: number | null
  readonly p50: number | null
  readonly p99: number | null
  readonly fundsP99: number | null
  /** Books of both sides agree. */
  readonly books: boolean | null
  readonly thresholds: { readonly met: number; readonly of: number }
  /** The cause that the run itself blames first; null where it blames nothing. */
  readonly cause: string | null
  /** Why there are no figures: the run could not start. */
  readonly problem: string | null
  /** Only what was measured until then: such a run wins nothing. */
  readonly interrupted: boolean
}

/** The shape of remedies.json. */
export interface RemedyComparison {
  readonly schema: 'isochron/remedies@1'
  readonly scenario: { readonly name: string; readonly seed: number; readonly clock: 'real' | 'virtual' }
  readonly goals: readonly Goal[]
  /** The baseline first, then the remedies in the scenario's order; those that did not run are left out. */
  readonly rows: readonly RemedyRow[]
  /** The remedy that did best; null where none did better than the baseline. */
  readonly best: string | null
  /** Remedies of other causes that help here too, by name, and why. */
  readonly alsoHelps: Readonly<Record<string, string>>
  readonly interrupted: boolean
}

/** Rates as near as this are equal, and p99 decides. */
const sameRate = 0.001

/** The least that the thresholds demand of the timely rate and of the funds timely rate; neither: all of the timely rate. */
export function goalsOf(thresholds: readonly string[]): readonly Goal[] {
  const goals = thresholds.map(parseThreshold).flatMap(({ path, of, limit }): Goal[] => {
    const figure = path.at(-1)
    const isRate = figure === 'timelyRate' || figure === 'fundsTimelyRate'
    return isRate && typeof limit === 'number' ? [{ figure, of: of ?? null, limit }] : []
  })
  return goals.length > 0 ? goals : [{ figure: 'timelyRate', of: null, limit: 1 }]
}

/** `problem` in place of a result: the run could not start. */
export function remedyRow(
  name: string,
  about: string | undefined,
  ran: Result | { readonly problem: string },
  goals: readonly Goal[],
): RemedyRow {
  if ('problem' in ran) return { ...empty, name, about: about ?? null, problem: ran.problem }
  return {
    name,
    about: about ?? null,
    timelyRate: ran.timeliness.timelyRate,
    fundsTimelyRate: ran.timeliness.fundsTimelyRate,
    rate: lowest(goals.map((goal) => rateOf(ran, goal))),
    p50: ran.responseTime.p50,
    p99: ran.responseTime.p99,
    fundsP99: ran.timeToFunds?.p99 ?? null,
    books: ran.books?.agree ?? null,
    thresholds: { met: ran.thresholds.filter(({ met }) => met).length, of: ran.thresholds.length },
    cause: namedCauses(ran)[0] ?? null,
    problem: null,
    interrupted: ran.interrupted || ran.abortedBy !== undefined,
  }
}

const empty = {
  timelyRate: null,
  fundsTimelyRate: null,
  rate: null,
  p50: null,
  p99: null,
  fundsP99: null,
  books: null,
  thresholds: { met: 0, of: 0 },
  cause: null,
  interrupted: false,
} as const

/** The causes that the run blames, the first one first. */
export function namedCauses({ causes }: Result): readonly string[] {
  return (causes ?? []).flatMap((row) => {
    const named = typeof row === 'object' && row !== null && 'cause' in row ? row.cause : undefined
    return typeof named === 'string' ? [named] : []
  })
}

function rateOf({ timeliness, breakdown }: Result, { figure, of }: Goal): number | null {
  if (of === null) return timeliness[figure]
  const rows = breakdown[of.kind]
  return Object.hasOwn(rows, of.name) ? (rows[of.name]?.timelyRate ?? null) : null
}

const lowest = (rates: readonly (number | null)[]) =>
  rates.reduce((low, rate) => (low === null || rate === null ? null : Math.min(low, rate)), 1)

/** `timelyRate`, `timelyRate{merchant=…}`. */
export const goalName = ({ figure, of }: Goal) => (of === null ? figure : `${figure}{${of.kind}=${of.name}}`)

/**
 * The remedy that did best, of `rows` with the baseline first: books that do not disagree, then all thresholds met, then
 * the higher rate, then the lower p99. Null where none did better than the baseline.
 */
export function bestRemedy(rows: readonly RemedyRow[]): string | null {
  const [before, ...remedies] = rows
  if (before === undefined) return null
  const best = remedies.reduce((winner, row) => (isBetter(row, winner) ? row : winner), before)
  return best === before ? null : best.name
}

function isBetter(row: RemedyRow, than: RemedyRow): boolean {
  if (row.problem !== null || row.interrupted) return false
  if (than.problem !== null) return true
  if ((row.books === false) !== (than.books === false)) return than.books === false
  if (isMet(row) !== isMet(than)) return isMet(row)
  const gain = (row.rate ?? 0) - (than.rate ?? 0)
  if (Math.abs(gain) > sameRate) return gain > 0
  return (row.p99 ?? Number.POSITIVE_INFINITY) < (than.p99 ?? Number.POSITIVE_INFINITY)
}

/** Every threshold is met. */
export const isMet = ({ thresholds, problem }: RemedyRow) => problem === null && thresholds.met === thresholds.of
