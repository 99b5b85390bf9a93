// Several runs of one scenario, and how they compare with a base, as text, Markdown and JUnit.

import { isShare } from '../../measure/compare/figures.js'
import { failedRuns, type RepeatedRun, type Repeats } from '../../measure/compare/repeats.js'
import { type JunitCase, printSuite } from '../junit.js'
import { endingLine, type Screen } from '../layout/ending.js'
import { formatMs, formatRate, formatShare, unknownMark } from '../layout/figures.js'
import { fittedTable, foldLine } from '../layout/screen.js'
import { markdownTable, markdownText, type Row } from '../layout/table.js'
import type { Language } from '../words/language.js'
import { searchLineIn } from '../words/search-lines.js'
import { comparisonCases, comparisonReason, comparisonTexts, passOrFail } from './text.js'

export const repeatsHead: Row = ['run', 'verdict', 'p50', 'p90', 'p99', 'p99.9', 'timely', 'failed+unsent', 'answered']

/** PASS or FAIL, and why: the runs themselves first, then the comparison. */
export function repeatsVerdict(repeats: Repeats): { readonly passed: boolean; readonly reason: string } {
  const failed = failedRuns(repeats)
  const own = repeats.runs.filter(({ side }) => side === 'now').length
  const compared =
    repeats.comparison === null ? undefined : comparisonReason({ ...repeats, comparison: repeats.comparison })
  const reasons = [
    ...(repeats.interrupted ? ['interrupted: not every run was made'] : []),
    failed.length > 0 ? `${failed.length} of ${runs(own)} failed` : `${own} of ${runs(own)} passed`,
    ...(compared === undefined ? [] : [compared.reason]),
  ]
  const passed = !repeats.interrupted && failed.length === 0 && compared?.passed !== false
  return { passed, reason: reasons.join('; ') }
}

const runs = (count: number) => `${count} ${count === 1 ? 'run' : 'runs'}`

/** One row a run, then the median and the range of each side. */
export function repeatsRows({ runs: made, spread }: Repeats): readonly Row[] {
  const own = made.map((run) => [
    run.name === '' ? run.side : run.name,
    run.passed ? 'PASS' : 'FAIL',
    ...figureCells(run),
  ])
  const sides = (['base', 'now'] as const).filter((side) => made.filter((run) => run.side === side).length > 1)
  const ranges = sides.flatMap((side) =>
    (['median', 'min', 'max'] as const).map((which) => [
      `${which} of ${side}`,
      '',
      ...spread.filter((each) => each.side === side).map((each) => formatFigure(each.figure, each[which])),
    ]),
  )
  return [...own, ...ranges]
}

const figureCells = ({ figures }: RepeatedRun) =>
  Object.entries(figures).map(([figure, value]) => formatFigure(figure as keyof typeof figures, value))

function formatFigure(figure: keyof RepeatedRun['figures'], value: number | null): string {
  if (value === null) return unknownMark
  if (isShare(figure)) return formatShare(value)
  return figure.startsWith('throughput') ? formatRate(value) : formatMs(value)
}

export const repeatsTitle = ({ scenario, runs: made, clock }: Repeats) =>
  `${scenario}, ${runs(made.length)}, ${seedsOf(made)}, ${clock} time`

function seedsOf(made: readonly RepeatedRun[]): string {
  const seeds = made.map(({ seed }) => seed)
  const [low, high] = [Math.min(...seeds), Math.max(...seeds)]
  return low === high ? `seed ${low}` : `seeds ${low} to ${high}`
}

/** The texts of several runs, in the language. `compared`: undefined where there was no base. */
export function repeatsTexts(repeats: Repeats, language: Language) {
  const { comparison } = repeats
  const say = (text: string) => searchLineIn(language, text)
  const { passed, reason } = repeatsVerdict(repeats)
  return {
    title: say(repeatsTitle(repeats)),
    verdict: { passed, reason: say(reason) },
    head: repeatsHead.map(say),
    rows: repeatsRows(repeats).map((row) => row.map(say)),
    compared: comparison === null ? undefined : comparisonTexts({ ...repeats, comparison }, language),
  }
}

/** Text of several lines; the verdict is the last line as well as the first. */
export function printRepeats(repeats: Repeats, screen: Screen & { readonly exit: number }): string {
  const { columns, language = 'en' } = screen
  const { title, verdict, head, rows, compared } = repeatsTexts(repeats, language)
  const sections = [
    [passOrFail(verdict), title],
    fittedTable(head, rows, columns),
    compared === undefined || compared.rows.length === 0 ? [] : fittedTable(compared.head, compared.rows, columns),
    compared?.notes ?? [],
  ]
  const body = sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.flatMap((line) => foldLine(line, columns)).join('\n'))
  return `${[...body, endingLine(verdict, screen)].join('\n\n')}\n`
}

/** repeats.md. */
export function printRepeatsMarkdown(repeats: Repeats, language: Language = 'en'): string {
  const { title, verdict, head, rows, compared } = repeatsTexts(repeats, language)
  const sections = [
    [markdownText(passOrFail(verdict))],
    [`# ${markdownText(title)}`],
    markdownTable(head, rows),
    compared === undefined || compared.rows.length === 0 ? [] : markdownTable(compared.head, compared.rows),
    (compared?.notes ?? []).map((note) => `- ${markdownText(note)}`),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** One case a run, one for the comparison, and one a figure. `startedAt`: ISO 8601, of the first run. */
export function printRepeatsJunit(repeats: Repeats, startedAt: string): string {
  const { comparison, scenario, runs: made } = repeats
  const cases: readonly JunitCase[] = made.map(({ side, name, passed, exit }) => {
    const of = `run ${name}`
    if (passed) return { name: of }
    // A base that fails is no failure of what is held against it.
    const kind = side === 'base' ? 'skipped' : 'failure'
    return {
      name: of,
      problem: { kind, type: 'run', message: `it failed, with exit code ${exit}: see its own report` },
    }
  })
  const whole: JunitCase = repeats.interrupted
    ? {
        name: 'every run was made',
        problem: { kind: 'error', type: 'interrupted', message: 'interrupted: not every run was made' },
      }
    : { name: 'every run was made' }
  return printSuite({
    name: `${scenario} repeated`,
    startedAt,
    seconds: 0,
    hostname: 'localhost',
    properties: { seeds: seedsOf(made), clock: repeats.clock, ...(comparison && { method: comparison.method }) },
    cases: [...cases, whole, ...(comparison === null ? [] : comparisonCases({ ...repeats, comparison }))],
  })
}
