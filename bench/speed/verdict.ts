// The rounds as one table: medians, as parts of the echo, and what must be reached.

import { medianOf } from '../median.js'
import type { MeasuredJob } from './job.js'
import { type Group, groups, type Round } from './round.js'

/** The least part of the echo, by shape. */
const must: Readonly<Record<Group, Readonly<Record<string, number>>>> = {
  embedded: { '1x64': 0.08, '64x1': 0.3, '64x16': 0.05 },
  terminal: { '1x64': 0.15, '64x1': 0.31, '64x16': 0.05 },
  balance: { '1x64': 0.23, '64x1': 0.4, '64x16': 0.085 },
  acquirer: { '1x64': 0.22, '64x1': 0.36, '64x16': 0.075 },
  open: { '16 connections': 0.03 },
  warm: { '16 connections': 0.075 },
}

/** The most bytes that the terminals' thread may allocate for a transaction. */
const mostBytes: Partial<Readonly<Record<Group, number>>> = { terminal: 4000, balance: 3000 }

const titles: Readonly<Record<Group, string>> = {
  embedded: 'sales, embedded acquirer, journal, ledger, books',
  terminal: 'sales, terminal alone, journal',
  balance: 'balance inquiries, terminal alone',
  acquirer: 'sales, acquirer alone, ledger',
  open: 'sales, open loop, no warm-up: lag p99 < 5 ms',
  warm: 'sales, open loop after 2 s: lag p99 < 5 ms',
}

export interface SpeedFigure {
  readonly group: Group
  readonly shape: string
  readonly perSecond: number
  readonly ofEcho: number
  readonly must: number
  readonly cpuUs: number | null
  readonly bytes: number | null
  readonly met: boolean
}

export function speedVerdict(rounds: readonly Round[]) {
  const figures = groups.flatMap((group) => Object.keys(must[group]).flatMap((shape) => figureOf(rounds, group, shape)))
  const missed = figures.filter(({ met }) => !met).map(({ group, shape }) => `${group} ${shape}`)
  return { table: tableOf(figures), figures, missed }
}

function figureOf(rounds: readonly Round[], group: Group, shape: string): readonly SpeedFigure[] {
  const points = rounds.flatMap((round) => round.filter((point) => point.group === group && point.shape === shape))
  if (points.length === 0) return []
  const middle = (name: 'perSecond' | 'cpuUs' | 'bytes') => {
    const values = points.flatMap(({ measured }) => measured[name as keyof MeasuredJob] ?? []) as number[]
    return values.length === 0 ? null : medianOf(values)
  }
  const ofEcho = medianOf(points.map(({ measured, echo }) => measured.perSecond / echo.perSecond))
  const least = must[group][shape] ?? 0
  const bytes = middle('bytes')
  const booksAgree = group !== 'embedded' || points.every(({ measured }) => measured.booksAgree === true)
  const met = ofEcho >= least && (bytes ?? 0) <= (mostBytes[group] ?? Number.POSITIVE_INFINITY) && booksAgree
  return [
    { group, shape, perSecond: middle('perSecond') ?? 0, ofEcho, must: least, cpuUs: middle('cpuUs'), bytes, met },
  ]
}

function tableOf(figures: readonly SpeedFigure[]): string {
  const widths = [50, 16, 9, 9, 7, 8, 8, 4]
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join(' ')
  const whole = (value: number | null) => (value === null ? '-' : value.toFixed(0))
  return [
    line(['figure', 'shape', '/s', 'of echo', 'must', 'CPU us', 'bytes', '']),
    ...figures.map(({ group, shape, perSecond, ofEcho, must: least, cpuUs, bytes, met }) =>
      line([
        ...[titles[group], shape, whole(perSecond), ofEcho.toFixed(3), least.toFixed(3)],
        ...[cpuUs === null ? '-' : cpuUs.toFixed(1), whole(bytes), met ? 'met' : 'MISS'],
      ]),
    ),
  ].join('\n')
}
