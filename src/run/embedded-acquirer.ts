// An acquirer in a thread of its own on a loopback port, for scenarios that name no target.

import { Worker } from 'node:worker_threads'
import { StartError } from '../base/errors.js'
import type { Address } from '../transport/link.js'
import type { AcquirerStart } from './start-acquirer.js'

export type FromThread =
  | { readonly kind: 'listening'; readonly address: Address }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'trouble'; readonly line: string }

export interface ToThread {
  readonly kind: 'close'
}

export interface EmbeddedAcquirer extends AsyncDisposable {
  readonly address: Address
  /** Idempotent. */
  close(): Promise<void>
}

/** Rejects with StartError when the thread or its port cannot be had. `start` is copied to the thread: data only. */
export async function startEmbeddedAcquirer(
  start: Omit<AcquirerStart, 'listen' | 'onTrouble'>,
): Promise<EmbeddedAcquirer> {
  const workerData: AcquirerStart = { ...start, listen: { host: '127.0.0.1', port: 0 } }
  const worker = new Worker(new URL('./acquirer-thread.js', import.meta.url), { workerData })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const address = await new Promise<Address>((resolve, reject) => {
    worker.once('error', (cause) =>
      reject(new StartError(`the embedded acquirer did not start: ${cause.message}`, { cause })),
    )
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'listening') resolve(message.address)
      if (message.kind === 'failed') reject(new StartError(`the embedded acquirer did not start: ${message.message}`))
    })
  })
  let closing: Promise<void> | undefined
  const close = () => {
    if (closing === undefined) {
      worker.postMessage({ kind: 'close' } satisfies ToThread)
      closing = ended
    }
    return closing
  }
  return { address, close, [Symbol.asyncDispose]: close }
}
