// The sections of the page that say why, how fast and to whom: thresholds, causes, distributions, breakdowns, answers.

import type { Distribution, Result } from '../../measure/result.js'
import { outcomes } from '../../measure/sample.js'
import { formatCount, formatMs, formatShare } from '../layout/figures.js'
import type { Row } from '../layout/table.js'
import { breakdownRows } from '../rows/latency-rows.js'
import { formatActual } from '../rows/thresholds.js'
import { turnedAwayCounts } from '../rows/turned-away.js'
import { causeName, causeRemedy, confidenceOf } from '../words/causes.js'
import { outcomeWords, typeWords } from '../words/evidence.js'
import type { Language } from '../words/language.js'
import { type PageWord, pageWords } from '../words/page.js'
import { sentenceIn } from '../words/sentences.js'
import { anyTable } from './any-table.js'
import { faultBands } from './chart-data.js'
import { escapeHtml, htmlSection, htmlTable } from './markup.js'

/** The words of the page in one language. */
export type PageText = (word: PageWord) => string

export const sayIn =
  (language: Language): PageText =>
  (word) =>
    pageWords[word][language]

/** Rows of one breakdown; the result holds them all. */
const mostRows = 50

export function thresholdSection({ thresholds }: Result, say: PageText): string {
  if (thresholds.length === 0) return ''
  const rows = thresholds.map((row) => [row.expression, formatActual(row), say(row.met ? 'met' : 'notMet')])
  const mark = (index: number) => (thresholds[index]?.met === true ? 'good' : 'bad')
  const table = htmlTable([say('threshold'), say('actual'), say('verdict')], rows, { mark })
  return htmlSection('thresholds', say('thresholds'), table)
}

/** Each cause with what helps against it; ids that no table of words knows go by their own name. */
export function causeSection(
  { causes, timeliness }: { causes: Result['causes']; timeliness: Pick<Result['timeliness'], 'timelyRate'> },
  language: Language,
): string {
  const say = sayIn(language)
  if (causes === null) return ''
  if (causes.length === 0) {
    if (timeliness.timelyRate === null) return ''
    return htmlSection('causes', say('causes'), `<p>${escapeHtml(say('allTimely'))}</p>`)
  }
  const head = [say('cause'), say('transactions'), say('share'), say('confidence'), say('whatHelps')]
  const rows = causes.map(({ cause, count, share, confidence, remedy }) => [
    nameAndId(cause, language),
    formatCount(count),
    formatShare(share),
    formatShare(confidenceOf({ cause, confidence })),
    causeRemedy(cause, language) ?? remedy,
  ])
  const known = ['cause', 'count', 'share', 'confidence', 'evidence', 'remedy']
  const details = causes.map((row) => {
    const sentences = row.evidence.map((text) => `<li>${escapeHtml(sentenceIn(language, text))}</li>`)
    const more = Object.entries(row).filter(([key, value]) => !known.includes(key) && value !== null)
    const tables = more.map(([key, value]) => anyTable(key === 'hit' || key === 'who' ? say('whoWasHit') : key, value))
    return `<h3>${escapeHtml(nameAndId(row.cause, language))}</h3><ul>${sentences.join('')}</ul>${tables.join('')}`
  })
  return htmlSection('causes', say('causes'), htmlTable(head, rows, { left: [0, 4] }) + details.join('\n'))
}

function nameAndId(cause: string, language: Language): string {
  const name = causeName(cause, language)
  return name === cause ? cause : `${name} (${cause})`
}

const times = ['responseTime', 'serviceTime', 'echoTime', 'connectTime', 'timeToFunds'] as const

export function latencySection(result: Result, say: PageText): string {
  const head = ['', say('count'), 'min', 'mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'p99.99', 'max']
  const rows = times.flatMap((name) => {
    const each = result[name]
    return each === null || (each.count === 0 && name !== 'responseTime') ? [] : [latencyRow(say(name), each)]
  })
  const note = `<p class="note">${escapeHtml(say('latencyNote'))}</p>`
  return htmlSection('latency', say('latency'), htmlTable(head, rows) + note)
}

function latencyRow(name: string, each: Distribution): Row {
  const { min, mean, p50, p90, p95, p99, p999, p9999, max } = each
  return [name, formatCount(each.count), ...[min, mean, p50, p90, p95, p99, p999, p9999, max].map(formatMs)]
}

export function breakdownSections({ breakdown }: Result, language: Language): string {
  const say = sayIn(language)
  const words = outcomes.map((outcome) => outcomeWords[outcome][language])
  return (['type', 'phase', 'merchant', 'target'] as const)
    .map((kind) => {
      const rows = breakdownRows(breakdown[kind])
      if (rows.length === 0 || (rows.length === 1 && kind !== 'type')) return ''
      const rates = Object.values(breakdown[kind]).map(({ timelyRate }) => formatShare(timelyRate ?? null))
      const shown = rows.slice(0, mostRows).map(([name = '', ...rest], index) => {
        const shownName = kind === 'type' ? (typeWords[name]?.[language] ?? name) : name
        return [shownName, ...rest, rates[index] ?? '']
      })
      const head = [say(kind), say('offered'), ...words, 'p50', 'p99', 'max', say('timelyRate')]
      const left = rows.length - shown.length
      const more =
        left > 0 ? `<p class="note">${escapeHtml(say('moreRows').replace('{count}', formatCount(left)))}</p>` : ''
      const title = language === 'zh' ? `${say('by')}${say(kind)}` : `${say('by')} ${say(kind)}`
      return htmlSection(`by-${kind}`, title, htmlTable(head, shown) + more)
    })
    .join('\n')
}

export function answerSection(result: Result, say: PageText): string {
  const counted = (title: string, counts: Readonly<Record<string, number>>) => {
    const rows = Object.entries(counts).sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    return rows.length === 0
      ? ''
      : htmlTable(
          [title, say('count')],
          rows.slice(0, mostRows).map(([name, count]) => [name, formatCount(count)]),
        )
  }
  const others = (['lateAnswers', 'substituted'] as const).filter((name) => result[name] > 0)
  const rows = others.map((name) => [say(name), formatCount(result[name])])
  if (result.unmatched.count > 0) rows.push([say('unmatched'), formatCount(result.unmatched.count)])
  const body = [
    counted(say('code'), result.responseCodes),
    counted(say('failure'), result.failures),
    counted(say('turnedAway'), turnedAwayCounts(result)),
    rows.length === 0 ? '' : htmlTable(['', say('count')], rows),
  ]
  return htmlSection(
    'answers',
    say('answers'),
    body.join('\n').trim() === '' ? '' : `<div class="side">${body.join('\n')}</div>`,
  )
}

export function faultSection({ faults, timeline, failover }: Result, say: PageText): string {
  const bands = faultBands(timeline)
  const when = (name: string) => {
    const own = bands.filter((band) => band.name === name).map(({ from, to }) => `${from}–${to}`)
    return own.length > 12 ? `${own.slice(0, 12).join(', ')} …` : own.join(', ')
  }
  const rows = (faults ?? []).map(({ name, on, kind, applied }) => [name, on, kind, formatCount(applied), when(name)])
  const head = [say('fault'), say('on'), say('kind'), say('applied'), say('seconds')]
  const faultTable =
    rows.length === 0 ? '' : htmlSection('faults', say('faults'), htmlTable(head, rows, { left: [0, 1, 2] }))
  const switches = (failover?.first ?? []).slice(0, mostRows)
  if (failover === null || switches.length === 0) return faultTable
  const more = failover.count - switches.length
  const moves = switches.map(({ atMs, from, to, why }) => [`${(atMs / 1000).toFixed(1)} s`, from, to, why])
  const table = htmlTable([say('second'), say('from'), say('to'), say('why')], moves, { left: [0, 1, 2, 3] })
  const rest =
    more > 0 ? `<p class="note">${escapeHtml(say('moreRows').replace('{count}', formatCount(more)))}</p>` : ''
  return `${faultTable}\n${htmlSection('switches', say('switches'), table + rest)}`
}
