// The embedded acquirer's own thread: it never shares the generator's event loop.

import { parentPort, workerData } from 'node:worker_threads'
import type { FromThread, ToThread } from './embedded-acquirer.js'
import { type AcquirerStart, startAcquirer } from './start-acquirer.js'

const say = (message: FromThread) => parentPort?.postMessage(message)

try {
  const acquirer = await startAcquirer({
    ...(workerData as AcquirerStart),
    onTrouble: (line) => say({ kind: 'trouble', line }),
  })
  parentPort?.on('message', async (message: ToThread) => {
    if (message.kind !== 'close') return
    await acquirer.close()
    parentPort?.close()
  })
  say({ kind: 'listening', address: acquirer.address })
} catch (error) {
  say({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  parentPort?.close()
}
