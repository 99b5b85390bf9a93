// A request as the ledger sees it: everything it needs of the message, read out while the message's bytes are there.

import { amountField, bareAmount } from '../../codec/amount.js'
import { createPostingFinder } from '../../codec/checks/posting-finder.js'
import { createSameTexts } from '../../codec/checks/same-texts.js'
import type { Peek } from '../../codec/codec.js'
import type { Dialect, FieldPart, LedgerRules, OriginalParts, PostingRule } from '../../codec/dialect.js'
import { traceDigits } from '../../codec/trace-number.js'
import type { CardDigest } from '../../crypto/card/card-digest.js'
import type { Decision } from '../posting.js'
import { readTotals, type StatedTotals } from './totals.js'
import { readUpload, type Upload } from './upload.js'

/** The transaction that a request names, as far as it does. */
export interface Named {
  readonly batch: string | undefined
  readonly stan: string | undefined
  readonly reference: string | undefined
}

export interface Operation {
  readonly effect: PostingRule['effect']
  readonly kind: string
  /** DE41, without padding. */
  readonly terminal: string
  /** DE42, without padding. */
  readonly merchant: string
  readonly batch: string
  readonly stan: string
  /** DE3, or ''. */
  readonly processing: string
  /** DE4; undefined where the request has none. */
  readonly amount: number | undefined
  /** Null: no kind of the acquirer's fits. */
  readonly cardKind: string | null
  /** Keyed hash; undefined where the request shows no card. */
  readonly card: Uint8Array | undefined
  /** The reference by which others will name it: the request's DE37, or the one that its answer gives. */
  readonly reference: string
  readonly named: Named | undefined
  /** The part of the amount that is to stand after a reversal. */
  readonly replacement: number
  readonly totals: StatedTotals | undefined
  readonly upload: Upload | undefined
  /** The answer that is given if the books have nothing against it. */
  readonly decision: Decision
  readonly approved: boolean
  /** Epoch ms. */
  readonly at: number
}

/** Undefined for a request that the books do not care about. */
export type OperationReader = (request: Peek, decision: Decision, at: number) => Operation | undefined

/** The kind of card of a request, or null. */
export type CardKindOf = (request: Peek) => string | null

/** Throws UsageError for a posting rule that cannot be read. */
export function createOperationReader(
  dialect: Dialect,
  ledger: LedgerRules,
  { digest, cardKindOf }: { readonly digest: CardDigest; readonly cardKindOf: CardKindOf },
): OperationReader {
  const { batchOf = [], approved } = dialect.rules
  const approvals = new Set([...approved, dialect.rules.codes.approved])
  const find = createPostingFinder(ledger.postings)
  const batchIn = remembered(batchOf)

  return (request, decision, at) => {
    const rule = find(request)
    if (rule === undefined) return undefined
    const { effect, kind } = rule
    const pan = cardOf(request)
    return {
      effect,
      kind,
      terminal: trimmed(request, 41),
      merchant: trimmed(request, 42),
      batch: batchIn(request) ?? '',
      stan: traceDigits(request.text(11) ?? ''),
      processing: request.text(3) ?? '',
      amount: digitsToNumber(amountOf(request)),
      cardKind: cardKindOf(request),
      card: pan === undefined ? undefined : digest(pan),
      reference: (ledger.ownReference ? request.text(37) : undefined) ?? decision.rrn,
      named: rule.original && namedBy(request, rule.original),
      replacement: (ledger.replacement && digitsToNumber(partText(request, ledger.replacement))) ?? 0,
      totals: effect === 'settle' ? readTotals(request, ledger.totals) : undefined,
      upload: effect === 'upload' ? readUpload(request, ledger.upload) : undefined,
      decision,
      approved: approvals.has(decision.code),
      at,
    }
  }
}

/** Field 2, or what stands in front of the separator of track 2 (ISO 7813). */
function cardOf(request: Peek): string | undefined {
  return request.text(2) ?? /^\d+/.exec(request.text(35) ?? '')?.[0]
}

function trimmed(request: Peek, field: number): string {
  const text = request.text(field) ?? ''
  const last = text.charCodeAt(text.length - 1)
  // Most ids fill their field, with ASCII.
  return last > lastBlank && last < firstBeyond ? text : text.trimEnd()
}

/** The letters and digits of ASCII stand between them. */
const lastBlank = 32
const firstBeyond = 127

function amountOf(request: Peek): string | undefined {
  const text = request.text(amountField)
  return text === undefined ? undefined : bareAmount(text)
}

/** Digits to a number; undefined for what is none. Data element 4 has twelve digits at most, which are exact. */
export function digitsToNumber(text: string | undefined): number | undefined {
  if (text === undefined || text.length === 0 || text.length > 15) return undefined
  let number = 0
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48
    if (digit < 0 || digit > 9) return undefined
    number = number * 10 + digit
  }
  return number
}

/** The text of a part; undefined when the field is missing or too short for it. */
export function partText(request: Peek, { field, from = 0, to }: FieldPart): string | undefined {
  const text = request.text(field)
  if (text === undefined || text.length < (to ?? from + 1)) return undefined
  return text.slice(from, to)
}

/** Undefined unless every part is there. */
function joined(request: Peek, parts: readonly FieldPart[]): string | undefined {
  let text = ''
  for (const each of parts) {
    const piece = partText(request, each)
    if (piece === undefined) return undefined
    text += piece
  }
  return text
}

/** As `joined`, of parts that stay the same from one request to the next as a rule: then no text is made. */
function remembered(parts: readonly FieldPart[]): (request: Peek) => string | undefined {
  const saysTheSame = createSameTexts(
    parts.map(({ field }) => field),
    (field, request: Peek) => request.text(field),
  )
  let last: string | undefined
  return (request) => {
    if (!saysTheSame(request)) last = joined(request, parts)
    return last
  }
}

function namedBy(request: Peek, parts: OriginalParts): Named {
  const batch = parts.batch && joined(request, parts.batch)
  const stan = parts.stan && partText(request, parts.stan)
  return {
    batch,
    stan: stan === undefined || /^0*$/.test(stan) ? undefined : traceDigits(stan),
    reference: parts.reference && partText(request, parts.reference),
  }
}
