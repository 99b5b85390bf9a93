// A commit's speed against the committed figures. What a machine decides is given room: parts of a plain echo in the same round,
// the best of several rounds.

import type { Group, Round } from './round.js'

/** The groups that are measured: one shape, so that it stays short. */
export const gatedGroups: readonly Group[] = ['embedded', 'terminal', 'acquirer']
export const gatedShape = '1x64'

/** The sides whose bytes are counted. */
export type Side = 'sale' | 'balance' | 'acquirer'

export interface GateFigure {
  /** Transactions a second as a part of the echo's. */
  readonly ofEcho: number
  /** Allocated by the terminals' thread for a transaction; left out where it is not counted. */
  readonly bytes?: number
}

/** bench/baseline.json. */
export interface Baseline {
  readonly schema: 'isochron/baseline@1'
  /** Where it was measured: for people. */
  readonly machine: { readonly node: string; readonly cpu: string; readonly cpus: number }
  readonly figures: Readonly<Record<string, GateFigure>>
  /** Allocated for a transaction by the side's thread alone, as `bench -- stages` counts it. */
  readonly bytes: Readonly<Record<Side, number>>
}

/** Bytes that a side may allocate for a transaction. */
export const mostSideBytes: Readonly<Record<Side, number>> = { sale: 4000, balance: 3000, acquirer: 2000 }
/** A commit may allocate so much more than the baseline: runs of one commit differ by less. */
const spareBytesPart = 1.15

/** The limit of a side. Each major version of Node has its own bytes: on another one only what all may is asked. */
export function bytesLimit({ machine, bytes }: Baseline, side: Side, node: string): number {
  const isSame = node.split('.')[0] === machine.node.split('.')[0]
  return isSame ? Math.min(mostSideBytes[side], bytes[side] * spareBytesPart) : mostSideBytes[side]
}

/** Below this part of the baseline a figure is told, and below the second it fails: machines differ. */
export const slowPart = 0.7
export const failPart = 0.5
/** Bytes above the first multiple of the baseline are told, above the second they fail: at a low rate what a second costs weighs more. */
export const moreBytesPart = 1.3
export const mostBytesPart = 4

/** The best of all rounds: another process takes speed away and never adds any. */
export function bestOf(rounds: readonly Round[]): Readonly<Record<string, GateFigure>> {
  return Object.fromEntries(
    gatedGroups.flatMap((group) => {
      const points = rounds.flat().filter((point) => point.group === group && point.shape === gatedShape)
      if (points.length === 0) return []
      const bytes = points.flatMap(({ measured }) => measured.bytes ?? [])
      const ofEcho = Math.max(...points.map(({ measured, echo }) => measured.perSecond / echo.perSecond))
      return [[group, { ofEcho, ...(bytes.length > 0 && { bytes: Math.min(...bytes) }) }] as const]
    }),
  )
}

export type GateVerdict = 'met' | 'slower' | 'FAIL'

export interface GateRow {
  readonly name: string
  readonly base: number
  readonly value: number | undefined
  readonly verdict: GateVerdict
}

/** A figure of the baseline that was not measured fails: nobody looked at it. */
export function judgeGate({ figures }: Baseline, now: Readonly<Record<string, GateFigure>>): readonly GateRow[] {
  return Object.entries(figures).flatMap(([group, base]) => {
    const found = now[group]
    const rows: GateRow[] = [
      { name: `${group}, part of echo`, base: base.ofEcho, value: found?.ofEcho, verdict: speedVerdict(base, found) },
    ]
    if (base.bytes !== undefined)
      rows.push({ name: `${group}, bytes`, base: base.bytes, value: found?.bytes, verdict: bytesVerdict(base, found) })
    return rows
  })
}

function speedVerdict(base: GateFigure, found: GateFigure | undefined): GateVerdict {
  const part = found === undefined ? 0 : found.ofEcho / base.ofEcho
  return part < failPart ? 'FAIL' : part < slowPart ? 'slower' : 'met'
}

function bytesVerdict({ bytes = 0 }: GateFigure, found: GateFigure | undefined): GateVerdict {
  if (found?.bytes === undefined || found.bytes > bytes * mostBytesPart) return 'FAIL'
  return found.bytes > bytes * moreBytesPart ? 'slower' : 'met'
}
