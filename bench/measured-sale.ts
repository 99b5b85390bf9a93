// The message that the codec's bench packs and reads in every dialect.

import type { Dialect } from '../src/codec/dialect.js'
import type { Message } from '../src/codec/message.js'

const values: Record<string, string> = {
  stan: '000042',
  amount: '000000001234',
  'card.pan': '6222020000000000',
  'card.expiry': '3012',
  'card.track2': '6222020000000000=30121010000000000000',
  terminal: '10000001',
  merchant: '100000000000001',
  batch: '000001',
  currency: '156',
  rrn: '632600000042',
  'utc:MMDDhhmmss': '1122203015',
  'local:hhmmss': '203015',
  'local:MMDD': '1122',
  'local:YYMMDDhhmmss': '261122203015',
  'local:YYYYMMDDhhmmss': '20261122203015',
}

/**
 * The dialect's sale with an acquirer (32), which makes sixteen fields of the ISO one; without a MAC, which is no work of
 * the codec.
 */
export function measuredSale(dialect: Dialect): Message {
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
