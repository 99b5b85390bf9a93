// A thread that makes one part of a run: terminals, load and figures. Hosts, books and the result are the main thread's.

import { parentPort, workerData } from 'node:worker_threads'
import { StartError } from '../../base/errors.js'
import { toldFailure } from '../../base/process/told-failure.js'
import type { BookRow } from '../../measure/money/books.js'
import { makeRunFolder } from '../files/run-folder.js'
import type { HostSide } from '../hosts/host-side.js'
import { readRunKeys } from '../keys/run-keys.js'
import { readTls } from '../keys/tls-files.js'
import type { GeneratorHooks, OwnBooks } from '../run-options.js'
import { readyToRun, runAgainst } from '../run-scenario.js'
import { realWorld } from '../world.js'
import type { FromGenerator, GeneratorStart, ToGenerator } from './generators.js'

const say = (message: FromGenerator) => parentPort?.postMessage(message)

/** Rows of one message: the main thread takes them in a few milliseconds, and then asks for more. */
const rowsAtOnce = 2_000

const { scenario, hosts, seed, ...options } = workerData as GeneratorStart
const stop = new AbortController()
let begin: (atWall: number) => void = () => {}
let more: () => void = () => {}

parentPort?.on('message', (message: ToGenerator) => {
  if (message.kind === 'begin') begin(message.atWall)
  else if (message.kind === 'moreRows') more()
  else stop.abort()
})

/** The main thread owns the hosts: it starts and counts their faults, and reads their ledgers. */
const hostSide: HostSide = {
  hosts,
  own: undefined,
  ledgerMarks: async () => [],
  ledgerRows: async () => undefined,
  funds: async () => undefined,
  [Symbol.asyncDispose]: async () => {},
}

const generator: GeneratorHooks = {
  agreeOnStart: (journal) =>
    new Promise((resolve) => {
      begin = resolve
      say({ kind: 'ready', journal })
    }),
  soFar: (measured) => say({ kind: 'soFar', measured }),
  checkpoint: (part) => say({ kind: 'checkpoint', part }),
  books: sayRows,
}

/** A row that the disk does not give back is told: the books of all generators are not known then. */
async function sayRows({ rows, isWhole, settled }: OwnBooks): Promise<void> {
  try {
    for (const some of inLists(rows)) {
      const asked = new Promise<void>((resolve) => {
        more = resolve
      })
      say({ kind: 'rows', rows: some })
      await asked
    }
    say({ kind: 'booksEnd', isWhole, settled })
  } catch (error) {
    if (!(error instanceof StartError)) throw error
    say({ kind: 'line', line: `warning: ${error.message}` })
    say({ kind: 'booksEnd', isWhole: false, settled })
  }
}

function* inLists(rows: Iterable<BookRow>): Iterable<readonly BookRow[]> {
  let some: BookRow[] = []
  for (const row of rows) {
    some.push(row)
    if (some.length < rowsAtOnce) continue
    yield some
    some = []
  }
  if (some.length > 0) yield some
}

try {
  if (options.outDir !== undefined) makeRunFolder(options.outDir)
  const tls = scenario.tls && readTls(scenario.tls)
  const { leave } = await runAgainst(hostSide, realWorld(tls === undefined ? {} : { tls }), readyToRun(scenario), {
    ...options,
    seed,
    tls,
    keys: readRunKeys(scenario.keys),
    signal: stop.signal,
    generator,
    onPart: (part) => say({ kind: 'part', part }),
    onSnapshot: (live) => say({ kind: 'live', live }),
    onProgress: (line) => say({ kind: 'line', line }),
  })
  await leave?.()
  say({ kind: 'done' })
} catch (error) {
  say({ kind: 'failed', failure: toldFailure(error) })
}
parentPort?.close()
