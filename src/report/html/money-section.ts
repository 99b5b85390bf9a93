// Funds and books of a run: reversals, settlements, what both sides disagree about, what merchants were paid.

import { formatMoney } from '../../base/units.js'
import type { Result } from '../../measure/result.js'
import { formatCount } from '../layout/figures.js'
import type { Row } from '../layout/table.js'
import { holdIn } from '../words/holds.js'
import type { Language } from '../words/language.js'
import { type PageWord, pageWords } from '../words/page.js'
import { reportLineIn } from '../words/report-lines.js'
import { htmlSection, htmlTable } from './markup.js'
import { type PageText, sayIn } from './sections.js'

/** Merchants that are listed; the result holds more. */
const mostMerchants = 50

export function moneySection(result: Result, language: Language): string {
  const say = sayIn(language)
  const rows = [...reversalRows(result, say), ...bookRows(result, say, language)]
  const tables = [rows.length === 0 ? '' : htmlTable(['', ''], rows), fundsTables(result, language)]
  return htmlSection('money', say('money'), tables.join('\n').trim())
}

function reversalRows({ reversals, settlements }: Result, say: PageText): readonly Row[] {
  const rows: Row[] = []
  if (reversals !== null && reversals.created > 0)
    rows.push([
      say('reversals'),
      `${say('created')} ${formatCount(reversals.created)}, ${say('acknowledged')} ${formatCount(reversals.acknowledged)}, ${say('pending')} ${formatCount(reversals.pending)}`,
    ])
  if (settlements !== null) rows.push([say('settlements'), settlementCounts(settlements, say)])
  return rows
}

function settlementCounts(
  { balanced, outOfBalance, unknown, unanswered = 0 }: NonNullable<Result['settlements']>,
  say: PageText,
): string {
  const silent = unanswered > 0 ? ` (${say('unanswered')} ${formatCount(unanswered)})` : ''
  return `${say('balanced')} ${formatCount(balanced)}, ${say('outOfBalance')} ${formatCount(outOfBalance)}, ${say('noVerdict')} ${formatCount(unknown)}${silent}`
}

function bookRows({ books }: Result, say: PageText, language: Language): readonly Row[] {
  if (books === null) return []
  const verdict = books.agree === null ? 'notKnown' : books.agree ? 'agree' : 'disagree'
  const reason = books.agree === null ? books.because : books.hint
  const why = reason ? `: ${reportLineIn(language, reason)}` : ''
  const found = Object.entries(books.counts ?? {}).filter(([, count]) => count > 0)
  return [
    [say('books'), `${say(verdict)}${why} (${formatCount(books.terminal?.transactions ?? 0)} ${say('transactions')})`],
    ...found.map(([kind, count]) => [kind in pageWords ? say(kind as PageWord) : kind, formatCount(count)]),
  ]
}

function fundsTables({ funds }: Result, language: Language): string {
  const say = sayIn(language)
  if (funds === null) return ''
  const money = (minor: number) =>
    `${minor < 0 ? '-' : ''}${formatMoney({ minor: Math.abs(minor), currency: funds.currency })}`
  const sums: Row = [say('allMerchants'), ...[funds.paidMinor, funds.feeMinor, funds.contractFeeMinor].map(money), '']
  const merchants = funds.merchants
    .slice(0, mostMerchants)
    .map(({ merchant, paidMinor, feeMinor, contractFeeMinor, held }) => [
      merchant,
      ...[paidMinor, feeMinor, contractFeeMinor].map(money),
      held === null ? '' : holdIn(language, held),
    ])
  const head = [say('merchant'), say('paid'), say('fee'), say('agreedFee'), say('held')]
  const terms = funds.differences
    .slice(0, mostMerchants)
    .map(({ merchant, term, configured, contract }) => [
      merchant ?? say('allMerchants'),
      term,
      configured ?? '–',
      contract ?? '–',
    ])
  const termTable =
    terms.length === 0
      ? ''
      : htmlTable([say('merchant'), say('term'), say('configured'), say('contract')], terms, { mark: () => 'bad' })
  return `${htmlTable(head, [sums, ...merchants])}\n${termTable}`
}
