// The step between a decision and its answer: where a ledger puts the money on disk before anyone is told.

import type { Peek } from '../codec/codec.js'

/** The acquirer's answer to a request, in the words of the dialect's placeholders. */
export interface Decision {
  /** Response code (DE39). */
  readonly code: string
  /** Retrieval reference number (DE37), 12 characters. */
  readonly rrn: string
  /** Authorisation code (DE38), 6 digits; used in approvals only. */
  readonly authCode: string
  /** The clerk's hint about wrong data, 20 characters; left out: none. */
  readonly hint?: string
  /** The amount that is approved where that is less than was asked for (DE4), 12 digits; left out: all of it. */
  readonly amount?: string | undefined
  /** The account's balance in minor units, 12 digits. */
  readonly balance: string
  /** The terminal's batch number, 6 digits. */
  readonly batch: string
  /** The host's totals where a settlement asks for them, by the field that carries them. */
  readonly totals?: Readonly<Record<number, string>>
  /** Epoch ms of the decision: a repeated request is told the times of the first answer. Left out: now. */
  readonly decidedAt?: number
}

/** Whoever waits for a posting. An object and no function: the request itself, so that nothing is made for the asking. */
export interface Asker {
  /** `final` is undefined where nobody knows whether it was posted, so that no answer may be given. */
  conclude(final: Decision | undefined): void
}

export interface Posting {
  /**
   * Posts the decision and concludes the asker exactly once, at once or later, with the decision to answer with: the one given,
   * or another (the first answer again for a repeat, the code of a duplicate, a malfunction when the disk is full). `request`
   * is valid during this call only. Must not throw. Offered are requests of all classes that the dialect has an answer rule
   * for; not those refused for a full line, a format error or an unsupported type.
   */
  post(request: Peek, decision: Decision, asker: Asker): void
}

/** Posts nothing: every decision stands, at once. */
export const noPosting: Posting = { post: (_request, decision, asker) => asker.conclude(decision) }
