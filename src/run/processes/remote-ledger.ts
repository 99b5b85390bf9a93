// A ledger that another process writes. Rule: no answer leaves before that process has said that the posting is as safe as asked for.

import type { PostingLedger } from '../../acquirer/ledger/ledger-posting.js'
import type { Reserve } from '../../acquirer/ledger/serials/rrn.js'
import { filledStock } from '../../acquirer/ledger/serials/stock.js'
import type { Decision } from '../../acquirer/posting.js'
import { createCardDigest } from '../../crypto/card/card-digest.js'
import type { FromLedger, LedgerError, ToLedger } from './ledger-writer.js'

export interface RemoteLedger extends PostingLedger {
  /** For an answer of the process that writes. */
  hear(message: FromLedger): void
  /** Resolves when the first reference numbers of that day are there. */
  reserveFrom(day: string): Promise<Reserve>
}

/** An error of the process that writes, with what its store says of it. */
class RemoteError extends Error {
  readonly trouble: LedgerError

  constructor(trouble: LedgerError) {
    super(trouble.message)
    this.trouble = trouble
  }
}

interface Waiting {
  readonly done: (decisions: readonly Decision[]) => void
  readonly failed: (error: Error) => void
}

export function createRemoteLedger(cardKey: Uint8Array, tell: (message: ToLedger) => void): RemoteLedger {
  const waiting = new Map<number, Waiting>()
  const reserving = new Map<number, (first: number | undefined) => void>()
  let last = 0
  return {
    cardDigest: createCardDigest(cardKey),
    store: {
      retryMs: (error) => (error instanceof RemoteError ? error.trouble.retryMs : undefined),
      isInDoubt: (error) => error instanceof RemoteError && error.trouble.isInDoubt,
    },
    post(operations, done, failed) {
      waiting.set(++last, { done, failed })
      tell({ kind: 'post', id: last, operations })
    },
    reserveFrom: (day) =>
      filledStock(day, (of, then) => {
        reserving.set(++last, then)
        tell({ kind: 'reserve', id: last, day: of })
      }),
    hear(message) {
      const { id } = message
      if (message.kind === 'reserved') {
        reserving.get(id)?.(message.first)
        reserving.delete(id)
        return
      }
      const asked = waiting.get(id)
      waiting.delete(id)
      if (message.kind === 'posted') asked?.done(message.decisions)
      else asked?.failed(new RemoteError(message.error))
    },
  }
}
