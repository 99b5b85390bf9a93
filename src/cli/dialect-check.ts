// The output of `isochron dialects --check`: what did not come back, and a message with each of its fields underlined.

import { counted } from '../base/text/counted.js'
import type { DialectCheck } from '../codec/checks/check-dialect.js'
import type { Dialect } from '../codec/dialect.js'
import { alignedColumns } from '../report/layout/table.js'
import type { MessagesCheck, SampleMessage } from '../run/check-messages.js'

/** Bytes of a line of the sample: with the offset in front, a terminal of 80 columns holds it. */
const bytesPerLine = 32

export function checkText(dialect: Dialect, fields: DialectCheck, messages: MessagesCheck): string {
  const lines = [
    `${dialect.name}: ${counted(fields.fields, 'field')} packed and unpacked ${counted(fields.trials, 'time')}, at full, odd and short length`,
    ...problemLines(fields),
    ...messageLines(messages),
    ...(messages.sample === undefined ? [] : ['', ...sampleLines(messages.sample)]),
  ]
  return `${lines.join('\n')}\n`
}

/** For `--json`. */
export function checkRecord(dialect: string, fields: DialectCheck, messages: MessagesCheck): object {
  const { sample } = messages
  const hex = sample === undefined ? {} : { hex: Buffer.from(sample.bytes).toString('hex').toUpperCase() }
  return {
    dialect,
    ...fields,
    messages: messages.messages,
    messageProblems: messages.problems,
    ...(sample === undefined ? {} : { sample: { name: sample.name, ...hex, fields: sample.spans } }),
  }
}

function problemLines({ problems }: DialectCheck): readonly string[] {
  if (problems.length === 0) return ['every value came back']
  const rows = problems.map(({ field, name, size, problem }) => [`  ${field}`, name, size, problem])
  return [`${problems.length} did not come back:`, ...alignedColumns(rows)]
}

function messageLines({ messages, problems }: MessagesCheck): readonly string[] {
  const failed = Object.entries(problems)
  if (failed.length === 0) return [`all ${counted(messages, 'message')} can be packed`]
  return [
    `${failed.length} of ${counted(messages, 'message')} cannot be packed with sample values:`,
    ...failed.map(([name, problem]) => `  ${name}: ${problem}`),
  ]
}

/** Hex, and under each line the fields: the number where there is room, and a stroke as long as the field. */
function sampleLines({ name, bytes, spans }: SampleMessage): readonly string[] {
  const hex = Buffer.from(bytes).toString('hex').toUpperCase()
  const strokes = spans.map(({ field, start, end }, index) => stroke(field, 2 * (end - start), index)).join('')
  const width = 2 * bytesPerLine
  const rows = Array.from({ length: Math.ceil(bytes.length / bytesPerLine) }, (_, row) => [
    `  ${String(row * bytesPerLine).padStart(4, '0')}  ${hex.slice(row * width, (row + 1) * width)}`,
    `        ${strokes.slice(row * width, (row + 1) * width)}`,
  ])
  const table = spans.map(({ field, name: words, start, end }) => [
    `  ${field}`,
    `at ${start}`,
    counted(end - start, 'byte'),
    words,
  ])
  return [`${name}, ${counted(bytes.length, 'byte')}:`, ...rows.flat(), '', ...alignedColumns(table)]
}

/** Neighbours differ in their strokes, so that each is seen where there is no room for its number. */
function stroke(field: string, width: number, index: number): string {
  const line = (index % 2 === 0 ? '-' : '=').repeat(Math.max(0, width))
  return field.length < width ? field + line.slice(field.length) : line
}
