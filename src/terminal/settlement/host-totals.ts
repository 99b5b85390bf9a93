// The contents of a host's answer to a settlement: its verdict, its totals, and whether these are the terminal's own. Pure.

import type { Peek } from '../../codec/codec.js'
import type { LedgerRules, TotalName } from '../../codec/rules/ledger-rules.js'
import type { Judgement } from '../judgement.js'

export type SettlementVerdict = 'balanced' | 'outOfBalance' | 'unknown'

/** The totals that an answer carries, by name; `digits` is the room that each has there. */
export type HostTotals = ReadonlyMap<TotalName, { readonly value: number; readonly digits: number }>

/** Sums of a terminal that a host's can be held against. */
export interface OwnTotals {
  readonly debitCount: number
  readonly debitAmount: number
  readonly creditCount: number
  readonly creditAmount: number
}

export function readHostTotals({ totals }: LedgerRules, answer: Peek): HostTotals {
  const read = new Map<TotalName, { value: number; digits: number }>()
  for (const { total, digits, field, from, to } of totals.parts) {
    const match = /^([CD]?)(\d+)$/.exec(answer.text(field)?.slice(from, to) ?? '')
    if (match === null || total === 'verdict' || total === 'none') continue
    const value = Number(match[2])
    read.set(total, { value: match[1] === 'D' && value !== 0 ? -value : value, digits })
  }
  return read
}

/** Null where the answer carries no total of which the terminal has its own. */
export function totalsAgree(own: OwnTotals, host: HostTotals): boolean | null {
  const values: Partial<Record<TotalName, number>> = { ...own, net: own.creditAmount - own.debitAmount }
  const checks: boolean[] = []
  if (countsReversals(host)) {
    // Gross sums: what was reversed stands on both sides of them, so the terminal, which has it in neither, knows the net.
    const net = netTotal(host)
    if (net !== null) checks.push(net === values.net)
  } else {
    for (const [total, { value, digits }] of host) {
      const ours = values[total]
      // A number that has outgrown its field keeps the digits that there is room for.
      if (ours !== undefined) checks.push(value === ours % 10 ** digits)
    }
  }
  return checks.length === 0 ? null : checks.every((isSame) => isSame)
}

/** Credits less debits, in minor units; null where the answer does not say. */
export function netTotal(host: HostTotals): number | null {
  const said = (total: TotalName) => host.get(total)?.value
  const net = said('net')
  if (net !== undefined) return net
  const [credit, debit] = [said('creditAmount'), said('debitAmount')]
  if (credit === undefined || debit === undefined) return null
  return credit + (said('creditReversalAmount') ?? 0) - debit - (said('debitReversalAmount') ?? 0)
}

const reversalTotals = [
  'debitReversalCount',
  'debitReversalAmount',
  'creditReversalCount',
  'creditReversalAmount',
] as const

const countsReversals = (host: HostTotals) => reversalTotals.some((total) => (host.get(total)?.value ?? 0) !== 0)

/** The verdict that stands in its place in the answer, or in the response code; else what the totals say, if approved. */
export function settlementVerdict(
  { totals: { parts, verdicts }, codes }: LedgerRules,
  answer: Peek,
  { outcome, code, agree }: Pick<Judgement, 'outcome' | 'code'> & { agree: boolean | null },
): SettlementVerdict {
  if (outcome === 'failed') return 'unknown'
  const said = parts
    .filter(({ total }) => total === 'verdict')
    .map(({ field, from, to }) => answer.text(field)?.slice(from, to) ?? '')
    .filter((text) => text !== '')
  if (code === codes.outOfBalance && code !== undefined) return 'outOfBalance'
  if (said.includes(verdicts.outOfBalance)) return 'outOfBalance'
  if (outcome !== 'approved') return 'unknown'
  const balances =
    said.includes(verdicts.balanced) && said.every((text) => text === verdicts.balanced || text === unsaid)
  // Totals under a verdict that the host left open may be the terminal's own, sent back: only a difference tells.
  if (said.length === 0 ? agree === true : balances) return 'balanced'
  return agree === false ? 'outOfBalance' : 'unknown'
}

/** A verdict's place that the host left as the request had it (cup-pos), or that says unknown (ISO 8583:1987 field 66). */
const unsaid = '0'
