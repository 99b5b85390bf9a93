// Text for a screen of so many columns: no row wraps by itself.

import { alignedTable, type Row } from './table.js'

/** Columns of a table that a narrow screen can do without, the first to go first. */
const dispensable = [
  'p99.99',
  'p95',
  'unsent',
  'declined',
  'p90',
  'failed',
  'p99.9',
  'count',
  'timedOut',
  'approved',
  'interval',
]

/** The table without the columns for which there is no room. Undefined columns: there is always room. */
export function fittedTable(head: Row, rows: readonly Row[], columns: number | undefined): readonly string[] {
  const lines = alignedTable(head, rows)
  if (columns === undefined || lines.every((line) => line.length <= columns)) return lines
  const drop = dispensable.map((name) => head.indexOf(name)).find((index) => index > 0)
  if (drop === undefined) return lines
  const without = (row: Row) => row.filter((_, index) => index !== drop)
  return fittedTable(without(head), rows.map(without), columns)
}

/** Lines of at most so many columns; what goes on is indented. Broken between words. */
export function foldLine(line: string, columns: number | undefined): readonly string[] {
  if (columns === undefined || line.length <= columns) return [line]
  const room = Math.max(20, columns)
  const place = line.lastIndexOf(' ', room)
  const at = place > 4 ? place : room
  return [line.slice(0, at).trimEnd(), ...foldLine(`  ${line.slice(at).trimStart()}`, columns)]
}
