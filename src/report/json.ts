// result.json: keys in the order of the contract, counters in the order of their names, so that two files can be compared.

import type { Result, TimelineRow } from '../measure/result.js'

/** The text of result.json. */
export const printJson = (result: Result): string => [...printingJson(result, result.timeline)].join('')

/** The same in pieces, and `rows` as its timeline: a long run has thousands of them. */
export function* printingJson(result: Omit<Result, 'timeline'>, rows: Iterable<TimelineRow>): Generator<string> {
  const ordered = {
    ...result,
    timeline: rows,
    responseCodes: byName(result.responseCodes),
    failures: byName(result.failures),
    breakdown: {
      type: byName(result.breakdown.type),
      phase: byName(result.breakdown.phase),
      merchant: byName(result.breakdown.merchant),
      target: byName(result.breakdown.target),
    },
  }
  let before = '{\n'
  for (const key of keyOrder) {
    const value = ordered[key]
    if (value === undefined) continue
    yield `${before}  "${key}": `
    if (key === 'timeline') yield* printingRows(rows)
    else yield indented(value, '  ')
    before = ',\n'
  }
  yield '\n}\n'
}

function* printingRows(rows: Iterable<object>): Generator<string> {
  yield '['
  let before = ''
  for (const row of rows) {
    yield `${before}\n    ${indented(row, '    ')}`
    before = ','
  }
  yield before === '' ? ']' : '\n  ]'
}

/** Line feeds within texts are escaped in JSON, so each of its own begins a line. */
const indented = (value: unknown, margin: string) => JSON.stringify(value, undefined, 2).replaceAll('\n', `\n${margin}`)

function byName<Value>(record: Readonly<Record<string, Value>>): Record<string, Value> {
  const entries = Object.entries(record)
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
}

/** Every key of the result, once: the type fails when one is missing. */
const positions: Record<keyof Result, true> = {
  schema: true,
  tool: true,
  scenario: true,
  startedAt: true,
  endedAt: true,
  interrupted: true,
  abortedBy: true,
  keys: true,
  tls: true,
  offered: true,
  substituted: true,
  outcomes: true,
  responseCodes: true,
  failures: true,
  retries: true,
  responseTime: true,
  serviceTime: true,
  echoTime: true,
  connectTime: true,
  timeToFunds: true,
  breakdown: true,
  timeliness: true,
  throughput: true,
  lateAnswers: true,
  unmatched: true,
  reversals: true,
  settlements: true,
  books: true,
  lies: true,
  funds: true,
  causes: true,
  evidence: true,
  generator: true,
  failover: true,
  turnedAway: true,
  faults: true,
  whole: true,
  lostAllowed: true,
  mixed: true,
  parts: true,
  bus: true,
  timeline: true,
  thresholds: true,
  slowest: true,
}
const keyOrder = Object.keys(positions) as (keyof Result)[]
