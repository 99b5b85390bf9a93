// A comparison as text, Markdown and JUnit: three words for each figure, never a bare p value.

import { counted } from '../../base/text/counted.js'
import type { ComparedRow, Comparison } from '../../measure/compare/compare.js'
import { isShare } from '../../measure/compare/figures.js'
import { type JunitCase, printSuite } from '../junit.js'
import { formatMs, formatRate, formatShare, unknownMark } from '../layout/figures.js'
import { alignedTable, markdownTable, markdownText, type Row } from '../layout/table.js'
import type { Language } from '../words/language.js'
import { searchLineIn } from '../words/search-lines.js'

/** A comparison, and what of it fails. */
export interface JudgedComparison {
  readonly comparison: Comparison
  /** Conditions that hold, in words. */
  readonly failures: readonly string[]
}

const verdictWords: Readonly<Record<ComparedRow['verdict'], string>> = {
  worse: 'WORSE',
  better: 'better',
  same: 'same',
  undecided: 'undecided',
  tooFew: 'too few data',
}

const comparisonHead: Row = ['figure', 'base', 'now', 'change', 'interval', 'verdict']

function comparisonRows({ rows }: Comparison): readonly Row[] {
  return rows.map((row) => [
    row.figure,
    formatFigure(row, row.base),
    formatFigure(row, row.value),
    formatChange(row, row.change),
    row.low === null && row.high === null
      ? unknownMark
      : `${formatChange(row, row.low)} … ${formatChange(row, row.high)}`,
    verdictWords[row.verdict],
  ])
}

function formatFigure({ figure }: ComparedRow, value: number | null): string {
  if (isShare(figure)) return formatShare(value)
  return figure.startsWith('throughput') ? formatRate(value) : formatMs(value)
}

/** `+3.2 %`; of a rate, in points. */
function formatChange({ figure }: ComparedRow, share: number | null): string {
  if (share === null) return unknownMark
  const percent = share * 100
  const digits = Math.abs(percent).toFixed(isShare(figure) ? 2 : 1)
  return `${percent < 0 && Number(digits) > 0 ? '-' : '+'}${digits} ${isShare(figure) ? 'points' : '%'}`
}

/** The first line: PASS or FAIL and why. */
export const comparisonLine = (judged: JudgedComparison): string => passOrFail(comparisonReason(judged))

export function comparisonReason({ comparison, failures }: JudgedComparison): {
  readonly passed: boolean
  readonly reason: string
} {
  const { verdict, reasons, rows } = comparison
  if (verdict === 'notComparable') return { passed: false, reason: `not comparable: ${reasons.join('; ')}` }
  if (failures.length > 0) return { passed: false, reason: failures.join('; ') }
  const better = rows.filter((row) => row.verdict === 'better').map(({ figure }) => figure)
  const words =
    better.length > 0 ? `better: ${better.join(', ')}` : verdict === 'tooFew' ? 'too few data to judge' : verdict
  return { passed: true, reason: `nothing is worse; ${words}` }
}

/** The texts of a comparison, in the language: PASS and FAIL are the same in all. */
export function comparisonTexts(judged: JudgedComparison, language: Language) {
  const { comparison } = judged
  const say = (text: string) => searchLineIn(language, text)
  const { passed, reason } = comparisonReason(judged)
  return {
    title: say(`${comparison.scenario}: compared`),
    verdict: { passed, reason: say(reason) },
    head: comparisonHead.map(say),
    rows: comparisonRows(comparison).map((row) => row.map(say)),
    notes: comparisonNotes(comparison).map(say),
  }
}

export function printComparison(judged: JudgedComparison, language: Language = 'en'): string {
  const { verdict, head, rows, notes } = comparisonTexts(judged, language)
  const table = rows.length === 0 ? [] : ['', ...alignedTable(head, rows)]
  return `${[passOrFail(verdict), ...table, '', ...notes].join('\n')}\n`
}

export function printComparisonMarkdown(judged: JudgedComparison, language: Language = 'en'): string {
  const { title, verdict, head, rows, notes } = comparisonTexts(judged, language)
  const table = rows.length === 0 ? [] : ['', ...markdownTable(head, rows)]
  const items = notes.map((note) => `- ${markdownText(note)}`)
  return `${[markdownText(passOrFail(verdict)), '', `# ${markdownText(title)}`, ...table, '', ...items].join('\n')}\n`
}

export const passOrFail = ({ passed, reason }: { readonly passed: boolean; readonly reason: string }) =>
  `${passed ? 'PASS' : 'FAIL'} ${reason}`

/** How it was judged, and what that cannot say. */
function comparisonNotes(comparison: Comparison): readonly string[] {
  const { base, runs, method, confidence, minChange, forced, reasons, verdict, differences } = comparison
  const level = `${Number((confidence * 100).toFixed(2))} %`
  const how =
    method === 'seconds'
      ? `one run a side, resampled by seconds; one run a side says nothing of the difference between runs`
      : method === 'pairs'
        ? `${counted(runs.length, 'pair')} of runs, by exact signed ranks`
        : `${base.length} against ${counted(runs.length, 'run')}, by exact ranks; fewer than 4 a side are never judged`
  return [
    `base: ${base.join(', ')}; now: ${runs.join(', ')}`,
    ...(verdict === 'notComparable'
      ? ['--force compares them all the same, and says so']
      : [`interval of ${level}; a change below ${Number((minChange * 100).toFixed(2))} % is none; ${how}`]),
    ...(differences.length > 0 ? [`the scenarios were to differ, and do, in ${named(differences)}`] : []),
    ...(forced ? [`FORCED, though: ${reasons.join('; ')}`] : []),
  ]
}

/** Paths that are named. */
const mostNamed = 8

const named = (paths: readonly string[]) =>
  [...paths.slice(0, mostNamed), ...(paths.length > mostNamed ? [`${paths.length - mostNamed} more`] : [])].join(', ')

/** One case a figure, and one whether the runs can be compared. `startedAt`: ISO 8601, of the later run. */
export function printComparisonJunit(judged: JudgedComparison, startedAt: string): string {
  const { comparison } = judged
  return printSuite({
    name: `${comparison.scenario} compared`,
    startedAt,
    seconds: 0,
    hostname: 'localhost',
    properties: { base: comparison.base.join(', '), now: comparison.runs.join(', '), method: comparison.method },
    cases: comparisonCases(judged),
  })
}

export function comparisonCases(judged: JudgedComparison): readonly JunitCase[] {
  const { comparison, failures } = judged
  const comparable: JunitCase = { name: 'runs are comparable' }
  const problem = { kind: 'error', type: 'notComparable', message: comparisonLine(judged) } as const
  const cases = comparison.rows.map((row, index): JunitCase => {
    const text = (comparisonRows(comparison)[index] as Row).slice(1).join('  ')
    if (failures.some((failure) => failure.startsWith(`${row.figure} `)))
      return { name: row.figure, problem: { kind: 'failure', type: 'worse', message: text } }
    if (row.verdict === 'tooFew')
      return { name: row.figure, problem: { kind: 'skipped', type: 'tooFew', message: 'too few data to judge' } }
    return { name: row.figure }
  })
  return [comparison.verdict === 'notComparable' ? { ...comparable, problem } : comparable, ...cases]
}
