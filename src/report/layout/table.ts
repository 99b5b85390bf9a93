// Rows of text as an aligned table or as a Markdown table. The first column stands left, the others right.

import { printable } from '../../base/text/shown-text.js'

export type Row = readonly string[]

/** Lines of `rows` under `head`, two spaces between columns. */
export function alignedTable(head: Row, rows: readonly Row[]): readonly string[] {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)))
  return all.map((row) =>
    widths
      .map((width, column) => (column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width)))
      .join('  ')
      .trimEnd(),
  )
}

/** A Markdown table; what a peer or a file said cannot end a cell. */
export function markdownTable(head: Row, rows: readonly Row[]): readonly string[] {
  const line = (row: Row) => `| ${row.map(markdownText).join(' | ')} |`
  return [line(head), `|${head.map((_, column) => (column === 0 ? ':---' : '---:')).join('|')}|`, ...rows.map(line)]
}

/** `text` on one line, with the characters that mean something to Markdown or HTML made harmless. */
export function markdownText(text: string): string {
  return printable(text.replace(/[\r\n]+/g, ' ')).replace(/[\\|`*_<>[\]]/g, (character) => `\\${character}`)
}

/** Lines of `rows`, every column standing left. */
export function alignedColumns(rows: readonly Row[]): readonly string[] {
  const columns = Math.max(0, ...rows.map((row) => row.length))
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
