// A comparison, or the runs of a repetition, as a page: tables, and the runs over each other by percentile and by second.

import type { ComparedRun, Comparison } from '../../measure/compare/compare.js'
import type { Repeats } from '../../measure/compare/repeats.js'
import type { PageAssets } from '../html/assets.js'
import { chartData } from '../html/chart-data.js'
import { escapeHtml, htmlSection, htmlTable, scriptJson } from '../html/markup.js'
import { htmlDocument } from '../html/page.js'
import type { Row } from '../layout/table.js'
import type { Language } from '../words/language.js'
import { searchLineIn } from '../words/search-lines.js'
import { repeatsTexts } from './repeats.js'
import { comparisonTexts, type JudgedComparison } from './text.js'

/** Runs of each side that are drawn. */
const mostDrawn = 5

interface Sides {
  readonly base: readonly ComparedRun[]
  readonly runs: readonly ComparedRun[]
}

export function printComparisonPage(
  judged: JudgedComparison,
  sides: Sides,
  assets: PageAssets,
  language: Language = 'en',
): string {
  const say = (text: string) => searchLineIn(language, text)
  const texts = comparisonTexts(judged, language)
  const sections = [
    headerOf(texts.title, texts.verdict, texts.notes),
    htmlSection('figures', say('Figures'), figureTable(judged.comparison, texts)),
    charts(sides, say),
  ]
  return htmlDocument(pageTitle(texts), sections, assets, language)
}

/** repeats.html: every run in a row, and all over each other. */
export function printRepeatsPage(
  repeats: Repeats,
  sides: Sides,
  assets: PageAssets,
  language: Language = 'en',
): string {
  const say = (text: string) => searchLineIn(language, text)
  const { title, verdict, head, rows, compared } = repeatsTexts(repeats, language)
  const { comparison } = repeats
  const mark = (index: number) => (repeats.runs[index]?.passed === false ? 'bad' : '')
  const texts = { title: say(`${repeats.scenario}: repeated`), verdict }
  const sections = [
    headerOf(texts.title, verdict, [title, ...(compared?.notes ?? [])]),
    htmlSection('runs', say('Runs'), htmlTable(head, rows, { mark })),
    comparison === null || compared === undefined
      ? ''
      : htmlSection('figures', say('Compared'), figureTable(comparison, compared)),
    charts(sides, say),
  ]
  return htmlDocument(pageTitle(texts), sections, assets, language)
}

interface Titled {
  readonly title: string
  readonly verdict: { readonly passed: boolean }
}

const pageTitle = ({ title, verdict }: Titled) => `${verdict.passed ? 'PASS' : 'FAIL'} ${title}`

function headerOf(
  title: string,
  { passed, reason }: { readonly passed: boolean; readonly reason: string },
  notes: readonly string[],
): string {
  return `<header><h1>${escapeHtml(title)}</h1>
<p class="verdict"><strong class="badge ${passed ? 'good' : 'bad'}">${passed ? 'PASS' : 'FAIL'}</strong> <span>${escapeHtml(reason)}</span></p>
${notes.map((note) => `<p class="note">${escapeHtml(note)}</p>`).join('\n')}</header>`
}

function figureTable(
  comparison: Comparison,
  { head, rows }: { readonly head: Row; readonly rows: readonly Row[] },
): string {
  if (rows.length === 0) return ''
  const mark = (index: number) => {
    const verdict = comparison.rows[index]?.verdict
    return verdict === 'worse' ? 'bad' : verdict === 'better' ? 'good' : ''
  }
  return htmlTable(head, rows, { mark })
}

function charts({ base, runs }: Sides, say: (text: string) => string): string {
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
  const words = { second: say('second'), quantile: '1 / (1 − q)' }
  const figure = (id: string, title: string) =>
    `<figure role="img" aria-labelledby="${id}-title"><h3 id="${id}-title">${title}</h3><div class="chart" id="${id}"></div></figure>`
  return htmlSection(
    'charts',
    say('Runs over each other'),
    `<noscript><p class="note">${say('Scripts are off here: the charts are not drawn. The table says what was judged.')}</p></noscript>
${figure('comparedSpectra', say('Response time by percentile'))}
${figure('comparedTimes', say('p99 second by second'))}
<script type="application/json" id="data">${scriptJson({ words, compared })}</script>`,
  )
}
