// Generators in threads of this process, each with a part of the load: started together, listened to, waited for.

import { Worker } from 'node:worker_threads'
import type { MarkedJournal } from '../../acquirer/ledger/marks.js'
import { StartError } from '../../base/errors.js'
import { type ToldFailure, untold } from '../../base/process/told-failure.js'
import { type Share, shareText } from '../../base/share.js'
import type { LostPart } from '../../cluster/lost-part.js'
import { type BookKeeper, createBookKeeper } from '../../measure/money/book-keeper.js'
import type { BookRow } from '../../measure/money/books.js'
import type { Spill } from '../../measure/money/spill.js'
import type { PartRecord } from '../../measure/part-record.js'
import type { LiveSnapshot } from '../../report/live/snapshot.js'
import type { Scenario } from '../../scenario/schema.js'
import type { Host } from '../lines/host.js'
import type { OwnBooks, RunOptions } from '../run-options.js'

/** The start data of a thread: data only. */
export interface GeneratorStart
  extends Pick<
    RunOptions,
    'source' | 'remedies' | 'keep' | 'pacing' | 'journal' | 'journalStale' | 'payouts' | 'outDir' | 'metered'
  > {
  readonly scenario: Scenario
  readonly seed: number
  readonly hosts: readonly Host[]
  readonly share: Share
}

export type ToGenerator = { readonly kind: 'begin'; readonly atWall: number } | { readonly kind: 'stop' | 'moreRows' }

export type FromGenerator =
  | { readonly kind: 'done' }
  | { readonly kind: 'ready'; readonly journal: MarkedJournal | undefined }
  | { readonly kind: 'line'; readonly line: string }
  | { readonly kind: 'live'; readonly live: LiveSnapshot }
  | { readonly kind: 'soFar'; readonly measured: Pick<LostPart, 'tally' | 'handed' | 'ended'> }
  | { readonly kind: 'rows'; readonly rows: readonly BookRow[] }
  | ({ readonly kind: 'booksEnd' } & Omit<OwnBooks, 'rows'>)
  | { readonly kind: 'checkpoint' | 'part'; readonly part: PartRecord }
  | { readonly kind: 'failed'; readonly failure: ToldFailure }

export interface GeneratorEnd {
  /** Undefined: it died. */
  readonly part: PartRecord | undefined
  readonly lost: LostPart
  readonly rows: Pick<BookKeeper, 'size' | 'rows'>
  /** All of its rows are there. */
  readonly booksAreWhole: boolean
  readonly settled: OwnBooks['settled']
}

export interface Generator {
  /** Terminals are ready, with their journal, if it outlives the process; rejects when they cannot be. */
  readonly ready: Promise<MarkedJournal | undefined>
  /** Never rejects. */
  readonly ended: Promise<GeneratorEnd>
  /** The last look at it. */
  readonly live: LiveSnapshot | undefined
  begin(atWall: number): void
  stop(): void
  /** For a run that does not begin. */
  kill(): Promise<void>
}

interface GeneratorEars {
  readonly onLine: (line: string) => void
  /** Once a minute. */
  readonly onCheckpoint: (part: PartRecord) => void
  /** Room for the rows of its books. */
  readonly spill: Spill
}

export function startGenerator(start: GeneratorStart, { onLine, onCheckpoint, spill }: GeneratorEars): Generator {
  const worker = new Worker(new URL('./generator-thread.js', import.meta.url), { workerData: start })
  const rows = createBookKeeper({ spill })
  const seen: {
    live?: LiveSnapshot
    part?: PartRecord
    soFar: Pick<LostPart, 'tally' | 'handed' | 'ended'>
    why: string
    booksAreWhole: boolean
    settled: OwnBooks['settled']
  } = {
    soFar: { tally: null, handed: 0, ended: 0 },
    why: 'died',
    booksAreWhole: false,
    settled: undefined,
  }
  let resolve: (journal: MarkedJournal | undefined) => void = () => {}
  let reject: (error: unknown) => void = () => {}
  const ready = new Promise<MarkedJournal | undefined>((...settle) => {
    ;[resolve, reject] = settle
  })

  worker.on('message', (message: FromGenerator) => {
    if (message.kind === 'ready') resolve(message.journal)
    else if (message.kind === 'line') onLine(message.line)
    else if (message.kind === 'live') seen.live = message.live
    else if (message.kind === 'soFar') seen.soFar = message.measured
    else if (message.kind === 'rows') {
      for (const row of message.rows) rows.add(row)
      worker.postMessage({ kind: 'moreRows' } satisfies ToGenerator)
    } else if (message.kind === 'booksEnd') {
      seen.booksAreWhole = message.isWhole && !rows.isFull
      seen.settled = message.settled
    } else if (message.kind === 'checkpoint') onCheckpoint(message.part)
    else if (message.kind === 'part') seen.part = message.part
    else if (message.kind === 'failed') {
      seen.why = `failed: ${message.failure.message}`
      reject(untold(message.failure))
    }
  })
  worker.once('error', (cause) => {
    seen.why = `died: ${cause.message}`
    reject(new StartError(`generator ${shareText(start.share)} died: ${cause.message}`, { cause }))
  })
  const ended = new Promise<GeneratorEnd>((done) => {
    worker.once('exit', () => {
      reject(new StartError(`generator ${shareText(start.share)} ended before its terminals were ready`))
      const { part, soFar, why, ...books } = seen
      done({ part, lost: { share: start.share, place: null, ...soFar, why }, rows, ...books })
    })
  })
  return {
    ready,
    ended,
    get live() {
      return seen.live
    },
    begin: (atWall) => worker.postMessage({ kind: 'begin', atWall } satisfies ToGenerator),
    stop: () => worker.postMessage({ kind: 'stop' } satisfies ToGenerator),
    kill: async () => void (await worker.terminate()),
  }
}
