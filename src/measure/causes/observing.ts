// The reports that a watcher of the terminal side gets, and how it is set up. Everything is in ms of the clock.

import type { Slices } from '../../base/slices.js'
import type { Sample } from '../sample.js'
import type { ContractTerms } from './funds-observed.js'
import type {
  CodeClass,
  ConnectSeen,
  DownSeen,
  EchoSeen,
  MoneyTold,
  Observations,
  TcpSeen,
  UnreadableSeen,
} from './observations.js'

/** The facts about a transaction beside its sample. */
export interface SampleExtra {
  readonly link?: number | undefined
  readonly ownLink?: boolean
  /** The key under which its answer would be matched, should it come late. */
  readonly key?: string | undefined
  /** Its money is awaited: under which name, and how much it is in minor units. */
  readonly funds?: { readonly key: string; readonly amount: number } | undefined
  /** When the clerk made the last try, where there was more than one. */
  readonly lastTryAt?: number | undefined
  /** It gave money back. */
  readonly refunded?: number | undefined
  /** First digits of the card number, its issuer's (ISO/IEC 7812-1); whether a PIN went with it; its amount in minor units. */
  readonly cards?: string | undefined
  readonly tcp?: TcpSeen | undefined
  readonly model?: string | undefined
  readonly workMs?: number | undefined
  readonly hasPin?: boolean | undefined
  readonly amount?: number | undefined
}

export interface ObserverOptions {
  /** Start of the load and end of the warm-up, in ms of the clock; everything that is told is in ms of the clock too. */
  readonly startedAt: number
  readonly measureFrom?: number
  /** Wall clock at the start, in epoch ms; left out: not known. */
  readonly wallAtStart?: number
  readonly timelyWithinMs: number
  readonly timeoutMs: number
  readonly codeClasses?: Readonly<Record<CodeClass, readonly string[]>> | undefined
  /** Codes after which a terminal signs on again; left out: none are known. */
  readonly signOnCodes?: readonly string[] | undefined
  /** Left out: money is not looked at. */
  readonly funds?:
    | { readonly withinMs: number; readonly contractOf: (merchant: string) => ContractTerms | undefined }
    | undefined
  readonly lastingLinks?: number
  readonly limit?: number
}

/** `fundsAreTold` false: there was nobody who would have told of money. */
export interface ObservedEnd {
  readonly fundsAreTold: boolean
  readonly eventLoopP99Ms: number | null
}

export interface Observer {
  /** A connection answered a terminal's sign-on, or another message that is no transaction. */
  worked(terminal: string): void
  /** Counts one transaction. The id of one that is kept: not timely, or its money is awaited. `extra` may be filled anew after. */
  sample(sample: Sample, extra?: SampleExtra): number | undefined
  /** An echo: handed over at `at`, answered after `ms`, or never. */
  echo(echo: EchoSeen): void
  /** A reversal or a repeat that was written at `at`, and answered after `ms`, or never. */
  reversal(seen: EchoSeen): void
  /** A captured request of any kind, as TCP had it. */
  segment(seen: TcpSeen & { readonly at: number }): void
  connect(connect: ConnectSeen): void
  /** An open connection ended, and not by us. */
  down(down: DownSeen): void
  /** An answer to a request that had timed out. */
  late(link: number | undefined, key: string, at: number): void
  unmatched(at: number): void
  /** Bytes came that are no whole message yet: the host is not silent. */
  partial(at: number): void
  /** Bytes came that could not be read. */
  unreadable(seen: UnreadableSeen): void
  lag(ms: number, at: number): void
  /** Money came for sales by their names; `amount`: all of it, where it was said. */
  paid(keys: readonly string[], amount: number | undefined, at: number): void
  /** Money is held, or was sent back, as somebody says; `since` in ms of the clock. To be told before it is paid. */
  told(key: string, told: MoneyTold): void
  /** A sale was voided: no money is awaited any more. */
  voided(key: string): void
  observations(end: ObservedEnd): Observations
  /** The same, in slices. */
  observing(end: ObservedEnd): Slices<Observations>
}
