// PASS or FAIL and why: the words that begin every report and end every screen.

import type { Result, ThresholdRow } from '../../measure/result.js'
import { parseThreshold } from '../../measure/threshold.js'
import { type FailureKind, judgeRun, notJournalled } from '../../measure/verdict.js'
import { formatCount, formatShare } from '../layout/figures.js'
import type { Language } from '../words/language.js'
import { verdictWords } from '../words/verdict.js'
import { formatActual } from './thresholds.js'

/** Thresholds that are named; a report has the table of all. */
const mostNamed = 3

export interface VerdictText {
  readonly passed: boolean
  /** `PASS` or `FAIL`, in any language: what a program looks for. */
  readonly word: 'PASS' | 'FAIL'
  /** Why: `1 of 5: responseTime.p99 1,158 ms, limit 800 ms`. */
  readonly reason: string
}

export function verdictText(result: Result, language: Language = 'en'): VerdictText {
  const { passed, failures } = judgeRun(result)
  const reasons = passed ? [passReason(result, language)] : failures.map((kind) => failureText(kind, result, language))
  return { passed, word: passed ? 'PASS' : 'FAIL', reason: reasons.join(verdictWords.and[language]) }
}

function failureText(kind: FailureKind, result: Result, language: Language): string {
  if (kind === 'thresholds') return failedThresholds(result, language)
  if (kind === 'journal') return verdictWords.journal[language].replace('{count}', formatCount(notJournalled(result)))
  return kind === 'aborted' ? abortedText(result, language) : verdictWords[kind][language]
}

/** `ended early, 12 s after its start: timelyRate 40 %, limit 99 %`; empty where no threshold ended the run. */
export function abortedText({ abortedBy }: Result, language: Language = 'en'): string {
  if (abortedBy === undefined) return ''
  return verdictWords.aborted[language]
    .replace('{after}', String(Math.round(abortedBy.atMs / 1000)))
    .replace('{missed}', missedBy(abortedBy, language))
}

/** `FAIL 1 of 5: responseTime.p99 1,158 ms, limit 800 ms`. */
export function verdictLine(result: Result, language: Language = 'en'): string {
  const { word, reason } = verdictText(result, language)
  return `${word} ${reason}`
}

function passReason(result: Result, language: Language): string {
  const { thresholds, books } = result
  const met = thresholds.length
  if (met > 0) return verdictWords.met[language].replaceAll('{of}', String(met))
  const words = verdictWords[books?.agree === true ? 'booksAgree' : 'nothingAsked'][language]
  const few = fewApproved(result)
  return few === undefined
    ? words
    : `${words}${verdictWords.fewApproved[language].replace('{share}', formatShare(few))}`
}

/** Approved less often than this, with nothing said about it, a run passes to the surprise of who reads no further. */
const usualApprovals = 0.9

/** The share of approved payments of a run that passes because nobody asked for more; undefined where it is usual. */
export function fewApproved(result: Result): number | undefined {
  const { offered, outcomes, thresholds } = result
  if (thresholds.length > 0 || offered === 0 || !judgeRun(result).passed) return undefined
  const share = outcomes.approved / offered
  return share < usualApprovals ? share : undefined
}

function failedThresholds({ thresholds }: Result, language: Language): string {
  const failed = thresholds.filter(({ met }) => !met)
  const named = failed.slice(0, mostNamed).map((row) => missedBy(row, language))
  const more = failed.length - named.length
  const rest = more > 0 ? [verdictWords.more[language].replace('{count}', String(more))] : []
  const head = verdictWords.thresholds[language]
    .replace('{failed}', String(failed.length))
    .replace('{of}', String(thresholds.length))
  return `${head}${[...named, ...rest].join(verdictWords.andAlso[language])}`
}

/** `responseTime.p99 1,158 ms, limit 800 ms`. */
export function missedBy(row: ThresholdRow, language: Language = 'en'): string {
  const { figure, limit } = partsOf(row.expression)
  const actual = row.actual === null ? verdictWords.notKnown[language] : formatActual(row)
  return limit === undefined ? `${figure} ${actual}` : `${figure} ${actual}${verdictWords.limit[language]}${limit}`
}

/** The figure and the limit of an expression; one that this version cannot read stands as it is. */
function partsOf(expression: string): { readonly figure: string; readonly limit?: string } {
  try {
    const { comparison, limit } = parseThreshold(expression)
    const [figure = expression] = expression.split(comparison)
    if (typeof limit === 'boolean') return { figure: figure.trim() }
    return { figure: figure.trim(), limit: formatActual({ expression, actual: limit, met: false }) }
  } catch {
    return { figure: expression }
  }
}
