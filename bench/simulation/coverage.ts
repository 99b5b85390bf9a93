// The coverage of simulations, counted by name, and what must be among it: what never happens is not tested.

import { DatabaseSync } from '@photostructure/sqlite'
import type { FaultCount } from '../../src/faults/chain.js'
import type { Sample } from '../../src/measure/sample.js'
import { lieKinds } from '../../src/terminal/options/lies-options.js'
import { hostLies } from './lying-host.js'

export type Reached = Readonly<Record<string, number>>

export interface Coverage {
  readonly reached: Reached
  add(name: string, times?: number): void
  addAll(other: Reached): void
}

export function createCoverage(): Coverage {
  const reached: Record<string, number> = {}
  const add = (name: string, times = 1) => {
    if (times > 0) reached[name] = (reached[name] ?? 0) + times
  }
  return {
    reached,
    add,
    addAll(other) {
      for (const [name, times] of Object.entries(other)) add(name, times)
    },
  }
}

export function addSample(coverage: Coverage, { type, outcome, retryCode }: Sample): void {
  coverage.add(`${type} ${outcome}`)
  if (retryCode) coverage.add('answered with a retry code')
}

export function addFaults(coverage: Coverage, counts: readonly FaultCount[]): void {
  for (const { kind, applied } of counts) coverage.add(`fault ${kind}`, applied)
}

const inLedger: Readonly<Record<string, string>> = {
  'original that never came': "entry WHERE state = 'blocked'",
  'original that came after its reversal':
    "entry WHERE state = 'reversed' AND id IN (SELECT entry FROM reversal WHERE amount = 0)",
  'charge that was reversed': 'reversal WHERE amount > 0',
  payout: 'payout',
  'payout that takes money back': 'payout WHERE amount < 0',
  'held below the minimum': "merchant WHERE hold = 'below minimum'",
  'held for want of balance': "merchant WHERE hold = 'balance'",
  'sale that missed its window': 'missed',
  'account that was topped up': "adjustment WHERE kind = 'top-up'",
  'payout that a chargeback made less': 'payout WHERE chargebacks > 0 AND amount > 0',
  'account that pays': 'payout WHERE amount < 0 AND gross > 0 AND refunds = 0 AND chargebacks = 0',
  'held from outside': "held_back WHERE reason IN ('risk hold', 'account wrong or closed', 'quota of the account')",
  'held by the limit of a day': "merchant WHERE hold LIKE '%day limit'",
  'settlement that balanced': 'settlement WHERE balanced = 1',
  'settlement that did not balance': 'settlement WHERE balanced = 0',
  'record of an upload': 'upload',
}

export function reachedInLedger(file: string): Reached {
  const database = new DatabaseSync(file)
  const count = (from: string) =>
    (database.prepare(`SELECT count(*) AS rows FROM ${from}`).get() as { rows: number }).rows
  try {
    return Object.fromEntries(Object.entries(inLedger).map(([name, from]) => [name, count(from)]))
  } finally {
    database.close()
  }
}

const reversible = ['sale', 'preauth', 'completion', 'void', 'preauthVoid']
const repeated = ['refund', 'completionAdvice']
const faults = [
  ...[
    'no_answer',
    'delay',
    'duplicate',
    'late_answer',
    'reorder',
    'bad_mac',
    'wrong_amount',
    'truncate',
    'close_before',
  ],
  ...['approve_reversed', 'wrong_stan'],
  ...['reset_peer', 'slicer', 'latency', 'blackhole', 'half_open', 'down'],
  ...['outage', 'stall', 'slow', 'capacity', 'maintenance', 'crash', 'leak', 'queue_limit', 'cut_over'],
]

/** In a thousand schedules each of these happens. */
export const expected: readonly string[] = [
  ...[...reversible, ...repeated, 'completionVoid', 'balance'].map((type) => `${type} approved`),
  ...[...reversible, ...repeated].flatMap((type) => [`${type} declined`, `${type} timedOut`, `${type} failed`]),
  'answered with a retry code',
  ...['disk', 'connection', 'timer'].map((step) => `terminal killed at a step of its ${step}`),
  ...['acquirer', 'spare'].flatMap((host) =>
    ['connection', 'timer'].map((step) => `${host} killed at a step of its ${step}`),
  ),
  ...faults.map((kind) => `fault ${kind}`),
  ...['reversal owed', 'reversal sent', 'reversal acknowledged'],
  ...['repeat owed', 'repeat sent', 'repeat acknowledged'],
  ...lieKinds.map((kind) => `lie refused: ${kind}`),
  ...hostLies.map((kind) => `lie of a host found: ${kind}`),
  ...['answered as a duplicate', 'answer that came late', 'switch to another host', 'clock set'],
  ...[
    'shop closed with nothing owed',
    'shop closed with something owed',
    'journal begun anew',
    'number after the last',
  ],
  ...[
    'verdict: balanced',
    'verdict: outOfBalance',
    'verdict: unknown',
    'totals told again: balanced',
    'totals told again: unknown',
  ],
  ...Object.keys(inLedger),
]

export const neverReached = (reached: Reached): readonly string[] =>
  expected.filter((name) => (reached[name] ?? 0) === 0)

/** Lines of a table, in the order of the expected names; what nobody expects comes last. */
export function coverageLines(reached: Reached): readonly string[] {
  const others = Object.keys(reached).filter((name) => !expected.includes(name))
  const cells = [...expected, ...others.sort()].map((name) => `${String(reached[name] ?? 0).padStart(7)} ${name}`)
  const rows = Math.ceil(cells.length / columns)
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => (cells[row + column * rows] ?? '').padEnd(columnWidth))
      .join('')
      .trimEnd(),
  )
}

const columns = 3
const columnWidth = 48
