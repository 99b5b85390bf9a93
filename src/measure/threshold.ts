// The language of thresholds: `timelyRate >= 99%`, `responseTime{type=sale}.p99 < 700ms`, `books.agree`.
// Read when the scenario is read, so that a run never ends with a threshold that cannot be judged.

import { UsageError } from '../base/errors.js'
import { suggestion } from '../base/suggest.js'
import { durationForm, parseDuration, parsePercent, parseRate } from '../base/units.js'
import { outcomes } from './sample.js'

/** The kind of a figure decides how its limit is written. Times are ms, shares 0 to 1, rates per second. */
export type FigureKind = 'share' | 'count' | 'time' | 'rate' | 'boolean'

export type Comparator = '>=' | '>' | '<=' | '<' | '==' | '!='

/** The keys of a result's `breakdown`. */
export const breakdownKinds = ['type', 'phase', 'merchant', 'target'] as const
export type BreakdownKind = (typeof breakdownKinds)[number]

export interface Threshold {
  /** As it was written. */
  readonly expression: string
  /** From the root of the result, or of one row of `breakdown` when `of` is given. */
  readonly path: readonly string[]
  readonly of: { readonly kind: BreakdownKind; readonly name: string } | undefined
  readonly kind: FigureKind
  /** A number of transactions judged as a share of those offered: `outcomes.failed < 1%`. */
  readonly ofOffered: boolean
  /** The figure is known only when the run has drained. */
  readonly onlyAtEnd: boolean
  readonly comparison: Comparator
  readonly limit: number | boolean
}

interface Figure {
  /** Its place in the result where that is not its name. */
  readonly path?: readonly string[]
  readonly kind: FigureKind
  readonly inBreakdown?: boolean
  /** Its place in a row of the breakdown where that is another one. */
  readonly rowPath?: readonly string[]
  /** Counts transactions, so that a limit in percent means a share of those offered. */
  readonly ofOffered?: boolean
  /** Not known before the run has drained. */
  readonly onlyAtEnd?: boolean
}

const statistics = ['min', 'mean', 'stdev', 'p50', 'p90', 'p95', 'p99', 'p999', 'p9999', 'max']

/** Every figure that a threshold may name, by the name that it has there. */
const figures: Readonly<Record<string, Figure>> = {
  timelyRate: { path: ['timeliness', 'timelyRate'], kind: 'share', inBreakdown: true, rowPath: ['timelyRate'] },
  fundsTimelyRate: { path: ['timeliness', 'fundsTimelyRate'], kind: 'share', onlyAtEnd: true },
  offered: { kind: 'count', inBreakdown: true },
  substituted: { kind: 'count', ofOffered: true },
  lateAnswers: { kind: 'count', ofOffered: true },
  'unmatched.count': { kind: 'count' },
  'books.agree': { kind: 'boolean', onlyAtEnd: true },
  interrupted: { kind: 'boolean', onlyAtEnd: true },
  'generator.saturated': { kind: 'boolean' },
  'generator.terminalBusy': { kind: 'count', ofOffered: true },
  'throughput.offeredPerSecond': { kind: 'rate' },
  'throughput.answeredPerSecond': { kind: 'rate' },
  ...each('outcomes', outcomes, { kind: 'count', inBreakdown: true, ofOffered: true }),
  ...each('settlements', ['balanced', 'outOfBalance', 'unknown', 'unanswered'], { kind: 'count', onlyAtEnd: true }),
  ...each('reversals', ['created', 'acknowledged', 'pending'], { kind: 'count', onlyAtEnd: true }),
  ...each('generator.lagMs', ['p50', 'p99', 'max'], { kind: 'time' }),
  ...each('generator.eventLoopDelayMs', ['p99', 'max'], { kind: 'time' }),
  ...distribution('responseTime', { inBreakdown: true }),
  ...distribution('serviceTime'),
  ...distribution('echoTime'),
  ...distribution('connectTime'),
  ...distribution('timeToFunds', { onlyAtEnd: true }),
}

/** Figures whose last step is data: a response code, a reason. */
const openFigures = ['responseCodes', 'failures']
const openFigure: Figure = { kind: 'count', ofOffered: true }

function each(name: string, members: readonly string[], figure: Figure): Record<string, Figure> {
  return Object.fromEntries(members.map((member) => [`${name}.${member}`, figure]))
}

function distribution(name: string, where: Pick<Figure, 'inBreakdown' | 'onlyAtEnd'> = {}): Record<string, Figure> {
  return {
    ...each(name, ['count'], { kind: 'count', ...where }),
    ...each(name, statistics, { kind: 'time', ...where }),
  }
}

const anyComparison = '(?:>=|<=|==|!=|<|>)'
const percentPattern = '\\d+(?:\\.\\d+)?%'

/** The pattern of a limit, by the kind of its figure. */
const limitPatterns: Record<FigureKind, string> = {
  share: percentPattern,
  count: '\\d{1,15}',
  time: durationForm,
  rate: '\\d+(?:\\.\\d+)?[kM]?/(?:s|min|m|h)',
  boolean: '(?:true|false)',
}

/**
 * The pattern of a threshold: every figure with the comparisons and limits that it can have, for the schema of editors.
 * `underWay`: those alone that can be judged while a run goes on.
 */
export function thresholdPattern({ underWay = false } = {}): string {
  const label = `(?:\\{\\s*(?:${breakdownKinds.join('|')})\\s*=[^}]+\\})`
  const known = Object.entries(figures).flatMap(([name, figure]) => {
    if (underWay && figure.onlyAtEnd === true) return []
    const [head = '', ...rest] = name.split('.')
    const tail = rest.map((step) => `\\.${step}`).join('')
    const limit = conditionPattern(figure, underWay)
    const isOptional = figure.kind === 'boolean' ? '?' : ''
    return `${head}${figure.inBreakdown === true ? `${label}?` : ''}${tail}(?:${limit})${isOptional}`
  })
  const open = openFigures.map((name) => `${name}\\.\\w+${conditionPattern(openFigure, underWay)}`)
  return `^\\s*(?:${[...known, ...open].join('|')})\\s*$`
}

function conditionPattern({ kind, ofOffered }: Figure, underWay: boolean): string {
  const plain = `${anyComparison}\\s*${limitPatterns[kind]}`
  // A count grows: `whyNotUnderWay`.
  const count = kind === 'count' && underWay ? `<=?\\s*${limitPatterns.count}|==\\s*0+` : plain
  const share = ofOffered === true ? `|${anyComparison}\\s*${percentPattern}` : ''
  return `\\s*(?:${count}${share})\\s*`
}

/** Throws UsageError that says which part of the expression is wrong. */
export function parseThreshold(expression: string): Threshold {
  const match = /^\s*([A-Za-z]\w*)(?:\{([^}]*)\})?((?:\.\w+)*)\s*(?:(>=|<=|==|!=|<|>)\s*(\S(?:.*\S)?)\s*)?$/s.exec(
    expression,
  )
  if (match === null) throw wrong(expression, 'expected FIGURE COMPARISON LIMIT such as responseTime.p99 < 800ms')
  const [, head = '', label, tail = '', comparison, limit] = match
  const name = head + tail
  const { path, kind, inBreakdown, rowPath, ofOffered, onlyAtEnd = false } = figureNamed(expression, name)
  const of = label === undefined ? undefined : parseLabel(expression, label)
  if (of !== undefined && inBreakdown !== true)
    throw wrong(
      expression,
      `${name} is not known by ${of.kind}: only offered, outcomes, timelyRate and responseTime are`,
    )
  const place = (of === undefined ? path : rowPath) ?? name.split('.')
  const common = { expression, path: place, of, kind, onlyAtEnd }
  if (comparison === undefined || limit === undefined) {
    if (kind !== 'boolean') throw wrong(expression, `expected a comparison such as ${name} <= ${examples[kind]}`)
    return { ...common, ofOffered: false, comparison: '==', limit: true }
  }
  return {
    ...common,
    comparison: comparison as Comparator,
    ...parseLimit(expression, kind, limit, ofOffered === true),
  }
}

function figureNamed(expression: string, name: string): Figure {
  const [head = '', ...rest] = name.split('.')
  if (openFigures.includes(head) && rest.length === 1) return openFigure
  const figure = Object.hasOwn(figures, name) ? figures[name] : undefined
  if (figure !== undefined) return figure
  const below = Object.keys(figures).filter((key) => key.startsWith(`${name}.`))
  if (below.length > 0) throw wrong(expression, `unknown figure '${name}'; known are ${below.join(', ')}`)
  const near = suggestion(name, Object.keys(figures)) || `; known are ${tops().join(', ')}`
  throw wrong(expression, `unknown figure '${name}'${near}`)
}

const tops = () => [...new Set([...Object.keys(figures).map((key) => key.split('.')[0]), ...openFigures])]

function parseLabel(expression: string, label: string): NonNullable<Threshold['of']> {
  const match = /^\s*(\w+)\s*=\s*"?([^"]+?)"?\s*$/.exec(label)
  const kind = breakdownKinds.find((each) => each === match?.[1])
  if (match !== null && kind !== undefined) return { kind, name: match[2] as string }
  const near = suggestion(match?.[1] ?? '', breakdownKinds)
  throw wrong(expression, `expected {type=…}, {phase=…}, {merchant=…} or {target=…}, got {${label}}${near}`)
}

const examples: Record<FigureKind, string> = { share: '99%', count: '0', time: '800ms', rate: '400/s', boolean: 'true' }

function parseLimit(
  expression: string,
  kind: FigureKind,
  text: string,
  ofOffered: boolean,
): Pick<Threshold, 'limit' | 'ofOffered'> {
  const percent = parsePercent(text)
  if (kind === 'count' && ofOffered && percent !== undefined) return { limit: percent, ofOffered: true }
  const limit = limitParsers[kind](text)
  if (limit !== undefined) return { limit, ofOffered: false }
  const example = ofOffered ? '0, or 1% of those offered' : examples[kind]
  throw wrong(expression, `expected a limit such as ${example}, got ${text}`)
}

const limitParsers: Record<FigureKind, (text: string) => number | boolean | undefined> = {
  share: parsePercent,
  time: parseDuration,
  rate: parseRate,
  count: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
  boolean: (text) => (text === 'true' ? true : text === 'false' ? false : undefined),
}

const wrong = (expression: string, problem: string) => new UsageError(`threshold '${expression}': ${problem}`)
