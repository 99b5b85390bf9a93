// The table causes by remedies, as Markdown: a column for each condition, a row for each remedy.

import { bestRemedy } from '../../src/measure/remedies.js'
import { formatShare } from '../../src/report/layout/figures.js'
import { markdownTable } from '../../src/report/layout/table.js'
import type { Tried } from './judge.js'
import type { Remedy } from './read-conditions.js'

/** Where the table stands in a README. */
export const markers = ['<!-- conditions: begin -->', '<!-- conditions: end -->'] as const

/** `**100 % ★**` own and best, `**95 %**` own, `98 % ✓` foreign and explained, `–` does not fit or was not tried. */
export function printTable(all: readonly Tried[], remedies: readonly Remedy[]): string {
  const head = ['', ...all.map(({ cause }) => cause)]
  const goal = (tried: Tried) => tried.goals.map(({ figure, limit }) => `${nameOf(figure)} ≥ ${formatShare(limit)}`)
  const rows = [
    ['goal', ...all.map((tried) => [...new Set(goal(tried))].join(', '))],
    ['cause that the run names', ...all.map(({ named }) => named[0] ?? '–')],
    ['without a remedy', ...all.map(({ before }) => formatShare(before.rate))],
    ...remedies.map(({ name, cause }) => [`${name} (${cause})`, ...all.map((tried) => cellOf(tried, name, cause))]),
  ]
  return markdownTable(head, rows).join('\n').replaceAll('\\*', '*').replaceAll('\\<', '&lt;')
}

const nameOf = (figure: string) => (figure === 'fundsTimelyRate' ? 'funds timely' : 'timely')

function cellOf(tried: Tried, name: string, cause: string): string {
  const row = [...tried.own, ...tried.foreign].find((each) => each.name === name)
  if (row === undefined) return '–'
  const rate = row.problem === null ? formatShare(row.rate) : 'could not run'
  if (cause === tried.cause) return bestRemedy([tried.before, ...tried.own]) === name ? `**${rate} ★**` : `**${rate}**`
  return Object.hasOwn(tried.alsoHelps, name) ? `${rate} ✓` : rate
}

/** `text` with what stands between the markers replaced. Throws where there are none. */
export function replaceTable(text: string, table: string): string {
  const [begin, end] = markers.map((marker) => text.indexOf(marker)) as [number, number]
  if (begin < 0 || end < begin) throw new Error(`no ${markers[0]} … ${markers[1]} to write the table between`)
  return `${text.slice(0, begin + markers[0].length)}\n\n${table}\n\n${text.slice(end)}`
}
