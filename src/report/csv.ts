// A run second by second as CSV (RFC 4180), for a spreadsheet: one line a row of the timeline.

import type { Result, TimelineRow } from '../measure/result.js'
import { outcomes } from '../measure/sample.js'

const times = ['p50', 'p99', 'max', 'lagP99', 'echoP50'] as const

/** Counts as they are, times in ms; what is not known is empty. */
export function printCsv({ timeline }: Result): string {
  const head = [
    ...['second', 'seconds', 'offered', ...outcomes, 'timely'],
    ...times.map((name) => `${name}_ms`),
    ...['in_flight', 'faults'],
  ]
  return [head, ...timeline.map(cells)].map((row) => `${row.map(cell).join(',')}\r\n`).join('')
}

function cells(row: TimelineRow): readonly string[] {
  return [
    ...[row.atSecond, row.seconds ?? 1, row.offered, ...outcomes.map((outcome) => row[outcome]), row.timely].map(
      String,
    ),
    ...times.map((name) => (row[name] === null ? '' : String(row[name]))),
    ...[String(row.inFlight), row.faults.join(' ')],
  ]
}

/** A text that a spreadsheet would run as a formula begins with an apostrophe. */
function cell(text: string): string {
  const plain = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
