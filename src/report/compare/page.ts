// A comparison as a page: the table, and the runs over each other by percentile and by second.

import type { ComparedRun } from '../../measure/compare/compare.js'
import type { PageAssets } from '../html/assets.js'
import { chartData } from '../html/chart-data.js'
import { escapeHtml, htmlSection, htmlTable, scriptJson } from '../html/markup.js'
import { htmlDocument } from '../html/page.js'
import { comparisonHead, comparisonLine, comparisonNotes, comparisonRows, type JudgedComparison } from './text.js'

/** Runs of each side that are drawn. */
const mostDrawn = 5

export function printComparisonPage(
  judged: JudgedComparison,
  sides: { readonly base: readonly ComparedRun[]; readonly runs: readonly ComparedRun[] },
  assets: PageAssets,
): string {
  const { comparison } = judged
  const [word = '', ...reason] = comparisonLine(judged).split(' ')
  const mark = (index: number) => {
    const verdict = comparison.rows[index]?.verdict
    return verdict === 'worse' ? 'bad' : verdict === 'better' ? 'good' : ''
  }
  const header = `<header><h1>${escapeHtml(comparison.scenario)}: compared</h1>
<p class="verdict"><strong class="badge ${word === 'PASS' ? 'good' : 'bad'}">${word}</strong> <span>${escapeHtml(reason.join(' '))}</span></p>
${comparisonNotes(comparison)
  .map((note) => `<p class="note">${escapeHtml(note)}</p>`)
  .join('\n')}</header>`
  const table = comparison.rows.length === 0 ? '' : htmlTable(comparisonHead, comparisonRows(comparison), { mark })
  const sections = [header, htmlSection('figures', 'Figures', table), charts(sides)]
  return htmlDocument(`${word} ${comparison.scenario} compared`, sections, assets, 'en')
}

function charts({ base, runs }: { base: readonly ComparedRun[]; runs: readonly ComparedRun[] }): string {
  const drawn = [
    ...base.slice(0, mostDrawn).map((run) => ({ run, colour: 'p50' })),
    ...runs.slice(0, mostDrawn).map((run) => ({ run, colour: 'p99' })),
  ]
    .map(({ run, colour }) => ({ run, colour, data: chartData({ ...run, slowest: [], scenario: null }) }))
    .filter(({ data }) => data.at.length > 0)
  if (drawn.length === 0) return ''
  const longest = <Column>(columns: readonly (readonly Column[])[]) =>
    columns.reduce((most, column) => (column.length > most.length ? column : most), columns[0] as readonly Column[])
  const series = (valuesOf: (data: (typeof drawn)[number]['data']) => readonly (number | null)[], length: number) =>
    drawn.map(({ run, colour, data }) => {
      const values = valuesOf(data)
      return { name: run.name, colour, values: Array.from({ length }, (_, index) => values[index] ?? null) }
    })
  const x = longest(drawn.map(({ data }) => data.spectrum.x))
  const at = longest(drawn.map(({ data }) => data.at))
  const compared = {
    spectra: { x, series: series((data) => data.spectrum.response, x.length) },
    times: { x: at, series: series((data) => data.p99, at.length) },
  }
  const words = { second: 'second', quantile: '1 / (1 − q)' }
  const figure = (id: string, title: string) =>
    `<figure role="img" aria-labelledby="${id}-title"><h3 id="${id}-title">${title}</h3><div class="chart" id="${id}"></div></figure>`
  return htmlSection(
    'charts',
    'Runs over each other',
    `<noscript><p class="note">Scripts are off here: the charts are not drawn. The table says what was judged.</p></noscript>
${figure('comparedSpectra', 'Response time by percentile')}
${figure('comparedTimes', 'p99 second by second')}
<script type="application/json" id="data">${scriptJson({ words, compared })}</script>`,
  )
}
