// One transaction as one side of the books has it.

/**
 * `charged`: approved and in force. `reversed`: undone by a reversal, or blocked by one that came first. `declined`:
 * nothing was posted. `unknown`: this side cannot say; of a terminal, a reversal that is not acknowledged yet.
 */
export type BookState = 'charged' | 'reversed' | 'declined' | 'unknown'

/** One transaction as one side has it. Terminal, merchant, batch and STAN together name it on both sides. */
export interface BookRow {
  /** DE41, without padding. */
  readonly terminal: string
  /** DE42, without padding. */
  readonly merchant: string
  /** The batch, as `rules.batchOf` reads it from the request: digits; '' where the dialect tells no batches apart. */
  readonly batch: string
  /** DE11, as on the wire. */
  readonly stan: string
  /** sale, void, refund, preauth, preauthVoid, completion, completionAdvice … For people: rows are not compared by it. */
  readonly kind: string
  /** DE4 as it was asked for, or as approved where that is less. Never negative; 0 where the request has no amount. */
  readonly amountMinor: number
  readonly state: BookState
}
