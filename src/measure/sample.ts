// One transaction as it was: four instants and an outcome. Response and service time are derived, never stored.

export const outcomes = ['approved', 'declined', 'timedOut', 'failed', 'unsent'] as const
export type Outcome = (typeof outcomes)[number]

/** Instants are milliseconds of the run's clock; undefined where it never came to that. */
export interface Sample {
  readonly type: string
  readonly terminal: string
  readonly merchant: string
  /** host:port */
  readonly target: string
  /** Name of the load phase whose arrival this is. */
  readonly phase: string
  readonly stan: string | undefined
  /** When the card was presented by plan. Latency starts here (coordinated omission). */
  readonly intendedAt: number
  /** When the terminal took it up. */
  readonly startedAt: number | undefined
  /** When the request had been handed to the socket in full. */
  readonly writtenAt: number | undefined
  /** When the final answer came, or the terminal gave up. */
  readonly endedAt: number
  readonly outcome: Outcome
  readonly responseCode: string | undefined
  /** The code is one that decides nothing (the dialect's retry class). */
  readonly retryCode: boolean
  /** The reason of a failure or an unsent arrival: the system's word or ours, such as ECONNREFUSED or 'queue full'. */
  readonly reason: string | undefined
  /** Unsent only: the peer's back-pressure explains it, not this machine. */
  readonly backPressure: boolean
  /** Requests made for it: a clerk who was told that data are wrong tries again. Other fields are those of the last. */
  readonly tries: number
  /** After more than one try: the response code of the first try. */
  readonly firstCode: string | undefined
}

/** The reason of a failure begins so where the terminal's own checks found the data wrong, and nothing was sent. */
export const refusedByTerminal = 'refused by the terminal'

/** Intended time to final answer or giving up, in ms: what the cardholder feels. Undefined for failed and unsent. */
export function responseTime(sample: Sample): number | undefined {
  if (sample.outcome === 'failed' || sample.outcome === 'unsent') return undefined
  return sample.endedAt - sample.intendedAt
}

/** Request on its way to answer, in ms. Undefined when no answer came. */
export function serviceTime(sample: Sample): number | undefined {
  const answered = sample.outcome === 'approved' || sample.outcome === 'declined'
  return answered && sample.writtenAt !== undefined ? sample.endedAt - sample.writtenAt : undefined
}

/** In time and decided: approved, or declined with a code that is final. */
export function isTimely(sample: Sample, withinMs: number): boolean {
  const decided = sample.outcome === 'approved' || (sample.outcome === 'declined' && !sample.retryCode)
  return decided && sample.endedAt - sample.intendedAt <= withinMs
}
