// report.md: a run for a pull request or a ticket. Made from the result alone.

import { formatDuration } from '../base/units.js'
import type { Result, SlowTransaction } from '../measure/result.js'
import { evidenceText } from './evidence/counts.js'
import { formatCount, formatMs, formatRate, formatShare } from './layout/figures.js'
import { headline } from './layout/headline.js'
import { markdownTable, markdownText, type Row } from './layout/table.js'
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
import { verdictLine } from './rows/verdict.js'
import type { Language } from './words/language.js'
import { reportLineIn } from './words/report-lines.js'

/** The first line is the verdict, the next one the headline; sections that have nothing to say are left out. */
export function printMarkdown(result: Result, language: Language = 'en'): string {
  const say = (text: string) => reportLineIn(language, text)
  const section = (title: string, head: Row, rows: readonly Row[]) =>
    rows.length === 0
      ? []
      : sectionOf(
          say(title),
          head.map(say),
          rows.map((row) => row.map(say)),
        )
  const sections: readonly (readonly string[])[] = [
    [markdownText(verdictLine(result, language)), '', `**${say(headline(result))}**`, ...whySaturated(result, say)],
    [`# ${markdownText(result.scenario.name)}`],
    runFacts(result).map((fact) => `- ${say(fact)}`),
    section('Thresholds', thresholdHead, thresholdRows(result)),
    section('Why transactions were not timely', causeHead, causeRows(result, language)),
    causeLines(result).map((line) => `- ${markdownText(say(line))}`),
    section('Latency', latencyHead, latencyRows(result)),
    [
      say(
        'Response time counts from the intended time of a transaction. It holds approved, declined and timed-out ones; failed and unsent ones are not in it.',
      ),
    ],
    ...(['type', 'phase', 'merchant', 'target'] as const).map((kind) => breakdown(result, kind, say)),
    section('Answers', ['what', 'count'], answerRows(result)),
    section('Hosts', ['what', ''], failoverRows(result)),
    section('Money', ['what', ''], moneyRows(result)),
    section('Generator', ['', 'p50', 'p99', 'max'], generatorRows(result)),
    section('Slowest', slowHead, result.slowest.map(slowRow)),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

const sectionOf = (title: string, head: Row, rows: readonly Row[]): readonly string[] => [
  `## ${title}`,
  '',
  ...markdownTable(head, rows),
]

function runFacts({ scenario, startedAt, endedAt, tool, timeliness, throughput }: Result): readonly string[] {
  const within = formatDuration(timeliness.responseWithinMs)
  return [
    `timely within ${within}: ${formatShare(timeliness.timelyRate)}`,
    `offered ${formatRate(throughput.offeredPerSecond)}, answered ${formatRate(throughput.answeredPerSecond)}`,
    `from ${startedAt} to ${endedAt}, seed ${scenario.seed}, ${scenario.clock} time`,
    `${tool.name} ${tool.version}, Node ${tool.node}, scenario sha256 ${scenario.sha256}`,
  ]
}

/** Rows of one breakdown in a report; the result holds them all. */
const mostRows = 50

function breakdown(result: Result, kind: keyof Result['breakdown'], say: (text: string) => string): readonly string[] {
  const rows = breakdownRows(result.breakdown[kind])
  if (rows.length === 0 || (rows.length === 1 && kind !== 'type')) return []
  const lines = sectionOf(say(`By ${kind}`), [kind, ...breakdownHead].map(say), rows.slice(0, mostRows))
  return rows.length <= mostRows ? lines : [...lines, '', say(`${rows.length - mostRows} more are in result.json.`)]
}

function answerRows(result: Result): readonly Row[] {
  const counts: readonly (readonly [string, string])[] = [
    ['response codes', formatCounts(result.responseCodes)],
    ['failures', formatCounts(result.failures)],
    ['tried again', retriesText(result)],
    ['late answers', nonZero(result.lateAnswers)],
    ['unmatched answers', nonZero(result.unmatched.count)],
    ['substituted by a sale', nonZero(result.substituted)],
    ['turned away', turnedAwayText(result)],
    ['evidence', evidenceText(result)],
  ]
  return counts.filter(([, text]) => text !== '')
}

function whySaturated({ generator }: Result, say: (text: string) => string): readonly string[] {
  const because = generator?.saturatedBecause
  return because === undefined ? [] : ['', markdownText(say(`saturated because: ${because}`))]
}

const nonZero = (count: number) => (count === 0 ? '' : formatCount(count))

function generatorRows({ generator }: Result): readonly Row[] {
  if (generator === null) return []
  const { lagMs, eventLoopDelayMs, gc } = generator
  return [
    ['lag behind the intended time', formatMs(lagMs.p50), formatMs(lagMs.p99), formatMs(lagMs.max)],
    ['event-loop delay', '', formatMs(eventLoopDelayMs.p99), formatMs(eventLoopDelayMs.max)],
    ...(gc === undefined ? [] : [['pause for garbage', '', '', formatMs(gc.longestMs)]]),
  ]
}

const slowHead: Row = ['type', 'terminal', 'STAN', 'intended at', 'response time', 'outcome', 'code', 'why']

function slowRow(slow: SlowTransaction): Row {
  return [
    slow.type,
    slow.terminal,
    slow.stan ?? '',
    formatMs(slow.intendedAt),
    formatMs(slow.endedAt - slow.intendedAt),
    slow.outcome,
    slow.responseCode ?? '',
    slow.cause ?? slow.reason ?? '',
  ]
}
