// Several runs in virtual time at once, a thread for each core: `--with all` takes the time of its longest runs, and not of all.

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { type ToldFailure, untold } from '../../base/process/told-failure.js'
import type { Result } from '../../measure/result.js'
import type { Scenario } from '../../scenario/schema.js'
import type { RunOptions } from '../run-options.js'

/** One run of several that do not wait for each other. */
export interface PlannedRun {
  readonly scenario: Scenario
  readonly options: RunOptions
}

/** The data of a run that a thread is sent. */
export interface RunOfThread {
  readonly scenario: Scenario
  readonly options: Pick<RunOptions, (typeof handedOver)[number]>
}
const handedOver = ['source', 'remedies', 'outDir', 'keep', 'language', 'allowSaturated', 'pacing', 'clock'] as const

export type ToRunThread = { readonly kind: 'run'; readonly run: RunOfThread } | { readonly kind: 'stop' | 'end' }

export type FromRunThread =
  | ({ readonly kind: 'done' } & Made)
  | { readonly kind: 'failed'; readonly failure: ToldFailure }

interface Made {
  readonly result: Result
  readonly lines: readonly string[]
}
type Make = (run: PlannedRun) => Promise<Made>

/** A thread that makes one run after another. Its runs fail with ThreadDied once it is gone. */
export interface RunThread {
  readonly make: Make
  end(): void
}

/** A thread ended without a word, for want of memory perhaps: its run has to be made elsewhere. */
export class ThreadDied extends Error {}

const threadFile = new URL('./run-thread.js', import.meta.url)

/** Runs that are made at once here. One where the program is run from its sources: no thread can be started of them. */
export const runsAtOnce = (): number => (existsSync(fileURLToPath(threadFile)) ? availableParallelism() : 1)

/**
 * Begins the runs, the first of them in this thread, where `own` makes it. Each is waited for by calling its place in the
 * list: its lines are said then, so that they stand where they would stand if one run had followed the other. Runs of a
 * thread that dies are made in this one.
 */
export function runAhead(
  runs: readonly PlannedRun[],
  own: (run: PlannedRun) => Promise<Result>,
  openThread: () => RunThread = openRunThread,
  atOnce: number = runsAtOnce(),
): readonly (() => Promise<Result>)[] {
  const waiting = [...runs]
  const made = new Map<PlannedRun, (end: Promise<Made>) => void>()
  const ends = runs.map((run) => new Promise<Made>((resolve) => made.set(run, resolve)))
  // Whoever waits for a run hears of its failure; until then nobody does.
  for (const end of ends) end.catch(() => {})
  const work = async (make: Make) => {
    for (let run = waiting.shift(); run !== undefined && !isStopped(run); run = waiting.shift()) {
      const end = make(run)
      if (await hasDied(end)) {
        waiting.unshift(run)
        return
      }
      made.get(run)?.(end)
    }
  }
  const workHere = () =>
    work(async (run) => {
      const lines: string[] = []
      const options = { ...run.options, onProgress: (line: string) => void lines.push(line) }
      return { result: await own({ ...run, options }), lines }
    })
  const first = workHere()
  const threads = Array.from({ length: Math.min(atOnce, runs.length) - 1 }, () => workInThread(openThread(), work))
  void first.then(() => Promise.all(threads)).then(workHere)
  return runs.map(({ options }, index) => async () => {
    const { result, lines } = (await ends[index]) as Made
    for (const line of lines) options.onProgress?.(line)
    return result
  })
}

const isStopped = ({ options }: PlannedRun) => options.signal?.aborted === true

const hasDied = (end: Promise<Made>): Promise<boolean> =>
  end.then(
    () => false,
    (error) => error instanceof ThreadDied,
  )

async function workInThread({ make, end }: RunThread, work: (make: Make) => Promise<void>): Promise<void> {
  await work(make)
  end()
}

function openRunThread(): RunThread {
  const worker = new Worker(threadFile)
  const send = (message: ToRunThread) => worker.postMessage(message)
  const died = once(worker, 'exit').then(() => Promise.reject(new ThreadDied()))
  died.catch(() => {})
  worker.on('error', () => {})
  return {
    async make({ scenario, options }) {
      const stop = () => send({ kind: 'stop' })
      options.signal?.addEventListener('abort', stop)
      try {
        send({ kind: 'run', run: { scenario, options: dataOf(options) } })
        const [message] = (await Promise.race([once(worker, 'message'), died])) as [FromRunThread]
        if (message.kind === 'failed') throw untold(message.failure)
        return message
      } finally {
        options.signal?.removeEventListener('abort', stop)
      }
    },
    end: () => send({ kind: 'end' }),
  }
}

const dataOf = (options: RunOptions) =>
  Object.fromEntries(handedOver.map((name) => [name, options[name]])) as RunOfThread['options']
