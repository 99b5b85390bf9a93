// Many transactions with evidence, one row each: the newest or the slowest first.

import { printable } from '../../base/text/shown-text.js'
import type { EvidenceLine } from '../../measure/evidence.js'
import { wideColumns } from '../layout/columns.js'
import { formatCount, formatMs } from '../layout/figures.js'
import { causeName } from '../words/causes.js'
import { outcomeWords, sheetWords } from '../words/evidence.js'
import type { Language, Translations } from '../words/language.js'

export type EvidenceOrder = 'newest' | 'slowest'

/** Keeps the first `most` in an order while lines come one by one. */
export class EvidenceTop {
  count = 0
  readonly #before: (a: EvidenceLine, b: EvidenceLine) => boolean
  readonly #most: number
  readonly #lines: EvidenceLine[] = []

  constructor(order: EvidenceOrder, most: number) {
    this.#before = order === 'newest' ? isNewer : isSlower
    this.#most = most
  }

  add(line: EvidenceLine): void {
    this.count++
    const lines = this.#lines
    if (lines.length === this.#most && !this.#before(line, lines[lines.length - 1] as EvidenceLine)) return
    lines.splice(this.#placeOf(line), 0, line)
    if (lines.length > this.#most) lines.pop()
  }

  get lines(): readonly EvidenceLine[] {
    return this.#lines
  }

  /** Behind all that it does not stand before. */
  #placeOf(line: EvidenceLine): number {
    let [from, to] = [0, this.#lines.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.#before(line, this.#lines[middle] as EvidenceLine)) to = middle
      else from = middle + 1
    }
    return from
  }
}

/** The slowest of these, at most so many. */
export function slowestOf(lines: Iterable<EvidenceLine>, most: number): readonly EvidenceLine[] {
  const top = new EvidenceTop('slowest', most)
  for (const line of lines) top.add(line)
  return top.lines
}

const presentedAt = ({ steps }: EvidenceLine) => steps[0]?.utc ?? ''
/** How long it took, in ms: to its answer, or to its last step; null where neither is known. */
export const lengthOf = ({ responseMs, steps }: EvidenceLine): number | null =>
  responseMs ?? steps.at(-1)?.afterMs ?? null
const isNewer = (a: EvidenceLine, b: EvidenceLine) => presentedAt(a) > presentedAt(b)
const isSlower = (a: EvidenceLine, b: EvidenceLine) => (lengthOf(a) ?? 0) > (lengthOf(b) ?? 0)

/** `2026-01-05 09:00:00.123`, where the terminals are; '' where no step is known. */
export const presentedLocally = ({ steps }: EvidenceLine): string =>
  steps[0]?.local.slice(0, 23).replace('T', ' ') ?? ''

/** Lines of a table, the head first. */
export function evidenceTable(lines: readonly EvidenceLine[], language: Language): readonly string[] {
  const head = (
    ['local', 'rrn', 'terminal', 'batch', 'stan', 'amount', 'outcome', 'code', 'response', 'cause'] as const
  ).map((word) => heads[word][language])
  const rows = lines.map((line) => [
    presentedLocally(line),
    line.rrn ?? '-',
    line.terminal,
    line.batch ?? '-',
    line.stan ?? '-',
    line.amount ?? '-',
    outcomeWords[line.outcome][language],
    line.code ?? '-',
    formatMs(line.responseMs),
    line.cause === null ? '-' : language === 'zh' ? causeName(line.cause.cause, language) : line.cause.cause,
  ])
  return wideColumns([head, ...rows.map((row) => row.map(printable))], [5, 8])
}

/** Heads that would be too long in full. */
export const shortHeads = {
  rrn: { en: 'RRN', zh: '检索参考号' },
  stan: { en: 'STAN', zh: '流水号' },
  code: { en: 'code', zh: '应答码' },
  cause: { en: 'cause', zh: '原因' },
} as const satisfies Partial<Record<keyof typeof sheetWords, Translations>>

const heads = { ...sheetWords, ...shortHeads }

/** The line above the table. */
export function evidenceCount(shown: number, count: number, order: EvidenceOrder, language: Language): string {
  if (language === 'zh') {
    const which = order === 'newest' ? '按时间从新到旧' : '按耗时从长到短'
    return `共 ${formatCount(count)} 笔交易凭证，${which}，显示 ${formatCount(shown)} 笔`
  }
  const what = count === 1 ? 'transaction' : 'transactions'
  return `${formatCount(count)} ${what} with evidence, ${order} first${shown < count ? `, ${formatCount(shown)} shown` : ''}`
}
