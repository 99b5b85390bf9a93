// The effect on the books of a request that moves money. Rule: terminal, merchant, batch and STAN name a transaction;
// a request whose name is taken gets the first answer again, and nothing is posted twice.

import { amountText } from '../../codec/amount.js'
import type { Decision } from '../posting.js'
import type { BookRules } from './book-rules.js'
import type { Operation } from './operation.js'
import { judgeOriginal } from './originals.js'
import type { Entries, LedgerEntry } from './rows/entries.js'
import type { TerminalRow } from './rows/names.js'
import type { EntryEffect, EntryState, NewEntry } from './rows/new-entry.js'
import type { Steps } from './store/store.js'

/** Operations of these effects have an entry. */
export type MoneyOperation = Operation & { readonly effect: EntryEffect }

/** Posts the operation and returns what is to be answered. Must run inside a transaction. */
export function* postMoney(entries: Entries, rules: BookRules, operation: MoneyOperation): Steps<Decision> {
  const { codes } = rules
  if (operation.stan === '') return { ...operation.decision, code: codes.formatError }
  const terminal = yield* entries.terminal(operation.terminal, operation.merchant)
  const card = operation.card === undefined ? null : yield* entries.card(operation.card)
  const found = yield* findNamed(entries, terminal, operation)
  if (!namesOne(operation, found)) {
    const { decision } = operation
    const entry = plainEntry(operation, terminal, card)
    return (yield* entries.insert(entry)) === undefined ? yield* again(entries, rules, entry, decision) : decision
  }
  const known = yield* entries.find(terminal.id, operation.batch, operation.stan)
  const amount = operation.amount ?? found?.amount ?? 0
  const { decision: asked } = operation
  const original = found?.id ?? null
  // A transaction that undoes or completes another has its fee.
  const cardKind = found?.card_kind ?? operation.cardKind
  const plain = entryOf(
    { ...operation, cardKind },
    { terminal, card, decision: asked, state: 'declined', original, amount },
  )
  if (known !== undefined) return yield* again(entries, rules, plain, operation.decision)
  const code = operation.approved
    ? yield* judgeOriginal(entries, rules, found, { effect: operation.effect, amount, card })
    : undefined
  const decision = code === undefined ? operation.decision : { ...operation.decision, code }
  const state = operation.approved && code === undefined ? 'charged' : 'declined'
  yield* entries.insert({ ...plain, state, code: decision.code })
  return decision
}

/** It names no other transaction: what it needs of the books is a free name. */
export const isPlain = ({ effect, named, stan }: Operation): boolean =>
  (effect === 'charge' || effect === 'hold') && named === undefined && stan !== ''

export type PlainPosting = (operations: readonly MoneyOperation[]) => Steps<readonly Decision[]>

/** As postMoney, one after another, of operations that are plain; new ones are written together. */
export function preparePlain(entries: Entries, rules: BookRules): PlainPosting {
  // Used again for each group: one is posted at a time.
  const terminals: TerminalRow[] = []
  const cards: (number | null)[] = []
  const entry = new PlainEntry()

  return function* (operations) {
    for (let index = 0; index < operations.length; index++) {
      const { terminal, merchant, card } = operations[index] as MoneyOperation
      terminals[index] = entries.knownTerminal(terminal, merchant) ?? (yield* entries.terminal(terminal, merchant))
      cards[index] = card === undefined ? null : (entries.knownCard(card) ?? (yield* entries.card(card)))
    }
    const entryAt = (at: number) =>
      entry.of(operations[at] as MoneyOperation, terminals[at] as TerminalRow, cards[at] as number | null)
    const decisions = operations.map(({ decision }) => decision)
    for (const { at } of yield* entries.insertAll(operations.length, entryAt))
      decisions[at] = yield* again(entries, rules, entryAt(at), decisions[at] as Decision)
    return decisions
  }
}

function plainEntry(operation: MoneyOperation, terminal: TerminalRow, card: number | null): NewEntry {
  return new PlainEntry().of(operation, terminal, card)
}

/** The entry of an operation that names no other; to be used again for the next one. */
class PlainEntry implements NewEntry {
  terminal: TerminalRow = { id: 0, merchant: 0 }
  batch = ''
  stan = ''
  effect: NewEntry['effect'] = null
  kind: string | null = null
  state: EntryState = 'declined'
  processing: string | null = null
  asked = 0
  amount = 0
  card: number | null = null
  readonly original = null
  code: string | null = null
  rrn: string | null = null
  authCode: string | null = null
  reference: string | null = null
  at = 0
  cardKind: string | null = null

  of(operation: MoneyOperation, terminal: TerminalRow, card: number | null): this {
    const { decision, amount = 0 } = operation
    this.terminal = terminal
    this.batch = operation.batch
    this.stan = operation.stan
    this.effect = operation.effect
    this.kind = operation.kind
    this.state = operation.approved ? 'charged' : 'declined'
    this.processing = operation.processing
    this.asked = amount
    this.amount = decision.amount === undefined ? amount : Number(decision.amount)
    this.card = card
    this.code = decision.code
    this.rrn = decision.rrn
    this.authCode = decision.authCode
    this.reference = operation.reference
    this.at = operation.at
    this.cardKind = operation.cardKind
    return this
  }
}

/**
 * A void, a capture and a release always name a transaction. A refund does with a trace number, or with a reference number
 * that is known here: where terminals give reference numbers, an unknown one is the refund's own.
 */
function namesOne({ effect, named }: MoneyOperation, found: LedgerEntry | undefined): boolean {
  if (effect !== 'refund') return effect === 'void' || effect === 'capture' || effect === 'release'
  return named?.stan !== undefined || found !== undefined
}

function* findNamed(entries: Entries, terminal: TerminalRow, { named }: Operation): Steps<LedgerEntry | undefined> {
  if (named === undefined) return undefined
  const { batch, stan, reference } = named
  if (batch !== undefined && stan !== undefined) return yield* entries.find(terminal.id, batch, stan)
  if (reference !== undefined) return yield* entries.findByReference(terminal.id, reference, stan)
  return stan === undefined ? undefined : yield* entries.findLast(terminal.id, stan)
}

/** The name is taken: by the reversal that overtook this request, by this request itself, or by another. */
function* again(entries: Entries, { codes, partial }: BookRules, entry: NewEntry, decision: Decision): Steps<Decision> {
  const first = yield* entries.find(entry.terminal.id, entry.batch, entry.stan)
  if (first === undefined) throw new Error('an entry was refused although its name is free')
  if (first.state === 'blocked') {
    yield* entries.fill(first.id, { ...entry, state: 'reversed', code: codes.duplicate })
    return { ...decision, code: codes.duplicate }
  }
  const isSame = first.processing === entry.processing && first.asked === entry.asked && first.card === entry.card
  // A transaction that was undone meanwhile must not be told again that it was approved.
  if (!isSame || first.state === 'reversed') return { ...decision, code: codes.duplicate }
  const { code, rrn, auth_code: authCode, posted_at: decidedAt } = first
  const isPart = code !== null && partial.includes(code) && first.amount < first.asked
  const amount = isPart ? amountText(first.amount) : undefined
  return { ...decision, code: code ?? decision.code, rrn: rrn ?? '', authCode: authCode ?? '', amount, decidedAt }
}

function entryOf(
  operation: MoneyOperation,
  more: {
    readonly terminal: TerminalRow
    readonly card: number | null
    readonly decision: Decision
    readonly state: EntryState
    readonly original: number | null
    /** That was asked for. */
    readonly amount: number
  },
): NewEntry {
  const { code, rrn, authCode, amount } = more.decision
  // Written out: one object for each posting, and no copies of copies.
  return {
    terminal: more.terminal,
    batch: operation.batch,
    stan: operation.stan,
    effect: operation.effect,
    kind: operation.kind,
    state: more.state,
    processing: operation.processing,
    asked: more.amount,
    amount: amount === undefined ? more.amount : Number(amount),
    card: more.card,
    original: more.original,
    code,
    rrn,
    authCode,
    reference: operation.reference,
    at: operation.at,
    cardKind: operation.cardKind,
  }
}
