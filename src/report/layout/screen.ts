// Text for a screen of so many columns: no row wraps by itself.

import { alignedTable, columnsOf, type Row } from './table.js'

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

/** The table without the columns for which there is no room. Undefined columns: there is always room. `shown`: a row in its language. */
export function fittedTable(
  head: Row,
  rows: readonly Row[],
  columns: number | undefined,
  shown: (row: Row) => Row = (row) => row,
): readonly string[] {
  const lines = alignedTable(shown(head), rows.map(shown))
  if (columns === undefined || lines.every((line) => columnsOf(line) <= columns)) return lines
  const drop = dispensable.map((name) => head.indexOf(name)).find((index) => index > 0)
  if (drop === undefined) return lines
  const without = (row: Row) => row.filter((_, index) => index !== drop)
  return fittedTable(without(head), rows.map(without), columns, shown)
}

/** Lines of at most so many columns; what goes on is indented. Broken between words. */
export function foldLine(line: string, columns: number | undefined): readonly string[] {
  if (columns === undefined || columnsOf(line) <= columns) return [line]
  const room = placesIn(line, Math.max(20, columns))
  const place = line.lastIndexOf(' ', room)
  const at = place > 4 ? place : room
  return [line.slice(0, at).trimEnd(), ...foldLine(`  ${line.slice(at).trimStart()}`, columns)]
}

/** The characters of a line that fill so many columns. */
function placesIn(line: string, columns: number): number {
  let used = 0
  let places = 0
  for (const character of line) {
    used += columnsOf(character)
    if (used > columns) break
    places += character.length
  }
  return places
}
