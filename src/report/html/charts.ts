// The figures of the page: a place for each chart with a sentence that says what is in it, and the figures by second.

import type { Result, TimelineRow } from '../../measure/result.js'
import { outcomes } from '../../measure/sample.js'
import { formatCount, formatMs, formatShare } from '../layout/figures.js'
import type { SavedRun } from '../saved-run.js'
import { outcomeWords } from '../words/evidence.js'
import type { Language } from '../words/language.js'
import { chartData } from './chart-data.js'
import { escapeHtml, htmlSection, htmlTable, scriptJson } from './markup.js'
import { sayIn } from './sections.js'

const charts = ['chartTime', 'chartOutcomes', 'chartHeat', 'chartSpectrum', 'chartLoad'] as const
export type ChartName = (typeof charts)[number]

/** Rows of the table by second; a longer run gets rows of several seconds. */
const mostRows = 720

export function chartSection(run: SavedRun, language: Language): string {
  const say = sayIn(language)
  const { result } = run
  if (result.timeline.length === 0) return htmlSection('charts', say('charts'), `<p>${escapeHtml(say('quiet'))}</p>`)
  const sentences = chartSentences(result, language)
  const figures = charts.map(
    (name) =>
      `<figure role="img" aria-labelledby="${name}-title ${name}-text"><h3 id="${name}-title">${escapeHtml(say(name))}</h3>` +
      `<div class="chart" id="${name}"></div><figcaption id="${name}-text">${escapeHtml(sentences[name])}</figcaption></figure>`,
  )
  const data = { ...chartData(run), words: chartWords(language) }
  return htmlSection(
    'charts',
    say('charts'),
    `<noscript><p class="note">${escapeHtml(say('noScript'))}</p></noscript>
<div class="figures">\n${figures.join('\n')}\n</div>
<script type="application/json" id="data">${scriptJson(data)}</script>`,
  )
}

/** The figures of a chart in a sentence, for a reader who sees no chart. */
function chartSentences(result: Result, language: Language): Record<ChartName, string> {
  const say = sayIn(language)
  const { responseTime: times, serviceTime, timeline, generator } = result
  const most = timeline.reduce((peak, { inFlight }) => Math.max(peak, inFlight), 0)
  const counts = outcomes.map(
    (outcome) => `${outcomeWords[outcome][language]} ${formatCount(result.outcomes[outcome])}`,
  )
  const within = `${say('timelyWithin')} ${formatMs(result.timeliness.responseWithinMs)}`
  const worst = timeline.reduce<TimelineRow | undefined>(
    (worse, row) => ((row.p99 ?? 0) > (worse?.p99 ?? 0) ? row : worse),
    undefined,
  )
  const worstText = worst === undefined ? '' : `, ${say('second')} ${worst.atSecond}: p99 ${formatMs(worst.p99)}`
  return {
    chartTime: `p50 ${formatMs(times.p50)}, p99 ${formatMs(times.p99)}, max ${formatMs(times.max)}; ${within}${worstText}`,
    chartOutcomes: `${say('offered')} ${formatCount(result.offered)}: ${counts.join(', ')}`,
    chartHeat: `${formatCount(times.count)} ${say('transactions')}, ${formatMs(times.min)} – ${formatMs(times.max)}`,
    chartSpectrum: `p99 ${say('responseTime')} ${formatMs(times.p99)}, ${say('serviceTime')} ${formatMs(serviceTime.p99)}. ${say('spectrumNote')}`,
    chartLoad: `${say('inFlight')} ≤ ${formatCount(most)}; ${say('lagP99')} ${formatMs(generator?.lagMs.p99 ?? null)}`,
  }
}

function chartWords(language: Language) {
  const say = sayIn(language)
  return {
    outcomes: outcomes.map((outcome) => outcomeWords[outcome][language]),
    offered: say('offered'),
    second: say('second'),
    limit: say('timelyWithin'),
    echo: say('echoP50'),
    response: say('responseTime'),
    service: say('serviceTime'),
    inFlight: say('inFlight'),
    lag: say('lagP99'),
    perSecond: say('perSecond'),
    count: say('count'),
    quantile: '1 / (1 − q)',
  }
}

/** Every figure of the charts by time, folded away. */
export function secondsSection({ timeline }: Result, language: Language): string {
  if (timeline.length === 0) return ''
  const say = sayIn(language)
  const group = Math.ceil(timeline.length / mostRows)
  const rows = groupsOf(timeline, group).map((each) => secondRow(each))
  const words = outcomes.map((outcome) => outcomeWords[outcome][language])
  const head = [say('second'), say('offered'), ...words, say('timely'), 'p50', 'p99', 'max']
  const more = [say('lagP99'), say('echoP50'), say('inFlight'), say('faults')]
  const width = (timeline[0]?.seconds ?? 1) * group
  const note =
    width > 1 ? `<p class="note">${escapeHtml(say('joinedRows').replace('{seconds}', String(width)))}</p>` : ''
  const summary = `<summary>${escapeHtml(say('bySecond'))}</summary>`
  return `<details id="seconds">${summary}${note}${htmlTable([...head, ...more], rows, { left: [] })}</details>`
}

function groupsOf(rows: readonly TimelineRow[], size: number): readonly (readonly TimelineRow[])[] {
  return Array.from({ length: Math.ceil(rows.length / size) }, (_, index) =>
    rows.slice(index * size, (index + 1) * size),
  )
}

/** Counts are summed; of times stands the greatest, since percentiles cannot be joined. */
function secondRow(rows: readonly TimelineRow[]): readonly string[] {
  const sum = (name: 'offered' | 'timely' | (typeof outcomes)[number]) =>
    formatCount(rows.reduce((total, row) => total + row[name], 0))
  const most = (name: 'p50' | 'p99' | 'max' | 'lagP99' | 'echoP50') => {
    const known = rows.flatMap((row) => row[name] ?? [])
    return formatMs(known.length === 0 ? null : Math.max(...known))
  }
  const offered = rows.reduce((total, row) => total + row.offered, 0)
  const timely = rows.reduce((total, row) => total + row.timely, 0)
  return [
    String(rows[0]?.atSecond ?? 0),
    sum('offered'),
    ...outcomes.map(sum),
    formatShare(offered === 0 ? null : timely / offered),
    ...(['p50', 'p99', 'max', 'lagP99', 'echoP50'] as const).map(most),
    formatCount(Math.max(...rows.map(({ inFlight }) => inFlight))),
    [...new Set(rows.flatMap(({ faults }) => faults))].join(', '),
  ]
}
