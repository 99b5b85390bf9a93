// A terminal's judgement of an answer.

export interface Judgement {
  readonly outcome: 'approved' | 'declined' | 'failed'
  readonly code: string | undefined
  /** The code decides nothing; the transaction may be tried again. */
  readonly retryCode: boolean
  /** Why an answer is not usable. */
  readonly reason: string | undefined
}
