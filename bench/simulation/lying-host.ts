// Hosts that lie, in schedules of their own: whatever else goes wrong, the run must find what the host kept or said wrongly.
//
// Rule: whether a lie took effect is told from the rows and the totals themselves, and not by the code that has to find it.

import type { Random } from '../../src/base/random.js'
import type { BookRow, SettledTotals } from '../../src/measure/money/books.js'
import { booksByTotals } from '../../src/measure/money/books.js'
import { settledTotals } from '../../src/run/result/settled-totals.js'
import { totalsAgree } from '../../src/terminal/settlement/host-totals.js'
import type { SettledTerminal } from '../../src/terminal/settlement/settlement.js'
import { rowName } from './audit.js'
import type { Coverage } from './coverage.js'
import { owedName } from './shop.js'

export const hostLies = ['ignore_reversal', 'wrong_verdict'] as const
export type HostLie = (typeof hostLies)[number]

/** The share of schedules whose host lies from the first card to the end of the day. */
const lyingShare = 0.1

export const drawHostLie = (random: Random): HostLie | undefined =>
  random.chance(lyingShare) ? hostLies[random.below(hostLies.length)] : undefined

/** An entry of a scenario's `faults:`. */
export const faultOfLie = (lie: HostLie): Readonly<Record<string, unknown>> =>
  lie === 'wrong_verdict'
    ? { name: 'lie of the host', on: 'network', wrong_verdict: {} }
    : { name: 'lie of the host', on: 'acquirer', ignore_reversal: {} }

export interface LyingEvidence {
  /** The rows of the last journal, and the ledger's. */
  readonly terminalRows: readonly BookRow[]
  readonly ledgerRows: readonly BookRow[]
  /** Names of what the host has said that it reversed; a journal that was begun anew knows nothing of it any more. */
  readonly reversed: ReadonlySet<string>
  /** The settlements when nothing went wrong any more. */
  readonly settled: readonly SettledTerminal[]
  /** Sentences where `books.agree` of the run is not true. */
  readonly shown: readonly string[]
  /** Problems of an honest host. */
  readonly problems: readonly string[]
}

/** The problems that are left when the lie is taken out of them, and what nobody found. */
export function problemsOfLyingHost(
  lie: HostLie | undefined,
  evidence: LyingEvidence,
  coverage: Pick<Coverage, 'add'>,
): readonly string[] {
  if (lie === undefined) return evidence.problems
  return lie === 'ignore_reversal' ? keptMoney(evidence, coverage) : belied(evidence, coverage)
}

/** A liar sends a reversed sale again, and is told what it was told first: the host has not undone it. */
const heardByLiar = 'the host took a lie for the truth: repeatAfterReversal'

/** A host that keeps money has other books in every way; of its problems only a fall of the process is not its own. */
function keptMoney(
  { terminalRows, reversed, ledgerRows, shown, problems }: LyingEvidence,
  coverage: Pick<Coverage, 'add'>,
): readonly string[] {
  const charges = ledgerRows.filter(({ state }) => state === 'charged')
  const charged = new Set(charges.map(rowName))
  const kept = terminalRows.filter((row) => row.state === 'reversed' && charged.has(rowName(row)))
  const known = new Set(terminalRows.map(rowName))
  // A journal that was begun anew has forgotten the reversal. Totals that the host would not accept may have shown it;
  // where the terminal told none before it was killed, nothing that is left can show it.
  const isSeen = shown.length > 0 || problems.some((problem) => problem.startsWith('settlement of terminal'))
  const isKeptOfOld = charges.some((row) => !known.has(rowName(row)) && (isSeen || reversed.has(owedName(row))))
  if (kept.length === 0 && !isKeptOfOld) return problems.filter((problem) => problem !== heardByLiar)
  if (isSeen) coverage.add('lie of a host found: ignore_reversal')
  return [
    ...problems.filter((problem) => problem.startsWith('fell over')),
    ...(shown.length > 0 || kept.length === 0
      ? []
      : [`a host kept ${kept.length} charges that it said were reversed, and the books agree`]),
  ]
}

/** The false verdicts themselves: of the terminals' totals, and of the totals that liars tell. */
const verdictProblems = ['settlement of terminal', 'the host took a lie for the truth: falseTotals']

function belied({ settled, problems }: LyingEvidence, coverage: Pick<Coverage, 'add'>): readonly string[] {
  const told = settledTotals(settled.filter((each) => !isTrueByNow(each))).filter(
    ({ verdict }) => verdict !== 'unknown',
  )
  const missed = told.filter((totals) => !isNamed(totals))
  coverage.add('lie of a host found: wrong_verdict', told.length - missed.length)
  return [
    ...problems.filter((problem) => !verdictProblems.some((verdict) => problem.startsWith(verdict))),
    ...missed.map(
      ({ terminal, verdict }) => `terminal ${terminal} takes a false '${verdict}' of its host for the truth`,
    ),
  ]
}

/**
 * The totals of a terminal that heard nothing are told again as they were. A host that has booked more since must call them
 * out of balance; the opposite of that is true of the terminal as it stands by now, and misleads nobody.
 */
function isTrueByNow({ isAgain, verdict, own, host }: SettledTerminal): boolean {
  return isAgain && verdict === (totalsAgree(own, host) === true ? 'balanced' : 'outOfBalance')
}

/** In balance and called so, or not and not called so, is what a host that turns every verdict round never says. */
function isNamed(totals: SettledTotals): boolean {
  const { counts } = booksByTotals({ all: [], open: [] }, [totals])
  return totals.totalsAgree === true ? counts.wrongVerdict === 1 : counts.wrongVerdict + counts.totalsDiffer === 1
}
