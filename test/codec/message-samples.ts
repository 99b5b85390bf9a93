// Texts for the names that messages take from an earlier transaction, from totals and from payouts, as a terminal fills
// them: for tests that pack every message of a dialect.

import { compilePlaceholders } from '../../src/base/placeholders.js'
import type { Dialect } from '../../src/codec/dialect.js'
import { familyNames } from '../../src/terminal/requests/placeholder-names.js'

const originals: Record<string, string> = {
  stan: '000041',
  batch: '000001',
  amount: '000000001234',
  rrn: '632600000041',
  authCode: '000001',
  date: '1122',
  38: '000001',
  61: '000001000041',
}

const others: Record<string, string> = {
  'upload.records': `01${'00'}000041${'6222020000000000'.padStart(20, '0')}000000001234`,
  'payout.amount': '000000001226',
  'payout.date': '1122',
}

/** Values for all such names in a message of this dialect; `values` are those of ordinary names. */
export function familySamples(
  dialect: Dialect,
  name: string,
  values: Record<string, string>,
  wallMs: number,
): Record<string, string> {
  const texts = Object.values(dialect.messages[name]?.fields ?? {}).map((text) => JSON.stringify(text))
  return Object.fromEntries(texts.flatMap(familyNames).map((family) => [family, sampleOf(family)]))

  function sampleOf(family: string): string {
    const [kind, what = '', digits] = family.split('.')
    if (kind === 'reason') return dialect.rules.reversalReasons?.timeout ?? ''
    if (kind === 'totals' && what === 'net') return `C${'0'.repeat(Number(digits))}`
    if (kind === 'original' && digits !== undefined) return tagOfChip(digits)
    if (kind === 'totals' || digits !== undefined) return '1'.padStart(Number(digits), '0')
    if (family === 'payout.transactions') {
      const { batchDigits = 6, stanDigits = 6 } = dialect.rules.payoutAdvice?.transactions ?? {}
      return '1'.repeat(batchDigits + stanDigits)
    }
    if (kind !== 'original') return others[family] as string
    if (what === 'mti') return dialect.messages.sale?.mti as string
    return originals[what] ?? ofSale(what)
  }

  function tagOfChip(tag: string): string {
    const tags = dialect.messages.saleChip?.fields[55] as Record<string, string>
    return (tags[tag] as string).replace('{chip.counter}', '0001')
  }

  /** The value of this field in a sale of the dialect. */
  function ofSale(field: string): string {
    const { sale, saleChip } = dialect.messages
    const text = (sale?.fields[field] ?? saleChip?.fields[field]) as string
    return compilePlaceholders(text, Object.keys(values))?.((each) => values[each] as string, wallMs) ?? text
  }
}
