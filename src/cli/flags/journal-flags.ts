// `--journal`, `--journal-stale` and `--payouts`, and the question that stands in for the second where a person can answer it.

import type { Result } from '../../measure/result.js'
import type { RunOptions } from '../../run/run-options.js'
import { journalStaleNamed, StaleJournalError } from '../../run/terminals/journal-options.js'
import type { Scenario } from '../../scenario/schema.js'
import type { Io } from '../io.js'
import { text } from './options.js'

export const journalOptions = {
  journal: text('journal', 'file that remembers reversals over a crash; left out: a temporary one'),
  'journal-stale': text(
    'journal-stale',
    'what to do with reversals of an earlier business day: replay, keep or discard',
  ),
  payouts: text(
    'payouts',
    'CSV file (terminal, batch, stan, paidAt, and if known state and reason) that says when money came or why it did not, for hosts that do not',
  ),
} as const

/** Throws UsageError for a value that is none. */
export function journalChoice(flags: {
  readonly journal: string | undefined
  readonly 'journal-stale': string | undefined
  readonly payouts: string | undefined
}): Pick<RunOptions, 'journal' | 'journalStale' | 'payouts'> {
  const { journal, payouts } = flags
  return { journal, journalStale: journalStaleNamed(flags['journal-stale']), payouts }
}

/** Runs the scenario. Asks what to do with a stale journal where there is someone to ask, and throws otherwise. */
export async function runWithJournal(io: Io, scenario: Scenario, options: RunOptions): Promise<Result> {
  // Loaded when it is needed: SQLite, histograms and sockets are nothing to `decode` and `--help`.
  const { runScenario } = await import('../../run/run-scenario.js')
  try {
    return await runScenario(scenario, options)
  } catch (error) {
    if (!(error instanceof StaleJournalError) || io.stderr.isTTY !== true || !isTerminal(io.stdin)) throw error
    io.stderr.write(`${error.message}\nreplay, keep or discard? `)
    return await runScenario(scenario, { ...options, journalStale: journalStaleNamed(await firstLine(io.stdin)) })
  }
}

const isTerminal = (stdin: Io['stdin']) => (stdin as { readonly isTTY?: boolean }).isTTY === true

async function firstLine(stdin: Io['stdin']): Promise<string> {
  for await (const chunk of stdin) return Buffer.from(chunk).toString('utf8').trim()
  return ''
}
