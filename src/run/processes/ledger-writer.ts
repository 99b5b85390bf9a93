// One writer of a ledger for several processes: what they post is posted here, in the order in which it comes.

import type { Ledger } from '../../acquirer/ledger/ledger.js'
import type { Operation } from '../../acquirer/ledger/operation.js'
import { stockedSerials } from '../../acquirer/ledger/serials/stock.js'
import type { Decision } from '../../acquirer/posting.js'

export type ToLedger =
  | { readonly kind: 'post'; readonly id: number; readonly operations: readonly Operation[] }
  | { readonly kind: 'reserve'; readonly id: number; readonly day: string }

export interface LedgerError {
  readonly message: string
  readonly retryMs: number | undefined
  readonly isInDoubt: boolean
}

export type FromLedger =
  | { readonly kind: 'posted'; readonly id: number; readonly decisions: readonly Decision[] }
  | { readonly kind: 'notPosted'; readonly id: number; readonly error: LedgerError }
  | { readonly kind: 'reserved'; readonly id: number; readonly first: number | undefined }

/** Takes the message of one process up, and answers it. */
export function writeLedger(ledger: Ledger, message: ToLedger, answer: (message: FromLedger) => void): void {
  const { id } = message
  if (message.kind === 'reserve') {
    answer({ kind: 'reserved', id, first: ledger.reserve(message.day, stockedSerials, true) })
    return
  }
  ledger.post(
    message.operations,
    (decisions) => answer({ kind: 'posted', id, decisions }),
    (error) => {
      const { store } = ledger
      const why = { message: error.message, retryMs: store.retryMs(error), isInDoubt: store.isInDoubt(error) }
      answer({ kind: 'notPosted', id, error: why })
    },
  )
}
