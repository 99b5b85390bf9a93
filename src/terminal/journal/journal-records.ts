// The contents of a journal, record by record. How records stand on disk is in journal-frames.ts, and for the version before in
// journal-version1.ts.

import type { BookRow, BookState } from '../../measure/money/books.js'

/** A transaction whose outcome must not be forgotten: enough to undo it, or to send it again, after a crash. */
export interface CaseRecord {
  readonly terminal: string
  readonly merchant: string
  readonly batch: string
  readonly stan: string
  /** Name of its message: sale, void … */
  readonly type: string
  readonly amountMinor: number
  /** Reverse: the name of the reversal, and what it says of the original. Repeat: the gaps of the message itself. */
  readonly owed:
    | { readonly do: 'reverse'; readonly message: string; readonly original: Readonly<Record<string, string>> }
    | { readonly do: 'repeat'; readonly values: readonly string[] }
  /** The reason that its reversal gives; left out: that no answer came in time, which is all that is known after a crash. */
  readonly reason?: string
}

/** The part that all cases of one kind have in common, so that a journal says it once. */
export interface CaseForm {
  readonly type: string
  /** The name of the reversal; undefined: the message itself is repeated. */
  readonly reversal: string | undefined
  /** Names of what a reversal says of the original; empty where the message is repeated. */
  readonly names: readonly string[]
}

/** A case that is read from its request when it is asked: writing it down makes no object of it. */
export interface FormedCase extends CaseRecord {
  readonly form: CaseForm
  /** How many texts it has: as many as the form has names, or the message has gaps. */
  readonly textCount: number
  /** Undefined where the request does not have what the name asks. */
  text(index: number): string | undefined
}

/** The gaps of a message, by which it is known as the same when it is sent again. */
export interface ToldMessage {
  readonly fields: readonly number[]
  readonly values: readonly string[]
}

export type JournalRecord =
  /** First. `day`: YYYYMMDD, the business day on which the file was begun; `beganAt`: when, in epoch ms. */
  | {
      readonly kind: 'journal'
      readonly version: number
      readonly dialect: string
      readonly day: string
      readonly beganAt: number
      /** More ended than a journal keeps: the books of a later process cannot be known. */
      readonly rowsLost?: true
    }
  /** STANs up to `stan` of this batch may have been used. */
  | { readonly kind: 'numbers'; readonly terminal: string; readonly batch: string; readonly stan: number }
  /** A transaction that ended, in a journal that was compacted since. */
  | { readonly kind: 'row'; readonly row: BookRow }
  /** The ended transactions of this terminal, so far or until it was `settling`, were settled: in this batch, or (null) all. */
  | { readonly kind: 'settled'; readonly terminal: string; readonly batch: string | null }
  /**
   * Totals of what has ended so far of this terminal, and was not settled, leave in this message; null: the host has refused
   * it, and closed nothing.
   */
  | { readonly kind: 'settling'; readonly terminal: string; readonly message: ToldMessage | null }
  /** Written before the request leaves; written again, with this id, when more is known of the case. */
  | { readonly kind: 'open'; readonly id: number; readonly case: CaseRecord }
  /** Nothing is owed any more; null: the request never left. `amountMinor`: approved in part, so much. */
  | { readonly kind: 'ended'; readonly id: number; readonly state: BookState | null; readonly amountMinor?: number }
