// A thread that makes whole runs in virtual time, one after another, as it is told.

import { parentPort } from 'node:worker_threads'
import { toldFailure } from '../../base/process/told-failure.js'
import { runScenario } from '../run-scenario.js'
import type { FromRunThread, RunOfThread, ToRunThread } from './runs-ahead.js'

const say = (message: FromRunThread) => parentPort?.postMessage(message)

let stop = new AbortController()

parentPort?.on('message', (message: ToRunThread) => {
  if (message.kind === 'run') void make(message.run)
  else if (message.kind === 'stop') stop.abort()
  else parentPort?.close()
})

async function make({ scenario, options }: RunOfThread): Promise<void> {
  stop = new AbortController()
  const lines: string[] = []
  try {
    const result = await runScenario(scenario, {
      ...options,
      signal: stop.signal,
      onProgress: (line) => void lines.push(line),
    })
    say({ kind: 'done', result, lines })
  } catch (error) {
    say({ kind: 'failed', failure: toldFailure(error) })
  }
}
