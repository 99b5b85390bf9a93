// A user's own cards: a CSV file with a header line.

import { UsageError } from '../../base/errors.js'
import { type Card, type CardIssuer, completeCard } from '../../terminal/requests/cards.js'
import { readCsvFile } from './csv-file.js'

/** Largest file of cards, in bytes: a million lines fit. */
const maxFileBytes = 64 * 1024 * 1024

const columns = ['pan', 'expiry', 'track2', 'sequence']

/** Columns pan and expiry (YYMM), optionally track2 and sequence. Throws UsageError that names the line, never a card. */
export function readCards(file: string, issuer?: CardIssuer): readonly Card[] {
  const rows = readCsvFile(file, { maxBytes: maxFileBytes })
  refuseUnknownColumns(rows[0] ?? {}, file)
  if (rows.length === 0)
    throw new UsageError('no cards: expected a header line and at least one card', { where: `${file}:1` })
  return rows.map((row, index) => cardOf(row, `${file}:${index + 2}`, issuer))
}

function refuseUnknownColumns(row: Record<string, string>, file: string): void {
  const unknown = Object.keys(row).find((name) => !columns.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`unknown column; columns are ${columns.join(', ')}`, { where: `${file}:1` })
}

function cardOf(row: Record<string, string>, where: string, issuer: CardIssuer | undefined): Card {
  const { pan = '', expiry = '', track2 = '', sequence = '' } = row
  if (!/^\d{12,19}$/.test(pan)) throw new UsageError('column pan: expected 12 to 19 digits', { where })
  if (!/^\d{2}(0[1-9]|1[0-2])$/.test(expiry))
    throw new UsageError('column expiry: expected YYMM such as 3012', { where })
  if (!/^(\d{1,19}[=D]\d{0,20})?$/.test(track2) || track2.length > 37) {
    throw new UsageError('column track2: expected up to 37 digits with one =', { where })
  }
  if (!/^\d{0,3}$/.test(sequence)) throw new UsageError('column sequence: expected up to three digits', { where })
  const rest = {
    ...(track2 !== '' && { track2: track2.replace('D', '=') }),
    ...(sequence !== '' && { sequence: sequence.padStart(3, '0') }),
  }
  return completeCard({ pan, expiry, ...rest }, issuer)
}
