// The output of a run on stdout when it is done: compact, aligned, honest on its first line.

import { counted } from '../base/text/counted.js'
import { formatDuration } from '../base/units.js'
import type { BusRow, Result } from '../measure/result.js'
import { judgeRun } from '../measure/verdict.js'
import { evidenceText } from './evidence/counts.js'
import { endingLine, type Screen } from './layout/ending.js'
import { formatCount, formatMs, formatRate, formatShare, shareWithoutAnswer } from './layout/figures.js'
import { headline } from './layout/headline.js'
import { histogramLines } from './layout/histogram.js'
import { fittedTable, foldLine } from './layout/screen.js'
import { alignedTable, type Row } from './layout/table.js'
import { causeHead, causeLines, causeRows } from './rows/cause-rows.js'
import { failoverRows } from './rows/failover-rows.js'
import {
  breakdownHead,
  breakdownRows,
  formatCounts,
  latencyHead,
  latencyRows,
  thresholdHead,
  thresholdRows,
} from './rows/latency-rows.js'
import { moneyRows } from './rows/money-rows.js'
import { retriesText } from './rows/retries.js'
import { turnedAwayText } from './rows/turned-away.js'
import { fewApproved, verdictLine, verdictText } from './rows/verdict.js'
import type { Language } from './words/language.js'
import { reportLineIn } from './words/report-lines.js'

/** More rows than this of one breakdown are for the Markdown report and the result itself. */
const mostRows = 12

/** Text of several lines, with a line feed at the end. The verdict is the last line as well as in the first one. */
export function printSummary(result: Result, screen: Screen = {}): string {
  const { columns, language = 'en' } = screen
  const say = (text: string) => reportLineIn(language, text)
  const table = (head: Row, rows: readonly Row[]) => fittedTable(head, rows, columns, (row) => row.map(say))
  const sections = [
    [
      firstLine(result, language),
      ...[...surprise(result), headline(result), ...whySaturated(result), ...overview(result)].map(say),
    ],
    table(latencyHead, latencyRows(result)),
    histogramLines(result.responseTime, columns),
    ...(['type', 'phase'] as const).map((kind) => breakdown(result, kind, { table, say })),
    causes(result, language),
    details(result).map(say),
    result.thresholds.length === 0 ? [] : table(thresholdHead, thresholdRows(result)),
  ]
  const body = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.flatMap((text) => foldLine(text, columns)).join('\n'))
  const { exit = judgeRun(result).exit } = screen
  return `${body.join('\n\n')}\n\n${endingLine(verdictText(result, language), { ...screen, exit })}\n`
}

/** The verdict, and what it may hide: transactions that are in no latency figure, and latencies not to be trusted. */
function firstLine(result: Result, language: Language): string {
  const lost = formatShare(shareWithoutAnswer(result.offered, result.outcomes))
  const isUnsaid = result.generator?.saturated === true && !judgeRun(result).failures.includes('saturated')
  const trust = isUnsaid ? '; generator SATURATED' : ''
  return `${verdictLine(result, language)}${reportLineIn(language, `; failed+unsent ${lost}${trust}`)}`
}

/** A run passes where nobody asked how many payments must be approved: the line says how to ask. */
const surprise = (result: Result) =>
  fewApproved(result) === undefined
    ? []
    : [
        "warning: no threshold asks how many must be approved; --threshold 'outcomes.approved >= 99%' makes such a run fail",
      ]

const whySaturated = ({ generator }: Result) => line('saturated because', generator?.saturatedBecause ?? '')

function overview({ scenario, timeliness, throughput, keys }: Result): readonly string[] {
  const within = formatDuration(timeliness.responseWithinMs)
  return [
    `timely within ${within}: ${formatShare(timeliness.timelyRate)}; offered ${formatRate(throughput.offeredPerSecond)}, answered ${formatRate(throughput.answeredPerSecond)}`,
    `scenario ${scenario.name}, seed ${scenario.seed}${keys === null ? '' : `, keys: ${keys.source}`}`,
  ]
}

function breakdown(
  result: Result,
  kind: 'type' | 'phase',
  { table, say }: { table: (head: Row, rows: readonly Row[]) => readonly string[]; say: (text: string) => string },
): readonly string[] {
  const rows = breakdownRows(result.breakdown[kind])
  // One row alone says what the first line said.
  if (rows.length < 2) return []
  const left = rows.length - mostRows
  const lines = table([`by ${kind}`, ...breakdownHead], rows.slice(0, mostRows))
  return left > 0 ? [...lines, say(`and ${left} more`)] : lines
}

/** The causes of late transactions, why they are believed, and what helps. */
function causes(result: Result, language: Language): readonly string[] {
  const say = (text: string) => reportLineIn(language, text)
  const rows = causeRows(result, language)
  if (rows.length === 0) return []
  const table = alignedTable(
    causeHead.slice(0, -1).map(say),
    rows.map((row) => row.slice(0, -1).map(say)),
  )
  return [
    ...table,
    ...causeLines(result).map(say),
    ...rows.map(([cause = '', , , , remedy = '']) => `${say('what helps against ')}${say(cause)}: ${remedy}`),
  ]
}

function details(result: Result): readonly string[] {
  const { generator } = result
  return [
    ...line('response codes', formatCounts(result.responseCodes)),
    ...line('failures', formatCounts(result.failures)),
    ...line('tried again', retriesText(result)),
    ...line('late answers', result.lateAnswers === 0 ? '' : formatCount(result.lateAnswers)),
    ...line('unmatched answers', result.unmatched.count === 0 ? '' : unmatched(result)),
    ...line('substituted by a sale', result.substituted === 0 ? '' : formatCount(result.substituted)),
    ...[...failoverRows(result), ...moneyRows(result)].flatMap(([what, text]) => line(what, text)),
    ...line('turned away', turnedAwayText(result)),
    ...line('evidence', evidenceText(result)),
    ...line('mixed', (result.mixed ?? []).join('; ')),
    ...line('bus', busText(result)),
    ...(generator === null
      ? []
      : line(
          'generator',
          `lag p99 ${formatMs(generator.lagMs.p99)}, event loop p99 ${formatMs(generator.eventLoopDelayMs.p99)}, terminal busy ${formatCount(generator.terminalBusy)}${effortText(generator)}`,
        )),
  ]
}

/** Empty without a bus. Results of earlier versions do not say how it was used. */
function busText({ bus }: Result): string {
  if (bus === undefined) return ''
  const away = bus.outages.reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0)
  const { server, outages, tls, replicas }: Partial<BusRow> & Pick<BusRow, 'server' | 'outages'> = bus
  const parts = [
    ...(tls === undefined ? [] : [tls ? 'TLS' : 'WITHOUT TLS']),
    ...(replicas === undefined ? [] : [`kept by ${replicas} ${replicas === 1 ? 'server' : 'servers'}`]),
    ...(outages.length === 0 ? [] : [`away ${counted(outages.length, 'time')}, ${formatMs(away)} in all`]),
  ]
  return [server, ...parts].join(', ')
}

/** Empty for results of earlier versions. */
function effortText({ cores, waitShare, gc, backPressure = 0, clamped = 0 }: NonNullable<Result['generator']>): string {
  const parts = [
    ...(cores === undefined ? [] : [`${cores.toFixed(2)} cores`]),
    ...(waitShare === undefined ? [] : [`without a processor ${formatShare(waitShare)}`]),
    ...(gc === undefined ? [] : [`garbage ${formatShare(gc.share)}`]),
    ...(backPressure === 0 ? [] : [`${counted(backPressure, 'write', formatCount(backPressure))} filled a connection`]),
    ...(clamped === 0 ? [] : [`${counted(clamped, 'time', formatCount(clamped))} beyond the histogram`]),
  ]
  return parts.map((part) => `, ${part}`).join('')
}

function unmatched({ unmatched: { count, examples } }: Result): string {
  const example = examples[0]
  return `${formatCount(count)}${example === undefined ? '' : ` (${example})`}`
}

const line = (name: string, text: string) => (text === '' ? [] : [`${name}: ${text}`])
