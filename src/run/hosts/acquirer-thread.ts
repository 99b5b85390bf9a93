// The embedded acquirer's own thread: it never shares the generator's event loop.

import { parentPort, workerData } from 'node:worker_threads'
import type { BookRow } from '../../measure/money/books.js'
import type { FromThread, ThreadStart, ToThread } from './embedded-acquirer.js'
import { startAcquirer } from './start-acquirer.js'

const say = (message: FromThread) => parentPort?.postMessage(message)

/** Rows of one message: some megabytes. */
const rowsAtOnce = 20_000

function sayRows(rows: Iterable<BookRow> | undefined): void {
  let some: BookRow[] = []
  for (const row of rows ?? []) {
    some.push(row)
    if (some.length < rowsAtOnce) continue
    say({ kind: 'ledgerRows', rows: some, isLast: false })
    some = []
  }
  say({ kind: 'ledgerRows', rows: rows === undefined ? undefined : some, isLast: true })
}

try {
  const { traces, ...start } = workerData as ThreadStart
  const acquirer = await startAcquirer({
    ...start,
    onTrouble: (line) => say({ kind: 'trouble', line }),
    ...(traces && { onTrace: (line) => say({ kind: 'trace', line }) }),
  })
  parentPort?.on('message', async (message: ToThread) => {
    if (message.kind === 'startFaults') acquirer.startFaults(message.atWall)
    else if (message.kind === 'faultCounts') say({ kind: 'faultCounts', counts: await acquirer.faultCounts() })
    else if (message.kind === 'funds') say({ kind: 'funds', funds: await acquirer.funds(message.since) })
    else if (message.kind === 'ledgerMark')
      say({ kind: 'ledgerMark', mark: await acquirer.ledgerMark(message.journal) })
    else if (message.kind === 'ledgerRows') sayRows(await acquirer.ledgerRows(message.since))
    else {
      await acquirer.close()
      parentPort?.close()
    }
  })
  say({ kind: 'listening', address: acquirer.address })
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  parentPort?.close()
}
