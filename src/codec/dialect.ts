// The form of a dialect: data only, in the standard's own notation. A variant is a spread of another dialect.
//
// Formats are written as the standard writes them: 'n 6' is six digits, 'n..19' is up to 19 after a two-digit length,
// 'ans...999' is up to 999 after a three-digit length. One difference: 'b' counts bytes, where the standard counts bits.

import type { CardOutcome } from '../base/cards/outcomes.js'
import type { DataCheckRules } from './rules/data-check-rules.js'
import type { LedgerRules } from './rules/ledger-rules.js'
import type { FieldPart, MatchDefinition } from './rules/match-definition.js'
import type { SecurityRules } from './rules/security-rules.js'

export type { DataCheckRules } from './rules/data-check-rules.js'
export type { LedgerRules, OriginalParts, PostingRule } from './rules/ledger-rules.js'
export type { FieldPart, MatchDefinition } from './rules/match-definition.js'

/** Attributes of ISO 8583-1 §4.3.1: letters, digits, special characters, bits, track data, sign and digits. */
export type Kind = 'a' | 'n' | 's' | 'an' | 'as' | 'ns' | 'ans' | 'anp' | 'b' | 'z' | 'x+n'

export type Format =
  | `${Kind} ${number}`
  | `${Kind}.${number}`
  | `${Kind}..${number}`
  | `${Kind}...${number}`
  | `${Kind}....${number}`
  | `${Kind}.....${number}`
  | `${Kind}......${number}`

/** How a value's characters or bytes become bytes on the wire. `hex` and `ebcdic-hex` write each byte as two digits. */
export type DataEncoding =
  | 'ascii'
  | 'latin1'
  | 'gbk'
  | 'ebcdic037'
  | 'ebcdic500'
  | 'ebcdic1047'
  | 'bcd'
  | 'binary'
  | 'hex'
  | 'ebcdic-hex'

/** `hex`: digits of base 16 in ASCII upper case. */
export type PrefixEncoding = 'ascii' | 'bcd' | 'ebcdic037' | 'ebcdic500' | 'ebcdic1047' | 'binary' | 'hex'

export interface LengthPrefix {
  readonly encoding: PrefixEncoding
  /** Digits of the number; for `binary`, bytes. Default: the format's dots; for `binary`, a byte for each two of them. */
  readonly size: number
  /**
   * The unit that the number counts: units of the value (digits, characters, bytes of GBK text and of binary), bytes on
   * the wire,
   * or twice those. Default units.
   */
  readonly counts: 'units' | 'bytes' | 'nibbles'
  /** The number includes the prefix's own bytes. Default false. */
  readonly inclusive: boolean
}

/** Where the spare half byte of an odd number of BCD digits stands, and what it holds. */
export interface OddDigit {
  /** `left` aligned digits leave the spare half byte at the end. */
  readonly align: 'left' | 'right'
  readonly fill: '0' | 'F'
}

/**
 * The padding of fixed-width values. Defaults: digits left with 0, text right with a space, others none. Packed digits:
 * 0 only.
 */
export interface Padding {
  readonly side: 'left' | 'right' | 'none'
  /** One character; for binary, two hex digits. */
  readonly with: string
  /** Text only: a value that is longer than the field loses its end, and is not refused. */
  readonly cut?: true
}

/**
 * Masks of everything that is shown: first six and last four digits, everything, the values inside, or nothing but the
 * card numbers, tracks and keys that are found in it. Left out: free text and bytes that could hold a card number are
 * hidden, digits and short texts are searched. 'none' declares a field of free text to be safe.
 */
export type Mask = 'none' | 'pan' | 'all' | 'tlv'

/**
 * A part of a value: an MTI, a date or time (or zeros), C or D, 12 digits of an amount, 6 of a batch number, or digits and
 * characters of any kind.
 */
export type LayoutPart =
  | 'mti'
  | 'MMDD'
  | 'MMDDhhmmss'
  | 'YYMMDDhhmmss'
  | 'sign'
  | 'amount'
  | 'batch'
  | `n ${number}`
  | `an ${number}`

export interface FieldDefinition {
  readonly name: string
  readonly format: Format
  readonly data?: DataEncoding
  readonly prefix?: Partial<LengthPrefix>
  readonly odd?: OddDigit
  readonly pad?: Padding
  readonly mask?: Mask
  /**
   * The parts of the value, in its order, as often as they are repeated; trailing parts may be missing. For masks
   * alone: a
   * value of these parts is shown, and no stretch of it is taken for a card number by chance. Any other value is
   * hidden.
   */
  readonly layout?: readonly LayoutPart[]
  readonly inside?: Inside
  /** A fixed-width field whose body is always `format` wide although a prefix says how much of it counts. */
  readonly filled?: boolean
  /** Hex. The value has no prefix and ends before these bytes, which belong to the field. */
  readonly terminator?: string
  /** The value has no prefix and takes every byte that is left in the message or in the field around it. */
  readonly rest?: true
  /** The zone half of the last EBCDIC digit carries the sign: '-0123' is F0 F1 F2 D3. */
  readonly sign?: 'zone'
}

/**
 * The content inside a field. Every family keeps what it does not know, so that bytes come back unchanged.
 * Inside text, subfields are text in the same encoding by default. Inside packed digits they are the digits as ASCII
 * characters ('n 2' is two of them). Inside bytes they have the dialect's own encodings.
 * Trailing positional subfields may be missing. A tag's format gives its kind and its largest length.
 * Tags of `tlv`: characters in ASCII and EBCDIC, digits in BCD, else bytes shown as upper-case hex.
 */
export type Inside =
  | {
      readonly kind: 'positional'
      /** A subfield that is missing in front of one that is not is written as padding, and not refused. */
      readonly fills?: true
      /** Bytes in front of the first field: the key `header` of the value, as hex. */
      readonly header?: number
      readonly fields: Readonly<Record<string, FieldDefinition>>
    }
  | {
      readonly kind: 'bitmap'
      /** Bytes in front of the bitmap: the key `header` of the value, as hex. */
      readonly header?: number
      readonly bitmap: BitmapDefinition
      readonly fields: Readonly<Record<string, FieldDefinition>>
    }
  | { readonly kind: 'ber-tlv'; readonly sort?: TagSort }
  /**
   * ISO 8583-1:2003 and 2023: datasets by their identifiers in upper-case hex; 01 to 70 hold BER-TLV, 71 to FE the elements of
   * `fields` behind a bitmap.
   */
  | { readonly kind: 'datasets'; readonly fields?: Readonly<Record<string, FieldDefinition>> }
  | {
      readonly kind: 'tlv'
      readonly tag: { readonly encoding: PrefixEncoding | 'hex'; readonly size: number }
      readonly length: LengthPrefix
      readonly sort?: TagSort
      /** Length before tag; the length then counts the tag too. */
      readonly lengthFirst?: true
      /** May stand before the first tag, told by a first byte that no digit of a tag has: key '0' of the value. */
      readonly leading?: FieldDefinition
      /** The subfields by tag. A prefix declared here is used for this tag instead of `length`. */
      readonly fields?: Readonly<Record<string, FieldDefinition>>
    }

/** The order of tags that are given in none: by their whole numbers, or by the numbers that they are in hex. */
export type TagSort = 'number' | 'hex'

export interface BitmapDefinition {
  readonly encoding: 'binary' | 'hex' | 'ebcdic-hex'
  /** Bytes of one part. */
  readonly bytes: 8 | 16 | 24 | number
  /**
   * `byNeed`: a set first bit says that another part follows, as far as there are fields for it. `fixed`: always `bytes`
   * long; where no field 1 (65) is defined its bit says whether fields beyond 64 (128) are present, and is not relied on.
   * `always`: every part is written, needed or not; as many are read as the first bits say.
   */
  readonly extends: 'byNeed' | 'always' | 'fixed'
  /** `byNeed`, `always`: most parts, 2 when left out. With 3, bit 65 says that a third part follows and is no field. */
  readonly parts?: 1 | 2 | 3
  /** The field that holds a third bitmap, where that stands among the fields: 65 in jPOS. It announces fields from 129 on. */
  readonly thirdIn?: number
}

/** Defaults of the dialect; a field overrides its own. */
export interface Encodings {
  readonly mti: DataEncoding
  readonly bitmap: BitmapDefinition
  readonly length: PrefixEncoding
  /** Kinds n and x+n. */
  readonly digits: DataEncoding
  /** Kind z. */
  readonly track: DataEncoding
  /** Kinds of characters. */
  readonly text: DataEncoding
  /** Kind b. */
  readonly bytes: DataEncoding
  readonly oddFixed: OddDigit
  readonly oddVariable: OddDigit
}

/** The bytes between the length prefix and the MTI. Hex; the length of `header` is the header's length. */
export interface MessageEnvelope {
  readonly tpdu?: string
  readonly header?: string
  /** `base1` (22 bytes, Visa's BASE I) or `cups` (46, China UnionPay online): length and addresses are made for each message. */
  readonly headerForm?: 'base1' | 'cups'
  /** An answer carries the request's TPDU with its two addresses changed over. */
  readonly swapTpdu?: boolean
  /** After the last field: hex. */
  readonly trailer?: string
}

/** How an acquirer answers the requests that `request` fits; the first rule that fits is used. */
export interface AnswerRule {
  readonly request: MatchDefinition
  readonly echoed: readonly number[]
  /**
   * Field to text with placeholders such as {code} {rrn} {local:hhmmss} {authCode} {balance} {batch} {workingKeys}; a field
   * whose text comes out empty is left out.
   */
  readonly set: Readonly<Record<string, string>>
  /** Set in addition when the answer approves. */
  readonly setWhenApproved?: Readonly<Record<string, string>>
}

/**
 * A message to send: text with placeholders such as {stan} {amount} {card.pan} {utc:MMDDhhmmss} {terminal}.
 * {original.NN} is field NN of an earlier request of the terminal, {original.stan} and others what became of it; a field
 * that such a gap leaves empty is left out.
 */
export interface MessageDefinition {
  readonly about?: string | undefined
  readonly mti: string
  readonly fields: Readonly<Record<string, MessageValue>>
  /** Left out: a request of class 1 or 2 that has an amount is reversed when in doubt; nothing else is. */
  readonly money?: MoneyRule
}

/** The effect of a message on money. */
export interface MoneyRule {
  /**
   * Messages, by name or by what they are in the ledger's rules, of which it names one that was approved before on the same
   * terminal, each of them at most once.
   */
  readonly names?: readonly string[]
  /**
   * The action of a terminal that cannot know whether the host carried it out: it sends the message named `reversal`,
   * or
   * the same again until it is acknowledged, or nothing. Repeats have this MTI; left out: the same.
   */
  readonly inDoubt:
    | { readonly do: 'reverse'; readonly reversal: string }
    | { readonly do: 'repeat'; readonly repeatMti?: string }
    | { readonly do: 'nothing' }
}

/** How a host tells a terminal that money was paid to its merchant, and how the terminal says that it has heard. */
export interface PayoutAdviceRule {
  /** The name in `messages` of what the host sends: {payout.amount} {payout.date} (MMDD) {payout.transactions}. */
  readonly message: string
  /** How the terminal knows it. */
  readonly request: MatchDefinition
  /** {payout.transactions}: for each one its batch, as `batchOf` has it, and its STAN, without separators. */
  readonly transactions: FieldPart & {
    readonly batchDigits: number
    readonly stanDigits: number
    readonly most: number
  }
  readonly answer: Pick<AnswerRule, 'echoed' | 'set'>
}
/** A list of tags stands under the key `order` alone, as in a message. */
export type MessageValue = string | readonly string[] | { readonly [field: string]: MessageValue }

/** Response codes by what is wrong; a code that stands in none says nothing of the kind. */
export interface CodeClasses {
  readonly dataError: readonly string[]
  readonly setup: readonly string[]
  readonly down: readonly string[]
}

/** The rules beside the table of fields: how messages of this dialect belong together and what its codes mean. */
export interface DialectRules {
  /** Fields that an answer carries back, as far as both sides have them; version and class of the MTI always count. */
  readonly matchBy: readonly number[]
  /** Fields that must equal the request's in a usable answer, beside matchBy; `whenApproved`: only in an approval. */
  readonly mustEqual: readonly { readonly field: number; readonly whenApproved?: boolean }[]
  readonly responseCode: number
  readonly approved: readonly string[]
  /** The approvals of a lower amount than was asked for: data element 4 of the answer is charged. */
  readonly partial?: readonly string[]
  /** Answers that decide nothing: the transaction may be tried again. They are never timely. */
  readonly retry: readonly string[]
  /**
   * The kinds of trouble that codes name, for a diagnosis: wrong data, wrong set-up of the terminal, a host that is
   * down.
   */
  readonly codeClasses?: CodeClasses
  /** The code for each situation that a simulated acquirer can be in. */
  readonly codes: {
    readonly approved: string
    readonly formatError: string
    readonly notSupported: string
    readonly macError: string
    readonly duplicate: string
    readonly originalNotFound: string
    readonly issuerDown: string
    readonly malfunction: string
  }
  readonly meanings?: Readonly<Record<string, string>>
  /** The codes of an issuer that refuses a card, for the test cards of card sets. */
  readonly cardOutcomes?: Readonly<Partial<Record<CardOutcome, string>>>
  readonly answers: readonly AnswerRule[]
  /** Names in `messages`; left out where the dialect has no such message. */
  readonly signOn?: string
  readonly echo?: string
  readonly reversal: '0400' | '0420'
  /** The values of {reason} in a reversal: no answer in time, a wrong MAC, an answer that cannot be used. */
  readonly reversalReasons?: { readonly timeout: string; readonly badMac: string; readonly unusable: string }
  /** Within what a terminal's STAN names one transaction: the texts of these parts of a request, joined. */
  readonly batchOf?: readonly FieldPart[]
  /** Digits of a sign-on's answer that are the terminal's batch from then on. */
  readonly batchFromSignOn?: FieldPart
  readonly payoutAdvice?: PayoutAdviceRule
  /** Left out: a host of this dialect takes data as they come. */
  readonly dataChecks?: DataCheckRules
  /** Left out: a host of this dialect keeps no books. */
  readonly ledger?: LedgerRules
  /** Left out: nothing is protected. */
  readonly security?: SecurityRules
  /** ISO 4217 numeric code that {currency} means. */
  readonly currency: string
}

export interface Dialect {
  readonly name: string
  readonly about: string
  /** A name of src/framing. */
  readonly framing: string
  readonly envelope: MessageEnvelope
  /** `xml`: messages are text of jPOS's XMLPackager, and `encodings` say nothing. Left out: MTI, bitmap, fields. */
  readonly form?: 'xml'
  readonly encodings: Encodings
  readonly fields: Readonly<Record<string, FieldDefinition>>
  readonly rules: DialectRules
  readonly messages: Readonly<Record<string, MessageDefinition>>
  /**
   * The lacks of an imported spec: usual messages that it cannot carry, and fields that stay empty, with the reason.
   */
  readonly lacks?: Readonly<Record<string, string>>
}

/** Checks the types and returns the same object: a dialect is data. */
export function defineDialect(dialect: Dialect): Dialect {
  return dialect
}

/** One line of a dialect's table. */
export function field(
  name: string,
  format: Format,
  options: Omit<FieldDefinition, 'name' | 'format'> = {},
): FieldDefinition {
  return { name, format, ...options }
}
