// A user's CSV file with a header line: read, bounded, and refused by its name and line. No error quotes a line of it.

import { createRequire } from 'node:module'
import type * as Csv from 'csv-parse/sync'
import { UsageError } from '../../base/errors.js'
import { reasonOf } from '../../base/text/system-words.js'
import { readBounded } from '../disk/read-bounded.js'

/** Loaded with the first such file: most runs read none. */
const csv = () => createRequire(import.meta.url)('csv-parse/sync') as typeof Csv

/** One object a line, by the names of the header. Throws UsageError for a file that is no such file or is too large. */
export function readCsvFile(file: string, { maxBytes }: { readonly maxBytes: number }): Record<string, string>[] {
  const text = readText(file, maxBytes)
  try {
    return csv().parse(text, { columns: true, trim: true, skip_empty_lines: true, bom: true })
  } catch (cause) {
    const { lines } = cause as { lines?: number }
    // Without its cause: the parser's own message can quote the line, and the line may be a card.
    throw new UsageError('not a CSV file with as many columns as its header', { where: `${file}:${lines ?? 1}` })
  }
}

function readText(file: string, maxBytes: number): string {
  let text: string | undefined
  try {
    text = readBounded(file, maxBytes)?.toString('utf8')
  } catch (cause) {
    throw new UsageError(`cannot be read (${reasonOf(cause)})`, { where: file, cause })
  }
  if (text === undefined) throw new UsageError(`is larger than ${maxBytes} bytes`, { where: file })
  return text
}
