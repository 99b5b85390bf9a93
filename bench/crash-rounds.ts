// Rounds of kill -9 on real processes: the acquirer and the terminals die in the middle of a run and start again on the
// same files. Rule: what counts in the end is in the two files alone, the terminals' journal and the acquirer's ledger.

import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from '@photostructure/sqlite'
import { readRows } from '../src/acquirer/ledger/book-rows.js'
import { realClock, sleep } from '../src/base/clock.js'
import { createRandom, type Random } from '../src/base/random.js'
import { type BookRow, type Books, compareBooks } from '../src/measure/books.js'
import { recover, rowOf } from '../src/terminal/journal.js'

export interface CrashOptions {
  /** The built program: dist/cli/main.js. */
  readonly program: string
  readonly rounds: number
  readonly seed: number
  /** Arrivals a second. */
  readonly rate: number
  /** How long each of the two lives of the terminals in a round sells; kills fall into the first. */
  readonly loadMs: number
  readonly onRound?: (report: RoundReport) => void
}

export interface RoundReport {
  readonly round: number
  /** Milliseconds from the first sale to the kill. */
  readonly killedAt: { readonly acquirer: number; readonly terminal: number }
  /** What the killed terminals could not know: sent, or about to be, and without an answer on disk. */
  readonly inDoubt: number
  /** Of all rounds so far, by the two files. */
  readonly books: Books
  /** Exit code of the run that was not killed. */
  readonly exitCode: number | null
  readonly holds: boolean
  /** The folder of journal and ledger; it stays when a round does not hold. */
  readonly files: string
  /** What that run printed. */
  readonly said: string
}

/** How long a process may take to listen, or to sell first: a machine may be busy. */
const patienceMs = 30_000
const pollMs = 10

/** Throws an Error when a process does not start, with what it said. */
export async function crashRounds(options: CrashOptions): Promise<readonly RoundReport[]> {
  const folder = mkdtempSync(join(tmpdir(), 'isochron-crash-'))
  const host = createHost(options.program, folder)
  const random = createRandom(options.seed)
  const zone = zoneAtNoon(realClock.wall())
  const reports: RoundReport[] = []
  try {
    await host.start()
    for (let round = 1; round <= options.rounds; round++) {
      const report = await crashRound({ ...options, folder, zone, host, round, random: random.fork(`round ${round}`) })
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
  readonly zone: string
  readonly host: Host
  readonly round: number
  readonly random: Random
}

async function crashRound(options: RoundOptions): Promise<RoundReport> {
  const { folder, host, round, random, loadMs } = options
  const journal = join(folder, 'journal')
  const killedAt = { acquirer: Math.round(random.between(0, loadMs)), terminal: Math.round(random.between(0, loadMs)) }
  await firstLife(options, journal, killedAt)
  const inDoubt = recover(readFileSync(journal)).owed.length
  const last = startTerminals(options, journal)
  const exitCode = await last.ended
  const books = compareFiles(journal, host.ledger)
  const holds = exitCode === 0 && books.agree === true
  return { round, killedAt, inDoubt, books, exitCode, holds, files: folder, said: last.text() }
}

/** Ends when both have died, and the acquirer listens again: terminals wait for a host, but not for ever. */
async function firstLife(options: RoundOptions, journal: string, killedAt: RoundReport['killedAt']): Promise<void> {
  const { host } = options
  const before = fileNumber(journal)
  const terminals = startTerminals(options, journal)
  const restartHost = async () => {
    await sleep(realClock, killedAt.acquirer)
    await host.kill()
    await host.start()
  }
  const killTerminals = async () => {
    await sleep(realClock, killedAt.terminal)
    await kill(terminals)
  }
  try {
    await untilSelling(terminals, journal, before)
    await Promise.all([restartHost(), killTerminals()])
  } finally {
    await kill(terminals)
  }
}

/** The terminals' side by their journal, the acquirer's by its ledger; what is still owed is not known. */
function compareFiles(journal: string, ledger: string): Books {
  const { rows, owed } = recover(readFileSync(journal))
  const own: BookRow[] = [...rows, ...owed.map(([, record]) => rowOf(record, 'unknown'))]
  const database = new DatabaseSync(ledger, { readOnly: true })
  try {
    return compareBooks(own, readRows(database))
  } finally {
    database.close()
  }
}

interface Process {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  /** All that it said. */
  text(): string
}

function start(program: string, args: readonly string[]): Process {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const hear = (bytes: Buffer) => {
    text += bytes.toString('utf8')
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  return { child, ended: new Promise((resolve) => child.once('exit', resolve)), text: () => text }
}

async function kill({ child, ended }: Process): Promise<void> {
  child.kill('SIGKILL')
  await ended
}

/** Resolves to what `found` finds. Throws when the process ends first, or takes too long. */
async function wait<Value>(running: Process, what: string, found: () => Value | undefined): Promise<Value> {
  const until = realClock.now() + patienceMs
  while (realClock.now() < until && running.child.exitCode === null) {
    const value = found()
    if (value !== undefined) return value
    await sleep(realClock, pollMs)
  }
  throw new Error(`${what} was waited for in vain:\n${running.text()}`)
}

interface Host {
  readonly ledger: string
  address(): string
  /** On the same files, and on the same port as before. */
  start(): Promise<void>
  /** kill -9. */
  kill(): Promise<void>
}

/** Slow enough that something is always under way when it dies. */
const hostOptions = { workers: 64, serviceTime: { p50: '40ms', p99: '180ms' } }

function createHost(program: string, folder: string): Host {
  const ledger = join(folder, 'ledger.sqlite')
  const config = join(folder, 'host.yaml')
  writeFileSync(config, JSON.stringify({ acquirer: hostOptions }))
  let address = '127.0.0.1:0'
  let running: Process | undefined
  return {
    ledger,
    address: () => address,
    async start() {
      const files = ['--config', config, '--ledger', ledger]
      const started = start(program, ['acquirer', '--listen', address, '--dialect', 'cup-pos', ...files])
      running = started
      address = await wait(started, 'the acquirer', () => /listening on (\S+:\d+)/.exec(started.text())?.[1])
    },
    async kill() {
      if (running !== undefined) await kill(running)
      running = undefined
    },
  }
}

function startTerminals(
  { program, folder, zone, host, rate, loadMs, seed, round }: RoundOptions,
  journal: string,
): Process {
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

/** A process begins with a journal of its own in the old one's place, and sales are added at its end. */
async function untilSelling(running: Process, journal: string, before: number | undefined): Promise<void> {
  const sold = () => fileNumber(journal) !== before && tailOf(journal).includes('"kind":"open"')
  await wait(running, 'the first sale', () => (sold() ? true : undefined))
}

const fileNumber = (file: string) => statSync(file, { throwIfNoEntry: false })?.ino

/** The last bytes, as far as they tell what was written last. */
const tailOf = (file: string) => readFileSync(file).subarray(-4096).toString('latin1')

/** Where it is about noon: the rounds cross no midnight, after which a journal is of yesterday. */
function zoneAtNoon(wallMs: number): string {
  const offset = new Date(wallMs).getUTCHours() - 12
  return `Etc/GMT${offset < 0 ? '' : '+'}${offset}`
}
