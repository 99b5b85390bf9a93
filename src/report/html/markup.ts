// HTML of what others chose: names, codes, reasons and merchants are hostile until they are escaped here.

import { maskText } from '../../base/mask.js'
import type { Row } from '../layout/table.js'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text for between tags and for attributes; card numbers in it are masked, control characters shown as dots. */
export function escapeHtml(text: string): string {
  return maskText(text)
    .replace(/(?![\t\n])\p{Cc}|\p{Bidi_Control}/gu, '·')
    .replace(/[&<>"']/g, (character) => entities[character] as string)
}

/** JSON for a script element: nothing in it can end the element. */
export function scriptJson(data: unknown): string {
  const masked = (_: string, value: unknown) => (typeof value === 'string' ? maskText(value) : value)
  return JSON.stringify(data, masked).replace(
    /[<\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A table of texts in a box that scrolls by itself where the screen is narrow. `marks`: a class for some rows. */
export function htmlTable(
  head: Row,
  rows: readonly Row[],
  { mark = () => '', left = [0] }: { mark?: (row: number) => string; left?: readonly number[] } = {},
): string {
  const cell = (tag: 'th' | 'td', text: string, column: number, scope = '') =>
    `<${tag}${scope}${left.includes(column) ? ' class="l"' : ''}>${escapeHtml(text)}</${tag}>`
  const headCells = head.map((text, column) => cell('th', text, column, ' scope="col"')).join('')
  const body = rows.map((row, index) => {
    const kind = mark(index)
    const cells = row.map((text, column) =>
      cell(column === 0 ? 'th' : 'td', text, column, column === 0 ? ' scope="row"' : ''),
    )
    return `<tr${kind === '' ? '' : ` class="${kind}"`}>${cells.join('')}</tr>`
  })
  return `<div class="wide"><table><thead><tr>${headCells}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`
}

/** A section with its heading; empty where it has nothing to say. */
export function htmlSection(id: string, title: string, body: string): string {
  return body === '' ? '' : `<section id="${id}"><h2>${escapeHtml(title)}</h2>\n${body}\n</section>`
}
