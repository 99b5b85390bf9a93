// The report of `explain` on someone else's traffic: how much of it was timely, the ranked causes, and the transactions.

import type { CauseRow } from '../measure/causes/diagnose.js'
import type { EvidenceLine } from '../measure/evidence.js'
import { evidenceTable, slowestOf } from './evidence/list.js'
import { wideColumns } from './layout/columns.js'
import { formatCount, formatMs, formatShare, unknownMark } from './layout/figures.js'
import { causeName, causeRemedy, confidenceOf } from './words/causes.js'
import type { Language } from './words/language.js'
import { sentenceIn } from './words/sentences.js'

/** A capture, explained. Epoch ms. */
export interface Explained {
  readonly dialect: string
  readonly framing: string
  readonly target: string
  readonly connections: number
  readonly transactions: number
  readonly timely: number
  readonly echoes: number
  readonly startedAt: number
  readonly endedAt: number
  readonly notes: readonly string[]
  readonly causes: readonly CauseRow[]
  readonly lines: readonly EvidenceLine[]
}

export interface ExplainView {
  readonly name: string
  readonly withinMs: number
  readonly language: Language
  /** Rows of the table of transactions. */
  readonly limit: number
}

/** Text of several lines, with a line feed at the end. */
export function printExplanation(explained: Explained, view: ExplainView): string {
  const sections = [headLines(explained, view), causeLines(explained, view), transactionLines(explained, view)]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

function headLines(explained: Explained, view: ExplainView): readonly string[] {
  const { language } = view
  const note = language === 'zh' ? '注' : 'note'
  const notes = explained.notes.map((text) => `${note}: ${sentenceIn(language, text)}`)
  return [...explainedHead(explained, view), ...notes]
}

/** Three lines: how the capture was read, what was in it, and how much of that was timely. */
export function explainedHead(explained: Explained, { name, withinMs, language }: ExplainView): readonly string[] {
  const { dialect, framing, target, connections, transactions, timely, echoes, startedAt, endedAt } = explained
  const rate = formatShare(transactions === 0 ? null : timely / transactions)
  const lasted = formatMs(endedAt - startedAt)
  const [counts, timeliness] =
    language === 'zh'
      ? [
          `主机 ${target}，${connections} 个连接，${formatCount(transactions)} 笔交易，${formatCount(echoes)} 次回响测试，时长 ${lasted}`,
          `及时率（${formatMs(withinMs)} 内应答）：${rate}（${formatCount(timely)}/${formatCount(transactions)}）`,
        ]
      : [
          `host ${target}, ${plural(connections, 'connection')}, ${plural(transactions, 'transaction')}, ${plural(echoes, 'echo message')}, ${lasted}`,
          `timely within ${formatMs(withinMs)}: ${rate} (${formatCount(timely)} of ${formatCount(transactions)})`,
        ]
  return [
    language === 'zh'
      ? `${name}：报文规范 ${dialect}，报文长度格式 ${framing}`
      : `${name}: dialect ${dialect}, framing ${framing}`,
    counts,
    timeliness,
  ]
}

const plural = (count: number, what: string) => `${formatCount(count)} ${what}${count === 1 ? '' : 's'}`

function causeLines({ causes }: Explained, { language }: ExplainView): readonly string[] {
  if (causes.length === 0) return [language === 'zh' ? '没有不及时的交易' : 'no transaction was late']
  const rows = causes.map((row) => [
    row.cause,
    causeName(row.cause, language),
    formatCount(row.count),
    formatShare(row.share),
    confidenceOf(row)?.toFixed(2) ?? unknownMark,
  ])
  const head =
    language === 'zh' ? ['原因', '', '笔数', '占比', '置信度'] : ['cause', '', 'count', 'of the late', 'confidence']
  const evidence = language === 'zh' ? '证据' : 'evidence'
  const remedy = language === 'zh' ? '建议措施' : 'what would help'
  const details = causes.flatMap((row) => [
    language === 'zh' ? `${causeName(row.cause, language)}：` : `${row.cause}:`,
    ...row.evidence.map((sentence) => `  ${evidence}: ${sentenceIn(language, sentence)}`),
    `  ${remedy}: ${causeRemedy(row.cause, language) ?? row.remedy}`,
  ])
  return [...wideColumns([head, ...rows], [2, 3, 4]), '', ...details]
}

function transactionLines({ lines }: Explained, { language, limit }: ExplainView): readonly string[] {
  if (lines.length === 0) return []
  const slowest = slowestOf(lines, limit)
  const more = lines.length - slowest.length
  const tail = language === 'zh' ? `另有 ${formatCount(more)} 笔` : `and ${formatCount(more)} more`
  return [...evidenceTable(slowest, language), ...(more > 0 ? [tail] : [])]
}
