// Data whose shape this version does not know, as a table: what a later version adds to a result does not break a report.

import { escapeHtml, htmlTable } from './markup.js'

/** Rows and columns of such a table. */
const mostRows = 50
const mostColumns = 12

/** A heading and a table of `data`; empty where there is nothing in it. */
export function anyTable(title: string, data: unknown): string {
  if (data === null || data === undefined || (Array.isArray(data) && data.length === 0)) return ''
  return `<h4>${escapeHtml(title)}</h4>${Array.isArray(data) ? listTable(data) : objectTable(data)}`
}

function listTable(list: readonly unknown[]): string {
  const rows = list.slice(0, mostRows)
  const names = [...new Set(rows.flatMap((row) => (isObject(row) ? Object.keys(row) : [])))].slice(0, mostColumns)
  if (names.length === 0) return `<p>${escapeHtml(rows.map(inWords).join(', '))}</p>`
  return htmlTable(
    names,
    rows.map((row) => names.map((name) => inWords(isObject(row) ? row[name] : undefined))),
  )
}

function objectTable(data: unknown): string {
  if (!isObject(data)) return `<p>${escapeHtml(inWords(data))}</p>`
  return htmlTable(
    ['', ''],
    Object.entries(data)
      .slice(0, mostRows)
      .map(([name, value]) => [name, inWords(value)]),
  )
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Numbers to four digits, texts as they are, what is nested as JSON. */
function inWords(value: unknown): string {
  if (value === null || value === undefined) return '–'
  if (typeof value === 'number') return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)))
  return typeof value === 'object' ? JSON.stringify(value).slice(0, 300) : String(value)
}
