// The message that the codec's bench packs and reads in every dialect.

import type { Dialect } from '../src/codec/dialect.js'
import type { Message } from '../src/codec/message.js'

/** In the sale of this number: every sale has a card, an amount, a trace number and a second of its own. */
function valuesOf(number: number): Record<string, string> {
  const digits = (value: number, count: number) => String(value).padStart(count, '0')
  const pan = `62220200000000${digits(number % 100, 2)}`
  const time = `2030${digits((15 + number) % 60, 2)}`
  return {
    stan: digits(42 + number, 6),
    amount: digits(1234 + number, 12),
    'card.pan': pan,
    'card.expiry': '3012',
    'card.track2': `${pan}=30121010000000000000`,
    terminal: '10000001',
    merchant: '100000000000001',
    batch: '000001',
    currency: '156',
    rrn: `6326${digits(42 + number, 8)}`,
    'utc:MMDDhhmmss': `1122${time}`,
    'local:hhmmss': time,
    'local:MMDD': '1122',
    'local:YYMMDDhhmmss': `261122${time}`,
    'local:YYYYMMDDhhmmss': `20261122${time}`,
  }
}

/**
 * The dialect's sale with an acquirer (32), which makes sixteen fields of the ISO one; without a MAC, which is no work of
 * the codec. `number`: of sales one after another.
 */
export function measuredSale(dialect: Dialect, number = 0): Message {
  const values = valuesOf(number)
  const sale = dialect.messages.sale
  if (sale === undefined) throw new Error(`dialect ${dialect.name} has no sale to measure`)
  const fields: Record<string, string> = { 32: '00010000' }
  for (const [field, text] of Object.entries(sale.fields)) {
    if (text === '{mac}') continue
    fields[field] = String(text).replace(/\{([^}]*)\}/g, (_, name: string) => {
      const value = values[name]
      if (value === undefined) throw new Error(`dialect ${dialect.name} has the placeholder {${name}}, unknown here`)
      return value
    })
  }
  return { mti: sale.mti, fields }
}
