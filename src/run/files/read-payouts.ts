// A settlement file (对账文件) of a host that sends no payout advices: a CSV file with a header line.

import { UsageError } from '../../base/errors.js'
import type { FundsKey } from '../../measure/money/funds.js'
import { readCsvFile } from './csv-file.js'

/** One transaction whose money has come. */
export interface Payout extends FundsKey {
  /** Epoch ms. */
  readonly paidAt: number
}

/** Largest file, in bytes: some million lines. */
const maxFileBytes = 268_435_456

const columns = ['terminal', 'batch', 'stan', 'paidAt']

/** Columns terminal, batch, stan and paidAt (date and time with its offset). Throws UsageError that names the line. */
export function readPayouts(file: string): readonly Payout[] {
  const rows = readCsvFile(file, { maxBytes: maxFileBytes })
  const missing = columns.find((name) => rows[0] !== undefined && !(name in rows[0]))
  if (missing !== undefined)
    throw new UsageError(`no column ${missing}; columns are ${columns.join(', ')}`, { where: `${file}:1` })
  return rows.map((row, index) => payoutOf(row, `${file}:${index + 2}`))
}

function payoutOf(
  { terminal = '', batch = '', stan = '', paidAt = '' }: Record<string, string>,
  where: string,
): Payout {
  if (terminal === '') throw new UsageError('column terminal: is empty', { where })
  if (!/^\d{1,12}$/.test(stan)) throw new UsageError('column stan: expected digits', { where })
  const at = /(Z|[+-]\d\d:?\d\d)$/.test(paidAt) ? Date.parse(paidAt) : Number.NaN
  if (Number.isNaN(at))
    throw new UsageError('column paidAt: expected a time with its offset such as 2026-11-23T10:00:00+08:00', { where })
  // A spreadsheet takes the zeros in front away; a dialect without batches leaves the column empty.
  return { terminal, batch: batch === '' ? '' : sixDigits(batch), stan: sixDigits(stan), paidAt: at }
}

const sixDigits = (text: string) => text.padStart(6, '0')
