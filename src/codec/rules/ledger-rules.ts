// The part of a dialect's rules that says how a host keeps its books of the messages: data only.

import type { FieldPart, MatchDefinition } from './match-definition.js'

/** The effect of a request in the books of a host. */
export type PostingEffect =
  /** Takes money from the card for the merchant. */
  | 'charge'
  /** Takes a held amount. */
  | 'capture'
  /** Gives money back. */
  | 'refund'
  /** Takes a charge or a capture back, as a whole. */
  | 'void'
  /** Sets an amount aside. */
  | 'hold'
  /** Lets a held amount go. */
  | 'release'
  /** Undoes a request whose answer was in doubt. */
  | 'reverse'
  /** Asks what is left on the account. */
  | 'inquire'
  /** Signs on: the terminal is told its batch. */
  | 'openBatch'
  /** Compares totals. */
  | 'settle'
  /** Sends the records of a batch whose totals did not agree. */
  | 'upload'

/** How the books of a host read the requests that `request` fits; the first rule that fits is used. */
export interface PostingRule {
  readonly request: MatchDefinition
  readonly effect: PostingEffect
  /** The word that the books use: the message's name. */
  readonly kind: string
  /** Where the request says which transaction it names. A refund without these stands alone; nothing else does. */
  readonly original?: OriginalParts
}

/**
 * The parts that name an original: batch and STAN, or reference number and, if present, STAN. Parts of zeros alone
 * count as missing.
 */
export interface OriginalParts {
  readonly batch?: readonly FieldPart[]
  readonly stan?: FieldPart
  readonly reference?: FieldPart
}

/** A sum over the transactions in force. Voids and refunds are credits; `net`: credits less debits, C or D in front. */
export type TotalName =
  | 'debitCount'
  | 'debitAmount'
  | 'creditCount'
  | 'creditAmount'
  | 'debitReversalCount'
  | 'debitReversalAmount'
  | 'creditReversalCount'
  | 'creditReversalAmount'
  | 'net'
  /** `verdicts` of whether the terminal's totals are the host's. */
  | 'verdict'
  /** No effect: a total of transactions that this host never has. */
  | 'none'

export interface LedgerRules {
  readonly postings: readonly PostingRule[]
  /** Codes for what the situations of `codes` do not cover. */
  readonly codes: {
    /** The transaction that is named cannot be named by this one: undone already, of another kind or card. */
    readonly notInForce: string
    /** The amount is not one that the named transaction allows. */
    readonly amount: string
    /** Totals that do not agree; left out: as approved. */
    readonly outOfBalance?: string
  }
  /** A request's field 37 is its own number, and not the one that its answer will give. */
  readonly ownReference: boolean
  /** Per cent of the held amount that a capture may take. */
  readonly mostCaptured: number
  /** Amount of a reversal that stands; zeros or absent: nothing of it. */
  readonly replacement?: FieldPart
  readonly totals: {
    /** Since the last settlement of the terminal, or within its batch. */
    readonly over: 'batch' | 'sinceLast'
    readonly parts: readonly (FieldPart & { readonly total: TotalName; readonly digits: number })[]
    readonly verdicts: { readonly balanced: string; readonly outOfBalance: string }
    /** `always`: the settlement closes the batch whatever the verdict; else only when balanced, or after the upload. */
    readonly closes: 'always' | 'whenBalanced'
    /**
     * MTIs under which a terminal sends its totals, one after the other until the host has answered: the request, its repeat, the
     * advice of what was not answered, its repeats (ISO 8583-1, reconciliation). Left out: as the message says, three times.
     */
    readonly sentAs?: readonly string[]
  }
  /** Records of a batch upload: a number of them, then each. Left out: a request is a record. */
  readonly upload?: {
    readonly records: FieldPart & {
      readonly countDigits: number
      readonly recordDigits: number
      readonly stan: { readonly from: number; readonly to: number }
      readonly amount: { readonly from: number; readonly to: number }
    }
    /** The request that ends the upload has one of these values. */
    readonly end: FieldPart & { readonly values: readonly string[] }
  }
}
