// The records of a batch upload (0320): trace number and amount of each. Card numbers in them are not kept.

import { bareAmount } from '../../codec/amount.js'
import type { Peek } from '../../codec/codec.js'
import type { LedgerRules } from '../../codec/dialect.js'
import { traceDigits } from '../../codec/trace-number.js'

export interface UploadedRecord {
  readonly stan: string
  readonly amount: number
}

export interface Upload {
  readonly records: readonly UploadedRecord[]
  /** The batch has been sent as a whole. */
  readonly isEnd: boolean
}

/** Records of one message: no field has room for more. What cannot be read is left out. */
const mostRecords = 99

export function readUpload(request: Peek, rules: LedgerRules['upload']): Upload {
  if (rules === undefined) return { records: ownRecord(request), isEnd: false }
  const { end, records } = rules
  const isEnd = end.values.includes(request.text(end.field)?.slice(end.from, end.to) ?? '')
  if (isEnd) return { records: [], isEnd }
  const text = request.text(records.field)?.slice(records.from, records.to) ?? ''
  const count = Math.min(Number(text.slice(0, records.countDigits)) || 0, mostRecords)
  const found: UploadedRecord[] = []
  for (let index = 0; index < count; index++) {
    const start = records.countDigits + index * records.recordDigits
    const record = text.slice(start, start + records.recordDigits)
    if (!/^\d+$/.test(record) || record.length < records.recordDigits) break
    found.push({
      stan: record.slice(records.stan.from, records.stan.to),
      amount: Number(record.slice(records.amount.from, records.amount.to)),
    })
  }
  return { records: found, isEnd }
}

function ownRecord(request: Peek): readonly UploadedRecord[] {
  const stan = request.text(11)
  const amount = request.text(4)
  return stan === undefined || amount === undefined || !/^\d+$/.test(amount)
    ? []
    : [{ stan: traceDigits(stan), amount: Number(bareAmount(amount)) }]
}
