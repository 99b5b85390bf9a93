// The records of a watch of a live host: probes, attempts to connect, connections that ended. Instants are ms of the clock.

import type { CodeClass } from '../causes/observations.js'

export interface ProbeSeen {
  readonly kind: 'echo' | 'balance'
  /** When it was due. */
  readonly at: number
  /** When it was handed to the socket; undefined when it never was. */
  readonly writtenAt: number | undefined
  readonly endedAt: number
  /** An answer came. */
  readonly answered: boolean
  /** An answer came, and it decides: approved, or declined for good. Of an echo: any answer that can be used. */
  readonly decided: boolean
  readonly code: string | undefined
  readonly codeClass: CodeClass | undefined
  /** Why it failed, or why an answer is of no use; undefined for a probe whose time ran out. */
  readonly reason: string | undefined
}

/** An attempt to connect: of the connection that stays, or a fresh one that only tells how the network is. */
export interface DialSeen {
  readonly at: number
  readonly ms: number
  readonly result: 'open' | 'refused' | 'timeout' | 'failed'
  /** The system's word for what went wrong. */
  readonly reason: string | undefined
}

/** The connection that stays has ended, and not by us. */
export interface LossSeen {
  readonly at: number
  readonly reason: string
}

/** Due to answer, in ms: what a cardholder would have waited. */
export const probeMs = ({ at, endedAt }: ProbeSeen) => endedAt - at

export const isTimelyProbe = (probe: ProbeSeen, withinMs: number) =>
  probe.answered && probe.decided && probeMs(probe) <= withinMs

/** The observations in the window by which a state is judged. */
export interface WatchWindow {
  readonly probes: readonly ProbeSeen[]
  readonly dials: readonly DialSeen[]
  readonly losses: readonly LossSeen[]
}
