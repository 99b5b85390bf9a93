// Rows of text as an aligned table or as a Markdown table. The first column stands left, the others right.

import { printable } from '../../base/text/shown-text.js'

export type Row = readonly string[]

/** Characters that take two columns of a screen: those of Chinese, and their punctuation (Unicode, East Asian Width). */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/g

/** The columns of a screen that a text takes. */
export const columnsOf = (text: string): number => text.length + (text.match(wide)?.length ?? 0)

const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - columnsOf(text)))
const paddedLeft = (text: string, width: number) => ' '.repeat(Math.max(0, width - columnsOf(text))) + text

/** Lines of `rows` under `head`, two spaces between columns. */
export function alignedTable(head: Row, rows: readonly Row[]): readonly string[] {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => columnsOf(row[column] ?? ''))))
  return all.map((row) =>
    widths
      .map((width, column) => (column === 0 ? padded : paddedLeft)(row[column] ?? '', width))
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
    Math.max(...rows.map((row) => columnsOf(row[column] ?? ''))),
  )
  return rows.map((row) =>
    row
      .map((cell, column) => padded(cell, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
