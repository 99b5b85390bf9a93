// Work for a process of its own: each figure is measured by a process that has done nothing else, against peers in another.

import { fork } from 'node:child_process'
import { apartNode, type NodeCommand, plainNode } from '../processor.js'
import type { LoadShape } from './shapes.js'

/** The job of a peer, which listens until it is ended. */
export type PeerJob = { readonly do: 'echoServer' | 'rawHost' | 'acquirer' }

export type MeasureJob =
  | {
      readonly do: 'echo' | 'acquirerSales'
      readonly shape: LoadShape
      readonly seconds: number
      readonly port: number
    }
  | {
      readonly do: 'closed'
      readonly shape: LoadShape
      readonly seconds: number
      readonly message: 'sale' | 'balance'
      /** The port of a raw host; left out: the embedded acquirer. */
      readonly port?: number
    }
  | {
      /** Arrivals at a rate that nobody takes up: the lag that the machine alone makes. */
      readonly do: 'nothing'
      readonly rate: number
      readonly seconds: number
    }
  | {
      readonly do: 'open'
      readonly rate: number
      readonly seconds: number
      readonly warmupSeconds: number
      readonly port: number
    }

export interface MeasuredJob {
  readonly perSecond: number
  /** User and system time of the process, in µs a transaction; of the embedded acquirer too. */
  readonly cpuUs?: number
  /** Allocated by the terminals' thread, a transaction. */
  readonly bytes?: number
  readonly gcShare?: number
  readonly lagP50Ms?: number | null
  readonly lagP99Ms?: number | null
  readonly responseP99Ms?: number | null
  /** Part of the time in which other processes had the processors. */
  readonly waitShare?: number
  readonly saturated?: boolean
  readonly booksAgree?: boolean | null
}

const worker = new URL('./worker.js', import.meta.url)

function start(job: PeerJob | MeasureJob, [execPath, ...execArgv]: NodeCommand) {
  return fork(worker, [JSON.stringify(job)], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], execPath, execArgv })
}

/** Resolves to what the process says when it is done. */
export function measureIn(job: MeasureJob): Promise<MeasuredJob> {
  const child = start(job, plainNode)
  return new Promise((resolve, reject) => {
    child.once('message', (measured) => resolve(measured as MeasuredJob))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`measuring ${JSON.stringify(job)} ended with exit code ${code}`)))
  })
}

export interface Peer extends AsyncDisposable {
  readonly port: number
}

/** On a processor of its own where that can be, as a peer on another machine has. */
export async function startPeer(job: PeerJob): Promise<Peer> {
  const child = start(job, apartNode)
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port))
    child.once('exit', (code) => reject(new Error(`the peer ${job.do} ended with exit code ${code}`)))
  })
  return {
    port,
    async [Symbol.asyncDispose]() {
      child.kill()
      await ended
    },
  }
}
