// Where the time of the slowest transactions went: a bar for each, drawn without any script.

import type { EvidenceLine } from '../../measure/evidence.js'
import type { Result, SlowTransaction } from '../../measure/result.js'
import { lengthOf, presentedLocally, shortHeads } from '../evidence/list.js'
import { formatMs } from '../layout/figures.js'
import type { SavedRun } from '../saved-run.js'
import { causeName } from '../words/causes.js'
import { outcomeWords, owedStepWords, sheetWords, stepWords, typeWords } from '../words/evidence.js'
import type { Language } from '../words/language.js'
import { type PageWord, pageWords } from '../words/page.js'
import { escapeHtml } from './markup.js'

interface Step {
  readonly step: string
  readonly afterMs: number
}

interface Segment extends Step {
  readonly fromMs: number
  readonly kind: SegmentKind
}

const segmentKinds = ['wait', 'connect', 'line', 'host', 'reversal', 'other'] as const
type SegmentKind = (typeof segmentKinds)[number]

/** The purpose of the time before a step. Steps that stand in no row here are shown by their own name. */
const kindOf: Readonly<Record<string, SegmentKind>> = {
  takenUp: 'wait',
  written: 'connect',
  delivered: 'line',
  answered: 'host',
  gaveUp: 'host',
  failed: 'host',
  notSent: 'wait',
  lateAnswer: 'reversal',
  owed: 'reversal',
  sentAgain: 'reversal',
  acknowledged: 'reversal',
  dropped: 'reversal',
}

/** A table with a bar in each row; empty for a run without response times. */
export function waterfall({ result, slowest }: SavedRun, language: Language): string {
  if (result.slowest.length === 0) return ''
  const rows = result.slowest.map((slow) => ({ slow, line: evidenceOf(slow, slowest, result) }))
  const word = (name: PageWord) => pageWords[name][language]
  const head = (['type', 'terminal', 'stan', 'intendedAt', 'responseTime', 'outcome', 'cause'] as const).map(word)
  return barTable(
    head,
    rows.map(({ slow, line }) => ({
      texts: rowTexts(slow, line, language),
      steps: line === undefined ? ownSteps(slow) : line.steps,
      line,
    })),
    language,
  )
}

/** The same for transactions of a capture, which have their evidence alone. */
export function capturedWaterfall(lines: readonly EvidenceLine[], language: Language): string {
  if (lines.length === 0) return ''
  const head = [
    sheetWords.local,
    shortHeads.rrn,
    pageWords.terminal,
    pageWords.stan,
    sheetWords.amount,
    pageWords.outcome,
  ]
  const rest = [pageWords.responseTime, pageWords.cause]
  return barTable(
    [...head, ...rest].map((word) => word[language]),
    lines.map((line) => ({ texts: capturedTexts(line, language), steps: line.steps, line })),
    language,
  )
}

const capturedTexts = (line: EvidenceLine, language: Language): readonly string[] => [
  presentedLocally(line),
  line.rrn ?? '–',
  line.terminal,
  line.stan ?? '–',
  line.amount ?? '–',
  `${outcomeWords[line.outcome][language]}${line.code === null ? '' : ` ${line.code}`}`,
  formatMs(lengthOf(line)),
  line.cause === null ? '–' : causeName(line.cause.cause, language),
]

interface BarRow {
  readonly texts: readonly string[]
  readonly steps: readonly Step[]
  readonly line: EvidenceLine | undefined
}

function barTable(head: readonly string[], rows: readonly BarRow[], language: Language): string {
  const bars = rows.map(({ steps }) => segments(steps))
  const longest = Math.max(1, ...bars.map((bar) => bar.at(-1)?.afterMs ?? 0))
  const heads = [...head, pageWords.waterfall[language]]
    .map((text) => `<th scope="col" class="l">${escapeHtml(text)}</th>`)
    .join('')
  const body = rows.map(({ texts, line }, index) => {
    const bar = bars[index] as readonly Segment[]
    const cells = texts.map((text) => `<td class="l">${escapeHtml(text)}</td>`)
    return `<tr>${cells.join('')}<td class="bar">${drawBar(bar, longest)}<small>${escapeHtml(inWords(bar, line, language))}</small></td></tr>`
  })
  return `${legend(bars.flat(), language)}\n<div class="wide"><table class="waterfall"><thead><tr>${heads}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table></div>`
}

function rowTexts(slow: SlowTransaction, line: EvidenceLine | undefined, language: Language): readonly string[] {
  const code = slow.responseCode === null ? '' : ` ${slow.responseCode}`
  const cause = line?.cause?.cause ?? slow.cause
  return [
    typeWords[slow.type]?.[language] ?? slow.type,
    slow.terminal,
    slow.stan ?? '–',
    `${(slow.intendedAt / 1000).toFixed(3)} s`,
    formatMs(slow.endedAt - slow.intendedAt),
    `${outcomeWords[slow.outcome]?.[language] ?? slow.outcome}${code}`,
    cause === null || cause === undefined ? (slow.reason ?? '') : causeName(cause, language),
  ]
}

/** The evidence of the same transaction: of the same terminal, and presented at the same time. */
function evidenceOf(
  { terminal, stan, intendedAt }: SlowTransaction,
  lines: readonly EvidenceLine[],
  { startedAt }: Result,
): EvidenceLine | undefined {
  const presented = Date.parse(startedAt) + intendedAt
  return lines.find(
    (line) =>
      line.terminal === terminal &&
      (stan === null || line.stan === stan) &&
      Math.abs(Date.parse(line.steps[0]?.utc ?? '') - presented) < 5,
  )
}

function ownSteps({ intendedAt, startedAt, writtenAt, endedAt, outcome }: SlowTransaction): readonly Step[] {
  const steps: readonly (readonly [string, number | null])[] = [
    ['presented', intendedAt],
    ['takenUp', startedAt],
    ['written', writtenAt],
    [outcome === 'timedOut' ? 'gaveUp' : 'answered', endedAt],
  ]
  return steps.flatMap(([step, at]) => (at === null ? [] : [{ step, afterMs: at - intendedAt }]))
}

/** Without the way of the money, which takes days where the rest takes seconds. */
function segments(steps: readonly Step[]): readonly Segment[] {
  const shown = steps.filter(({ step }) => step !== 'paid').sort((a, b) => a.afterMs - b.afterMs)
  return shown.slice(1).map(({ step, afterMs }, index) => ({
    step,
    afterMs,
    fromMs: (shown[index] as Step).afterMs,
    kind: kindOf[step] ?? 'other',
  }))
}

/** Units of a bar's width. */
const barWidth = 1000

function drawBar(bar: readonly Segment[], longestMs: number): string {
  const x = (ms: number) => Math.round((ms / longestMs) * barWidth * 10) / 10
  const parts = bar.map(({ fromMs, afterMs, kind }) => {
    const width = Math.max(afterMs > fromMs ? 2 : 0, x(afterMs) - x(fromMs))
    return width === 0
      ? ''
      : `<rect class="w-${kind}" x="${x(fromMs)}" width="${Math.round(width * 10) / 10}" height="12"/>`
  })
  return `<svg viewBox="0 0 ${barWidth} 12" preserveAspectRatio="none" aria-hidden="true">${parts.join('')}</svg>`
}

/** `wait for a terminal 1,200 ms · connect and write 3.1 ms · answer received 800 ms`: what the bar shows. */
function inWords(bar: readonly Segment[], line: EvidenceLine | undefined, language: Language): string {
  return bar
    .filter(({ fromMs, afterMs }) => afterMs > fromMs)
    .map(({ step, fromMs, afterMs, kind }) => {
      const name = kind === 'wait' || kind === 'connect' ? pageWords[kind][language] : stepName(step, line, language)
      return `${name} ${formatMs(afterMs - fromMs)}`
    })
    .join(' · ')
}

function stepName(step: string, line: EvidenceLine | undefined, language: Language): string {
  const known = step as keyof typeof stepWords
  const owed = line?.reversal ? owedStepWords[line.reversal.kind][known] : undefined
  return (owed ?? stepWords[known])?.[language] ?? step
}

function legend(shown: readonly Segment[], language: Language): string {
  const kinds = segmentKinds.filter((kind) => shown.some((segment) => segment.kind === kind))
  const items = kinds.map((kind) => `<span><i class="w-${kind}"></i>${escapeHtml(pageWords[kind][language])}</span>`)
  return `<p class="legend">${items.join(' ')}</p>`
}
