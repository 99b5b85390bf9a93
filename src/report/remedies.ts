// The table of before and after that `run --with all` prints, as text and as Markdown.

import { counted } from '../base/text/counted.js'
import { baseline, goalName, isMet, type RemedyComparison, type RemedyRow } from '../measure/remedies.js'
import { endingLine, type Screen } from './layout/ending.js'
import { formatMs, formatShare, unknownMark } from './layout/figures.js'
import { fittedTable, foldLine } from './layout/screen.js'
import { markdownTable, markdownText, type Row } from './layout/table.js'
import type { Language } from './words/language.js'
import { reportLineIn } from './words/report-lines.js'

/** Text of several lines, with a line feed at the end. */
export function printRemedies(
  comparison: RemedyComparison,
  { columns, exit, language = 'en' }: Screen & { readonly exit: number },
): string {
  const { scenario, rows } = comparison
  const say = (text: string) => reportLineIn(language, text)
  // The name is the user's own, also where it is that of a cause.
  const title = `${scenario.name}${say(`, seed ${scenario.seed}, ${scenario.clock} time: before and after`)}`
  const { head, cells } = table(comparison)
  const notes = [...rows.flatMap(problemOf), verdict(comparison, language), ...alsoHelps(comparison, language)]
  const best = rows.find(({ name }) => name === (comparison.best ?? baseline))
  const ending = endingLine(
    { passed: exit === 0, reason: say(reasonOf(comparison, best)) },
    { columns, exit, language },
  )
  const shown = fittedTable(head, cells, columns, ([name = '', ...row]) => [name, ...row.map(say)])
  const text = [title, '', ...shown, '', ...notes.map(say)].flatMap((line) => foldLine(line, columns))
  return `${[...text, '', ending].join('\n')}\n`
}

/** remedies.md: the same for a ticket. */
export function printRemediesMarkdown(comparison: RemedyComparison, language: Language = 'en'): string {
  const { scenario, rows } = comparison
  const { head, cells } = table(comparison)
  const say = (text: string) => reportLineIn(language, text)
  const abouts = rows.flatMap((row) => aboutOf(row, language))
  const notes = [...rows.flatMap(problemOf), ...alsoHelps(comparison, language), ...abouts]
  const sections = [
    [`**${markdownText(say(verdict(comparison, language)))}**`],
    [`# ${markdownText(scenario.name + say(': before and after'))}`],
    [say(`Seed ${scenario.seed}, ${scenario.clock} time; every run meets the same cards, amounts and faults.`)],
    markdownTable(
      head.map(say),
      cells.map(([name = '', ...row]) => [name, ...row.map(say)]),
    ),
    notes.map((note) => `- ${markdownText(say(note))}`),
  ]
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`
}

/** Columns of money only where money is awaited. */
function table({ rows, best, goals }: RemedyComparison): { readonly head: Row; readonly cells: readonly Row[] } {
  const hasFunds = rows.some(({ fundsTimelyRate }) => fundsTimelyRate !== null)
  // Where the goal is about some of the transactions only, the rate of all is beside the point.
  const narrow = goals.some(({ of }) => of !== null)
  const head = [
    '',
    'timely rate',
    ...(narrow ? [goals.map(goalName).join(', ')] : []),
    ...(hasFunds ? ['funds timely rate'] : []),
    'p50',
    'p99',
    ...(hasFunds ? ['funds p99'] : []),
    'books',
    'thresholds',
    'cause',
  ]
  const cells = rows.map((row) => [
    row.name === best ? `${row.name} *` : row.name,
    formatShare(row.timelyRate),
    ...(narrow ? [formatShare(row.rate)] : []),
    ...(hasFunds ? [formatShare(row.fundsTimelyRate)] : []),
    formatMs(row.p50),
    formatMs(row.p99),
    ...(hasFunds ? [formatMs(row.fundsP99)] : []),
    booksOf(row),
    thresholdsOf(row),
    row.cause ?? unknownMark,
  ])
  return { head, cells }
}

function booksOf({ books }: RemedyRow): string {
  if (books === null) return unknownMark
  return books ? 'agree' : 'DO NOT AGREE'
}

function thresholdsOf(row: RemedyRow): string {
  const { met, of } = row.thresholds
  if (row.problem !== null) return 'could not run'
  if (row.interrupted) return 'interrupted'
  return of === 0 ? unknownMark : isMet(row) ? 'met' : `${met} of ${of} met`
}

function reasonOf({ best, interrupted }: RemedyComparison, row: RemedyRow | undefined): string {
  if (row === undefined) return 'nothing ran'
  const which = best === null ? `without a remedy` : `with ${best}`
  const { met, of } = row.thresholds
  const end = interrupted ? '; interrupted: not everything was tried' : ''
  return `${of === 0 ? 'no threshold was set' : `${met} of ${counted(of, 'threshold')} met`} ${which}${end}`
}

/** The last word: what helps most, and whether it is enough. */
function verdict({ rows, best, goals, interrupted }: RemedyComparison, language: Language): string {
  const [before] = rows
  const winner = rows.find(({ name }) => name === best)
  const end = interrupted ? ' INTERRUPTED: not everything was tried.' : ''
  if (before === undefined) return `Nothing ran.${end}`
  if (winner === undefined) {
    if (interrupted && rows.slice(1).every((row) => row.interrupted)) return `No remedy was run to its end.${end}`
    const how = isMet(before) ? 'thresholds are met without any' : 'thresholds are not met'
    return `No remedy does better than the ${baseline}; ${how}.${end}`
  }
  const rates = `${formatShare(before.rate)} → ${formatShare(winner.rate)}`
  const figure = goals.map(goalName).join(', ')
  const enough = isMet(winner) ? 'all thresholds met' : 'thresholds still NOT MET'
  return `Best: ${winner.name}${winner.about === null ? '' : ` (${aboutIn(language, winner.about)})`}: ${figure} ${rates}, ${enough}.${end}`
}

const problemOf = ({ name, problem }: RemedyRow) => (problem === null ? [] : [`${name} could not run: ${problem}`])
const aboutOf = ({ name, about }: RemedyRow, language: Language) =>
  about === null ? [] : [`${name}: ${aboutIn(language, about)}`]

function alsoHelps({ alsoHelps: others }: RemedyComparison, language: Language): readonly string[] {
  return Object.entries(others).map(([name, why]) => `Also helps: ${name}: ${aboutIn(language, why)}`)
}

/** A scenario's own words, `扩容: more workers`: where they begin in Chinese, a Chinese report has that part alone. */
function aboutIn(language: Language, about: string): string {
  const chinese = /^([^:]*\p{Script=Han}[^:]*): \S/su.exec(about)?.[1]
  return (language === 'zh' ? (chinese ?? about) : about).trim()
}
