// A user's own cards: a CSV file with a header line.

import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { UsageError } from '../base/errors.js'
import { type Card, completeCard } from '../terminal/cards.js'

/** Largest file of cards, in bytes: a million lines fit. */
const maxFileBytes = 64 * 1024 * 1024

const columns = ['pan', 'expiry', 'track2', 'sequence']

/** Columns pan and expiry (YYMM), optionally track2 and sequence. Throws UsageError that names the line, never a card. */
export function readCards(file: string): readonly Card[] {
  const rows = parseRows(file, readText(file))
  if (rows.length === 0)
    throw new UsageError('no cards: expected a header line and at least one card', { where: `${file}:1` })
  return rows.map((row, index) => cardOf(row, `${file}:${index + 2}`))
}

function readText(file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new UsageError(`cannot be read (${(cause as NodeJS.ErrnoException).code})`, { where: file, cause })
  }
  if (text.length > maxFileBytes) throw new UsageError(`is larger than ${maxFileBytes} bytes`, { where: file })
  return text
}

function parseRows(file: string, text: string): Record<string, string>[] {
  let rows: Record<string, string>[]
  try {
    rows = parse(text, { columns: true, trim: true, skip_empty_lines: true, bom: true })
  } catch (cause) {
    const line = (cause as { lines?: number }).lines
    // The parser's own message can quote the line, and the line is a card.
    throw new UsageError('not a CSV file with as many columns as its header', {
      where: `${file}:${line ?? 1}`,
      cause: undefined,
    })
  }
  const unknown = Object.keys(rows[0] ?? {}).find((name) => !columns.includes(name))
  if (unknown !== undefined)
    throw new UsageError(`unknown column; columns are ${columns.join(', ')}`, { where: `${file}:1` })
  return rows
}

function cardOf(row: Record<string, string>, where: string): Card {
  const { pan = '', expiry = '', track2 = '', sequence = '' } = row
  if (!/^\d{12,19}$/.test(pan)) throw new UsageError('column pan: expected 12 to 19 digits', { where })
  if (!/^\d{2}(0[1-9]|1[0-2])$/.test(expiry))
    throw new UsageError('column expiry: expected YYMM such as 3012', { where })
  if (!/^(\d{1,19}[=D]\d{0,17})?$/.test(track2) || track2.length > 37) {
    throw new UsageError('column track2: expected up to 37 digits with one =', { where })
  }
  if (!/^\d{0,3}$/.test(sequence)) throw new UsageError('column sequence: expected up to three digits', { where })
  return completeCard({
    pan,
    expiry,
    ...(track2 !== '' && { track2: track2.replace('D', '=') }),
    ...(sequence !== '' && { sequence: sequence.padStart(3, '0') }),
  })
}
