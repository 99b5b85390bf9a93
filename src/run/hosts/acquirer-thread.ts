// The embedded acquirer's own thread: it never shares the generator's event loop.

import { parentPort, workerData } from 'node:worker_threads'
import type { BookRow } from '../../measure/money/books.js'
import type { FromThread, ThreadStart, ToThread } from './embedded-acquirer.js'
import { startAcquirer } from './start-acquirer.js'

const say = (message: FromThread) => parentPort?.postMessage(message)

/** Rows of one message: the other thread takes them in a few milliseconds, and then asks for more. */
const rowsAtOnce = 2_000

let rowsLeft: Iterator<BookRow> | undefined

function sayRows(): void {
  const rows: BookRow[] = []
  let isLast = rowsLeft === undefined
  while (!isLast && rows.length < rowsAtOnce) {
    const step = rowsLeft?.next()
    if (step === undefined || step.done === true) isLast = true
    else rows.push(step.value)
  }
  say({ kind: 'ledgerRows', rows: rowsLeft === undefined ? undefined : rows, isLast })
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
    else if (message.kind === 'turnedAway') say({ kind: 'turnedAway', counts: await acquirer.turnedAway() })
    else if (message.kind === 'funds') say({ kind: 'funds', funds: await acquirer.funds(message.since) })
    else if (message.kind === 'ledgerMark')
      say({ kind: 'ledgerMark', mark: await acquirer.ledgerMark(message.journal) })
    else if (message.kind === 'ledgerRows') {
      rowsLeft = (await acquirer.ledgerRows(message.since))?.[Symbol.iterator]()
      sayRows()
    } else if (message.kind === 'moreRows') sayRows()
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
