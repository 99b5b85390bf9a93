// The things that the terminals of a run can observe, as plain data: a diagnosis reads nothing else.
//
// Instants are ms since the start of the load. Nothing here comes from the host's internals or from the faults of a scenario.

import type { PayoutHold } from '../money/merchant-funds.js'
import type { Outcome } from '../sample.js'
import type { Bins } from './bins.js'
import type { ContractTerms, ObservedFunds } from './funds-observed.js'
import type { SeenTransaction } from './seen.js'

/** The subject of a response code; undefined: none of these. */
export type CodeClass = 'dataError' | 'setup' | 'down'

/** A transaction that was not timely, as far as its terminal saw it. */
export interface Observed {
  readonly id: number
  readonly type: string
  readonly terminal: string
  readonly merchant: string
  readonly target: string
  /** Number of the connection; undefined where it had none. */
  readonly link: number | undefined
  /** The connection was opened for this transaction alone. */
  readonly ownLink: boolean
  /** Which life of that connection it was, as `SeenTransaction` names it. */
  readonly connection: string | undefined
  /** First digits of the card number, and whether a PIN went with it; undefined: not known. */
  readonly cards: string | undefined
  readonly hasPin: boolean | undefined
  /** As in `SeenTransaction`. */
  readonly idleMs: number | undefined
  /** Model of the terminal, and what it worked itself before it could send, in ms; undefined: not known. */
  readonly model: string | undefined
  readonly workMs: number | undefined
  /** Undefined where there is no capture. */
  readonly tcp: TcpSeen | undefined
  readonly intendedAt: number
  readonly startedAt: number | undefined
  readonly writtenAt: number | undefined
  readonly endedAt: number
  readonly outcome: Outcome
  readonly code: string | undefined
  readonly codeClass: CodeClass | undefined
  readonly reason: string | undefined
  readonly backPressure: boolean
  /** Requests that were sent for it: more than one where a clerk corrected what was wrong. */
  readonly tries: number
  /** The response code of the first try, where there was more than one. */
  readonly firstCode: string | undefined
  readonly firstClass: CodeClass | undefined
  /** When the request of the last try was written. */
  readonly lastTryAt: number | undefined
  /** How late the arrival was handed over: the generator's own fault, in ms. */
  readonly lagMs: number
  /** The answer was not timely; false: only the money was late. */
  readonly lateResponse: boolean
  /** When an answer came after the terminal gave up. */
  readonly lateAnswerAt: number | undefined
  /** Its money; undefined where none is due, or nobody tells. */
  readonly funds: AwaitedFunds | undefined
}

export interface AwaitedFunds {
  readonly amount: number
  readonly paidAt: number | undefined
  readonly told?: MoneyTold | undefined
}

/** The words of a settlement file about money that was held, or sent back. */
export interface MoneyTold {
  readonly reason: string
  /** Undefined: not said. */
  readonly since: number | undefined
}

/** A captured request, as TCP had it. */
export interface TcpSeen {
  /** Times it was sent. */
  readonly sent: number
  /** Until the other side's TCP acknowledged it, in ms; undefined: it never did. */
  readonly ackedMs: number | undefined
}

export interface EchoSeen {
  /** When it was handed to the socket. */
  readonly at: number
  /** Undefined: no answer. */
  readonly ms: number | undefined
  readonly link: number | undefined
  /** Its time did not run out: it could not be written, or its connection was lost. */
  readonly isFailed?: boolean
}

/** An echo, or a message that takes back or repeats a transaction: on which life of its connection, and whether it was answered. */
export interface ControlSeen {
  readonly kind: 'echo' | 'reversal'
  readonly at: number
  readonly isAnswered: boolean
  /** As in `SeenTransaction`. */
  readonly connection: string
  readonly openedAt: number | undefined
  readonly idleMs: number | undefined
  readonly wasGood: boolean
  readonly wasSilent: boolean
}

/** An attempt to connect. `failed`: by something else than a refusal or silence. */
export interface ConnectSeen {
  readonly at: number
  readonly ms: number
  readonly result: 'open' | 'refused' | 'timeout' | 'failed'
  readonly link: number | undefined
}

/** A connection that had been open has ended, and not by us. */
export interface DownSeen {
  readonly at: number
  readonly reason: string
  readonly link: number
}

/** Bytes that came and could not be read: a request waited for them in vain, or they ended the connection. */
export interface UnreadableSeen {
  readonly at: number
  /** The description of their look, in the deframer's words. */
  readonly words: string
  readonly link: number | undefined
}

/** A financial answer: when its request was written, and how long it took. */
export interface AnswerSeen {
  readonly at: number
  readonly ms: number
  readonly link: number | undefined
}

/** Nothing at all was heard from the host. */
export interface SilentSpan {
  readonly from: number
  readonly to: number
}

/** The fate of a terminal's transactions. */
export interface TerminalSeen {
  /** Those that reached the host, as far as can be told. */
  offered: number
  /** Answered with something that is not about the terminal itself: it works. */
  decided: number
  /** Answers that say that the terminal is set up wrongly, or that it could not use. */
  refused: number
  timedOut: number
  /** It signed on, or was answered otherwise: its line, its framing and its messages are right. */
  worked: boolean
}

export interface Observations {
  readonly timelyWithinMs: number
  /** Transactions are measured from here. */
  readonly measureFromMs: number
  /** How long terminals wait for an answer. */
  readonly timeoutMs: number
  /** Wall clock at the start of the load, in epoch ms; undefined: not known. */
  readonly wallAtStart: number | undefined
  /** The last instant of which anything is known. */
  readonly endedAt: number
  /** Measured transactions, timely or not. */
  readonly offered: number
  /** Those that were not timely; `left` of them found no place below. */
  readonly untimely: number
  readonly left: number
  readonly transactions: readonly Observed[]
  readonly echoes: readonly EchoSeen[]
  /** Echoes and reversals that were written on known connections. */
  readonly controls: readonly ControlSeen[]
  readonly connects: readonly ConnectSeen[]
  readonly downs: readonly DownSeen[]
  readonly unreadable: readonly UnreadableSeen[]
  readonly answers: readonly AnswerSeen[]
  /** Captured requests of all kinds; empty where there is no capture. */
  readonly tcp: readonly (TcpSeen & { readonly at: number })[]
  /** Measured transactions in a few words. */
  readonly seen: readonly SeenTransaction[]
  /** Answers that came after the terminal had given up. */
  readonly lateAnswers: number
  /** Codes after which a terminal signs on again. */
  readonly signOnCodes: readonly string[]
  /** Codes that say that a terminal is not known or its key is wrong. */
  readonly setupCodes: readonly string[]
  readonly gaps: readonly SilentSpan[]
  readonly bins: Bins
  readonly terminals: ReadonlyMap<string, TerminalSeen>
  readonly unmatched: number
  /** Connections that are kept open. */
  readonly lastingLinks: number
  /** Null: nobody tells of funds, or nobody has said when they are late. */
  readonly funds: {
    readonly withinMs: number
    readonly merchants: ReadonlyMap<string, ObservedFunds>
    readonly contractOf: (merchant: string) => ContractTerms | undefined
    /** When the acquirer held everything back, as it says itself, by merchant; left out: it says nothing. */
    readonly holds?: ReadonlyMap<string, readonly PayoutHold[]>
  } | null
  /** Event-loop delay of this process at the 99th percentile, in ms; null in virtual time. */
  readonly eventLoopP99Ms: number | null
}
