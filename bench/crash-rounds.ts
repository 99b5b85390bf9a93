// Rounds of kill -9 on real processes: the acquirer and the terminals die in the middle of a run and start again on the
// same files. Rule: what counts in the end is in the two files, the terminals' journal and the acquirer's ledger, and what a
// witness on the line between them saw: the files must agree with each other, and the ledger with the wire.

import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { asBookRows, bookRowsSql } from '../src/acquirer/ledger/book-rows.js'
import type { SqlRow } from '../src/acquirer/ledger/store/store.js'
import { realClock, sleep } from '../src/base/clock.js'
import { createRandom, type Random } from '../src/base/random.js'
import { type BookRow, type Books, compareBooks } from '../src/measure/money/books.js'
import { recover, rowOf } from '../src/terminal/journal/recover.js'
import { type Activity, crashProblems, readLedger } from './crash/judge.js'
import { type CrashHost, createCrashHost, kill, type Process, start, wait } from './crash/processes.js'
import { createRelay } from './crash/relay.js'
import { createWitness, type Witness } from './crash/witness.js'

export interface CrashOptions {
  /** The built program: dist/cli/main.js. */
  readonly program: string
  readonly rounds: number
  readonly seed: number
  /** Arrivals a second. */
  readonly rate: number
  /** How long each life of the terminals in a round sells; kills fall into the first, in every other round also the second. */
  readonly loadMs: number
  readonly onRound?: (report: RoundReport) => void
}

/** Milliseconds from the first sale, or from when the terminals began to recover, to the kill. */
interface Kills {
  readonly acquirer: number
  readonly terminal: number
}

export interface RoundReport {
  readonly round: number
  /** The kills of each life that was killed. */
  readonly killedAt: readonly Kills[]
  /** The transactions that the terminals of each could not know: sent, or about to be, and without an answer on disk. */
  readonly inDoubt: readonly number[]
  /** The books of all rounds so far, by the two files. */
  readonly books: Books
  /** The transactions of all rounds so far, by what the terminals were told on the wire. */
  readonly wire: { readonly approved: number; readonly reversed: number }
  /** Requests on the wire before the first kill, and in how many ms. */
  readonly selling: { readonly requests: number; readonly ms: number }
  /** Where the ledger is not as the wire says. */
  readonly problems: readonly string[]
  /** Exit code of the run that was not killed. */
  readonly exitCode: number | null
  readonly holds: boolean
  /** The folder of journal and ledger; it stays when a round does not hold. */
  readonly files: string
  /** The output of that run. */
  readonly said: string
}

/** The activity of the rounds, for the question whether they could show anything. */
export function activityOf(reports: readonly RoundReport[]): Activity {
  const sum = (of: (report: RoundReport) => number) => reports.reduce((total, report) => total + of(report), 0)
  return {
    inDoubt: sum(({ inDoubt }) => inDoubt.reduce((total, owed) => total + owed, 0)),
    reversals: reports.at(-1)?.wire.reversed ?? 0,
    requests: sum(({ selling }) => selling.requests),
    sellingMs: sum(({ selling }) => selling.ms),
  }
}

/** Throws an Error when a process does not start, with what it said. */
export async function crashRounds(options: CrashOptions): Promise<readonly RoundReport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-crash-'))
  const witness = createWitness()
  const host = createCrashHost(options.program, folder, createRelay(witness.watch))
  const random = createRandom(options.seed)
  const zone = zoneAtNoon(realClock.wall())
  const common = { ...options, folder, journal: join(folder, 'journal'), zone, host, witness }
  const reports: RoundReport[] = []
  try {
    await host.start()
    for (let round = 1; round <= options.rounds; round++) {
      const report = await crashRound({ ...common, round, random: random.fork(`round ${round}`) })
      options.onRound?.(report)
      reports.push(report)
    }
    return reports
  } finally {
    await host.kill()
    if (reports.every(({ holds }) => holds)) rmSync(folder, { recursive: true, force: true })
  }
}

interface RoundOptions extends CrashOptions {
  readonly folder: string
  readonly journal: string
  readonly zone: string
  readonly host: CrashHost
  readonly witness: Witness
  readonly round: number
  readonly random: Random
}

/** Recovery is short: a kill must come soon after it begins to fall into it. In ms. */
const recoveryMs = 300

async function crashRound(options: RoundOptions): Promise<RoundReport> {
  const { folder, journal, witness, round, random, loadMs } = options
  const draw = (most: number): Kills => ({
    acquirer: Math.round(random.between(0, most)),
    terminal: Math.round(random.between(0, most)),
  })
  const first = draw(loadMs)
  const selling = await killedLife(options, first, isSelling)
  const [killedAt, inDoubt] = [[first], [owedIn(journal)]]
  if (round % 2 === 0) {
    const again = draw(recoveryMs)
    killedAt.push(again)
    await killedLife(options, again, isRecovering)
    inDoubt.push(owedIn(journal))
  }
  const last = startTerminals(options)
  const exitCode = await last.ended
  const { books, problems } = compareAll(options)
  const holds = exitCode === 0 && books.agree === true && problems.length === 0
  const wire = countsOf(witness)
  const shown = { inDoubt, books, wire, selling, problems, exitCode, holds }
  return { round, killedAt, ...shown, files: folder, said: last.text() }
}

/**
 * From `hasBegun` on the kills are timed. Ends when both have died, and the acquirer listens again: terminals wait for a
 * host, but not for ever. Returns what was on the wire before the first kill.
 */
async function killedLife(
  options: RoundOptions,
  killedAt: Kills,
  hasBegun: (journal: string, before: number | undefined) => boolean,
): Promise<RoundReport['selling']> {
  const { host, journal, witness } = options
  const before = fileNumber(journal)
  const terminals = startTerminals(options)
  const restartHost = async () => {
    await sleep(realClock, killedAt.acquirer)
    await host.kill()
    await host.start()
  }
  const killTerminals = async () => {
    await sleep(realClock, killedAt.terminal)
    await kill(terminals)
  }
  const countSales = async () => {
    const [began, requests] = [realClock.now(), witness.requests]
    await sleep(realClock, Math.min(killedAt.acquirer, killedAt.terminal))
    return { requests: witness.requests - requests, ms: realClock.now() - began }
  }
  try {
    await wait(terminals, 'the beginning', () => hasBegun(journal, before) || undefined)
    const [selling] = await Promise.all([countSales(), restartHost(), killTerminals()])
    return selling
  } finally {
    await kill(terminals)
  }
}

/** The files against each other, by the program's own means, and the ledger against the wire, by others. */
function compareAll({ journal, host, witness }: RoundOptions): Pick<RoundReport, 'books' | 'problems'> {
  const database = new DatabaseSync(host.ledger, { readOnly: true })
  try {
    return {
      books: compareBooks(rowsOf(journal), asBookRows(database.prepare(bookRowsSql).iterate(0) as Iterable<SqlRow>)),
      problems: crashProblems(witness, readLedger(database)),
    }
  } finally {
    database.close()
  }
}

const owedIn = (journal: string) => recover(readFileSync(journal)).owed.length

/** The rows of a journal; transactions that are still owed are not known. */
function rowsOf(journal: string): readonly BookRow[] {
  const { rows, owed } = recover(readFileSync(journal))
  return [...rows, ...owed.map(([, record]) => rowOf(record, 'unknown'))]
}

function countsOf({ seen }: Witness): RoundReport['wire'] {
  let [approved, reversed] = [0, 0]
  for (const { approved: wasApproved, reversalAcknowledged } of seen.values()) {
    if (reversalAcknowledged) reversed++
    else if (wasApproved) approved++
  }
  return { approved, reversed }
}

function startTerminals({ program, folder, journal, zone, host, rate, loadMs, seed, round }: RoundOptions): Process {
  const file = join(folder, 'scenario.yaml')
  const scenario = {
    name: 'crash',
    dialect: 'cup-pos',
    seed: seed + round,
    timeZone: zone,
    terminals: {
      count: 100,
      target: [host.address()],
      connections: { shared: 8 },
      timeout: '2s',
      reconnect: { from: '50ms', to: '500ms' },
      reversal: { retries: 3, interval: '500ms' },
      mix: { sale: 8, refund: 1, void: 1 },
    },
    load: [{ hold: { rate: `${rate}/s`, for: `${loadMs}ms`, arrivals: 'poisson' } }],
    drain: '60s',
  }
  writeFileSync(file, JSON.stringify(scenario))
  return start(program, ['run', file, '--journal', journal, '--allow-saturated'])
}

/** A process begins with a journal of its own in the old one's place, and then sends what is owed. */
const isRecovering = (journal: string, before: number | undefined) => fileNumber(journal) !== before

/** Sales are added at the journal's end. */
const isSelling = (journal: string, before: number | undefined) => isRecovering(journal, before) && owedIn(journal) > 0

const fileNumber = (file: string) => statSync(file, { throwIfNoEntry: false })?.ino

/** Where it is about noon: the rounds cross no midnight, after which a journal is of yesterday. */
function zoneAtNoon(wallMs: number): string {
  const offset = new Date(wallMs).getUTCHours() - 12
  return `Etc/GMT${offset < 0 ? '' : '+'}${offset}`
}
