// Checks before a run whether this machine has the descriptors, disk and memory that the run needs. An hour of load
// must not
// end for a reason that could be known in its first second.

import { statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import { getHeapStatistics } from 'node:v8'
import { isPostgresUrl } from '../acquirer/ledger/store/postgres-place.js'
import { StartError } from '../base/errors.js'
import { counted } from '../base/text/counted.js'
import type { LoadPlan } from '../load/plan.js'
import { maxBookRows } from '../measure/money/book-keeper.js'
import { maxExpected } from '../measure/money/funds.js'
import { maxKeptRows } from '../terminal/journal/journal.js'
import type { TerminalOptions } from '../terminal/options/options.js'
import { openFilesLimit, openFilesNow } from './open-files.js'
import type { RunOptions } from './run-options.js'

/** Descriptors for files, pipes, the ledger, the journal, probes, and the end of the run. */
const spareFiles = 100
/**
 * Bytes of one transaction on disk. Those of the books are 26 while the run lasts, and three times as much more when they are
 * compared with the ledger.
 */
const bytesOf = { books: 104, ledger: 300, journal: 300, evidence: 2000 }
/** Bytes of a process before the first transaction, with its threads, and of the books that stay in memory. */
const processBytes = 250_000_000
/** Bytes of the heap that a transaction takes which is kept as evidence, and for the diagnosis. */
const evidenceHeap = 2400
/** Transactions whose evidence is kept at the most. */
const mostEvidence = 100_000
/** The least that a folder must have room for: the result itself. */
const leastFolderBytes = 4_194_304
/** Looks at a plan's rate: enough for an hour's ramp. */
const samples = 3600

/** The means of this machine; tests give their own. */
export interface MachineMeans {
  readonly filesLimit: number | undefined
  readonly filesNow: number
  /** Bytes that are free where this file or folder is, or will be; undefined where the system does not say. */
  freeBytes(place: string): number | undefined
  readonly heapBytes: number
  /** Memory that this process can still have, by the machine and by its container; undefined where Node does not say. */
  readonly memoryBytes: number | undefined
}

const realMeans = (): MachineMeans => ({
  filesLimit: openFilesLimit(),
  filesNow: openFilesNow(),
  freeBytes,
  heapBytes: getHeapStatistics().heap_size_limit,
  memoryBytes: process.availableMemory?.(),
})

/** The options of terminals that cost descriptors. */
type NeedyTerminals = Pick<TerminalOptions, 'count' | 'connections' | 'target'>

/** Throws StartError for what is certain to fail; says in a line what is likely to be short. */
export function checkMeans(
  run: {
    readonly terminals: NeedyTerminals
    readonly plan: Pick<LoadPlan, 'durationMs' | 'offeredRateAt'>
    /** Somebody tells when money comes, for certain. */
    readonly fundsAreTold: boolean
  } & Pick<RunOptions, 'outDir' | 'journal' | 'ledger' | 'onProgress'>,
  means: MachineMeans = realMeans(),
): void {
  checkFiles(run.terminals, means)
  const transactions = expectedTransactions(run.plan)
  const say = (line: string) => run.onProgress?.(`warning: ${line}`)
  const evidence = Math.min(transactions, mostEvidence) * evidenceHeap
  if (evidence > 0.8 * means.heapBytes)
    say(
      `the evidence of ${mostEvidence} late transactions would need ${megabytes(evidence)} MB of memory, and Node may use ${megabytes(means.heapBytes)} MB: give it more with NODE_OPTIONS=--max-old-space-size=${megabytes(1.5 * evidence)}`,
    )
  const memory = processBytes + evidence
  if (memory > (means.memoryBytes ?? Number.POSITIVE_INFINITY))
    say(
      `about ${millions(transactions)} transactions may need ${megabytes(memory)} MB of memory, and ${megabytes(means.memoryBytes ?? 0)} MB are free: run a shorter one, or on a larger machine`,
    )
  checkBooks(run, transactions, say)
  if (run.fundsAreTold && transactions > maxExpected)
    say(
      `about ${millions(transactions)} transactions, and the money of ${millions(maxExpected)} is followed at a time: if more wait for it, there is no share of funds in time`,
    )
  checkDisk(run, transactions, means, say)
}

/**
 * Warns when the run has more transactions than the books keep: beyond that limit nobody can say whether they agree.
 */
function checkBooks({ journal }: Pick<RunOptions, 'journal'>, transactions: number, say: (line: string) => void): void {
  const [most, where] = journal === undefined ? [maxBookRows, 'the books keep'] : [maxKeptRows, `${journal} keeps`]
  if (transactions > most)
    say(
      `about ${millions(transactions)} transactions, and ${where} ${millions(most)} at the most: beyond that the books cannot be known; run a shorter one, or several parts with --workers`,
    )
}

function checkFiles({ count, connections, target }: NeedyTerminals, { filesLimit, filesNow }: MachineMeans): void {
  if (filesLimit === undefined || connections === 'perTransaction') return
  const lines = connections === 'perTerminal' ? count : connections.shared
  const ends = target === undefined ? 2 : 1
  const needed = filesNow + spareFiles + lines * ends
  if (needed <= filesLimit) return
  const both = ends === 2 ? ', with both ends of each in this process' : ''
  const apart = ends === 2 ? ', or start `isochron acquirer` in a process of its own' : ''
  throw new StartError(
    `${counted(lines, 'connection')}${both}, need ${needed} descriptors, and this process may have ${filesLimit}: raise it with ulimit -n ${needed}, let terminals share connections (terminals.connections)${apart}`,
  )
}

function checkDisk(
  { outDir, journal, ledger, terminals }: Parameters<typeof checkMeans>[0],
  transactions: number,
  means: MachineMeans,
  say: (line: string) => void,
): void {
  const needs: (readonly [place: string, bytes: number, what: string])[] = []
  if (outDir !== undefined) {
    const free = means.freeBytes(outDir)
    if (free !== undefined && free < leastFolderBytes)
      throw new StartError(`${outDir}: only ${free} bytes are free there: make room, or name another folder with --out`)
    needs.push([outDir, Math.min(transactions, mostEvidence) * bytesOf.evidence, 'the evidence'])
  }
  needs.push([journal ?? tmpdir(), transactions * bytesOf.journal, 'the journal'])
  needs.push([tmpdir(), transactions * bytesOf.books, 'the books'])
  if (terminals.target === undefined && !isPostgresUrl(ledger ?? ''))
    needs.push([ledger ?? tmpdir(), transactions * bytesOf.ledger, 'the ledger'])
  for (const [place, bytes, what] of needs) {
    const free = means.freeBytes(place)
    if (free !== undefined && free < bytes)
      say(`${what} may need ${megabytes(bytes)} MB, and ${megabytes(free)} MB are free at ${place}`)
  }
}

function expectedTransactions({ durationMs, offeredRateAt }: Pick<LoadPlan, 'durationMs' | 'offeredRateAt'>): number {
  if (!Number.isFinite(durationMs)) return 0
  const stepMs = Math.max(1000, durationMs / samples)
  let sum = 0
  for (let at = stepMs / 2; at < durationMs; at += stepMs) sum += ((offeredRateAt(at) ?? 0) * stepMs) / 1000
  return Math.round(sum)
}

const megabytes = (bytes: number) => Math.ceil(bytes / 1_048_576)
const millions = (count: number) => (count >= 1e6 ? `${(count / 1e6).toFixed(1)} million` : String(count))

/** Free bytes of the file system of this file or folder, or of its nearest parent folder that exists. */
function freeBytes(place: string): number | undefined {
  for (let at = resolve(place); ; at = dirname(at)) {
    try {
      const { bavail, bsize } = statfsSync(at)
      return bavail * bsize
    } catch {
      if (dirname(at) === at) return undefined
    }
  }
}
