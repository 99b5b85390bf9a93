// An acquirer in a thread of its own on a loopback port, for scenarios that name no target.

import { Worker } from 'node:worker_threads'
import type { LedgerMark, MarkedJournal } from '../../acquirer/ledger/marks.js'
import type { FundsReport } from '../../acquirer/settlement/funds-report.js'
import { StartError } from '../../base/errors.js'
import type { FaultCount } from '../../faults/chain.js'
import { createBookKeeper } from '../../measure/money/book-keeper.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Spill } from '../../measure/money/spill.js'
import type { LimitCounts } from '../../measure/turned-away.js'
import type { Address } from '../../transport/network/link.js'
import type { AcquirerStart } from './start-acquirer.js'

export type FromThread =
  | { readonly kind: 'listening'; readonly address: Address }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'trouble' | 'trace'; readonly line: string }
  | { readonly kind: 'faultCounts'; readonly counts: readonly FaultCount[] }
  | { readonly kind: 'turnedAway'; readonly counts: LimitCounts }
  | { readonly kind: 'funds'; readonly funds: FundsReport | undefined }
  | { readonly kind: 'ledgerMark'; readonly mark: LedgerMark | undefined }
  /** Some of the ledger's rows; undefined where there is no ledger. */
  | { readonly kind: 'ledgerRows'; readonly rows: readonly BookRow[] | undefined; readonly isLast: boolean }

/** The start data of the thread: data only. */
export interface ThreadStart extends Omit<AcquirerStart, 'onTrouble' | 'onTrace'> {
  readonly traces: boolean
}

export type ToThread =
  | { readonly kind: 'close' | 'moreRows' }
  | { readonly kind: 'startFaults'; readonly atWall: number }
  | { readonly kind: 'faultCounts' | 'turnedAway' }
  | { readonly kind: 'ledgerMark'; readonly journal: MarkedJournal | undefined }
  | { readonly kind: 'ledgerRows' | 'funds'; readonly since: LedgerMark }

export interface EmbeddedAcquirer extends AsyncDisposable {
  readonly address: Address
  /** Times of faults count from here, in epoch ms. */
  startFaults(atWall: number): void
  /** How often each fault acted; none when the thread has ended. */
  faultCounts(): Promise<readonly FaultCount[]>
  /** Undefined when the thread has ended. */
  turnedAway(): Promise<LimitCounts | undefined>
  /** Where a run begins in the ledger; undefined where there is none, and when the thread has ended. */
  ledgerMark(journal: MarkedJournal | undefined): Promise<LedgerMark | undefined>
  /**
   * The postings since then, kept in `spill`; undefined where there is no ledger, and when the thread has ended. Rejects
   * with StartError where neither disk nor memory has room for them.
   */
  ledgerRows(since: LedgerMark, spill: Spill): Promise<Iterable<BookRow> | undefined>
  /** The payments to merchants since then; undefined where merchants are not paid, and when the thread has ended. */
  funds(since: LedgerMark): Promise<FundsReport | undefined>
  /** Idempotent. */
  close(): Promise<void>
}

/** Rejects with StartError when the thread or its port cannot be had. `start` is copied to the thread: data only. */
export async function startEmbeddedAcquirer(
  start: Omit<AcquirerStart, 'listen' | 'onTrouble' | 'onTrace'>,
  tell: { readonly onTrace?: ((line: string) => void) | undefined; readonly onTrouble?: (line: string) => void } = {},
): Promise<EmbeddedAcquirer> {
  const { onTrace, onTrouble } = tell
  const workerData: ThreadStart = { ...start, listen: { host: '127.0.0.1', port: 0 }, traces: onTrace !== undefined }
  const worker = new Worker(new URL('./acquirer-thread.js', import.meta.url), { workerData })
  const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  const address = await new Promise<Address>((resolve, reject) => {
    worker.once('error', (cause) =>
      reject(new StartError(`the embedded acquirer did not start: ${cause.message}`, { cause })),
    )
    worker.on('message', (message: FromThread) => {
      if (message.kind === 'trace') onTrace?.(message.line)
      if (message.kind === 'trouble') onTrouble?.(message.line)
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
  return {
    address,
    startFaults: (atWall) => worker.postMessage({ kind: 'startFaults', atWall } satisfies ToThread),
    faultCounts: async () => (await ask(worker, { kind: 'faultCounts' }, ended))?.counts ?? [],
    turnedAway: async () => (await ask(worker, { kind: 'turnedAway' }, ended))?.counts,
    ledgerMark: async (journal) => (await ask(worker, { kind: 'ledgerMark', journal }, ended))?.mark,
    funds: async (since) => (await ask(worker, { kind: 'funds', since }, ended))?.funds,
    ledgerRows: (since, spill) => askLedgerRows(worker, { since, spill }, ended),
    close,
    [Symbol.asyncDispose]: close,
  }
}

type OneAnswer = 'faultCounts' | 'turnedAway' | 'funds' | 'ledgerMark'

/** The thread's answer to this question; undefined when the thread has ended. */
function ask<Kind extends OneAnswer>(worker: Worker, question: ToThread & { kind: Kind }, ended: Promise<void>) {
  type Answer = Extract<FromThread, { kind: Kind }>
  const asked = new Promise<Answer>((resolve) => {
    const listen = (message: FromThread) => {
      if (message.kind !== question.kind) return
      worker.off('message', listen)
      resolve(message as Answer)
    }
    worker.on('message', listen)
    worker.postMessage(question)
  })
  return Promise.race([asked, ended.then(() => undefined)])
}

function askLedgerRows(
  worker: Worker,
  { since, spill }: { readonly since: LedgerMark; readonly spill: Spill },
  ended: Promise<void>,
): Promise<Iterable<BookRow> | undefined> {
  const all = createBookKeeper({ spill })
  const asked = new Promise<Iterable<BookRow> | undefined>((resolve, reject) => {
    const listen = (message: FromThread) => {
      if (message.kind !== 'ledgerRows') return
      for (const row of message.rows ?? []) all.add(row)
      if (!message.isLast) return worker.postMessage({ kind: 'moreRows' } satisfies ToThread)
      worker.off('message', listen)
      if (all.isFull) reject(new StartError("neither disk nor memory has room for the ledger's transactions"))
      else resolve(message.rows === undefined ? undefined : all.rows())
    }
    worker.on('message', listen)
    worker.postMessage({ kind: 'ledgerRows', since } satisfies ToThread)
  })
  return Promise.race([asked, ended.then(() => undefined)])
}
