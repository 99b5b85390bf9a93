// The effect of a reversal on the books. Rule: it is acknowledged whether its original was seen or not, undoes once, never gives
// back what a void or a refund gave back before, and an original that arrives after it is not posted.

import type { Decision } from '../posting.js'
import type { BookRules } from './book-rules.js'
import type { Operation } from './operation.js'
import type { Entries, LedgerEntry } from './rows/entries.js'
import type { TerminalRow } from './rows/names.js'
import type { Steps } from './store/store.js'

/** Posts the reversal and returns what is to be answered. Must run inside a transaction. */
export function* postReversal(entries: Entries, { codes }: BookRules, operation: Operation): Steps<Decision> {
  const { decision, approved } = operation
  // A host that does not carry the reversal out has posted nothing, and is asked again.
  if (!approved) return decision
  if (operation.stan === '') return { ...decision, code: codes.formatError }
  const terminal = yield* entries.terminal(operation.terminal, operation.merchant)
  const named = nameOf(operation)
  const entry = yield* entries.find(terminal.id, named.batch, named.stan)
  if (entry === undefined) {
    yield* block(entries, terminal, named, operation)
    return decision
  }
  const first = yield* entries.reversalOf(entry.id)
  if (first !== undefined) {
    const { code, rrn, auth_code: authCode, posted_at: decidedAt } = first
    return { ...decision, code, rrn, authCode, decidedAt }
  }
  // The name was used twice: what is to be undone was refused as a duplicate when it came, if it came.
  if (yield* isOther(entries, entry, operation)) return decision
  yield* undo(entries, entry, operation)
  return decision
}

interface Name {
  readonly batch: string
  readonly stan: string
}

/** The parts that the reversal does not say are its own. */
function nameOf({ named, batch, stan }: Operation): Name {
  return { batch: named?.batch ?? batch, stan: named?.stan ?? stan }
}

function* isOther(entries: Entries, entry: LedgerEntry, { amount, card }: Operation): Steps<boolean> {
  if (entry.state === 'blocked') return false
  if (amount !== undefined && amount !== 0 && amount !== entry.asked) return true
  return card !== undefined && entry.card !== null && (yield* entries.card(card)) !== entry.card
}

function* undo(entries: Entries, entry: LedgerEntry, { replacement, decision, at }: Operation): Steps<void> {
  const stands = Math.max(replacement < entry.amount ? replacement : 0, yield* givenBack(entries, entry))
  const undone = entry.state === 'charged' ? entry.amount - stands : 0
  if (undone > 0)
    yield* entries.setState(entry.id, stands > 0 ? 'charged' : 'reversed', stands > 0 ? stands : entry.amount)
  yield* writeDown(entries, { id: entry.id, merchant: entry.merchant }, undone, decision, at)
}

/** The amount that a void or refunds gave back before: that much has to stand, or the cardholder would get it twice. */
function* givenBack(entries: Entries, { id, amount }: LedgerEntry): Steps<number> {
  return Math.min(amount, (yield* entries.following(id, ['void', 'refund'])).amount)
}

function* block(
  entries: Entries,
  terminal: TerminalRow,
  { batch, stan }: Name,
  { decision, at }: Operation,
): Steps<void> {
  const id = yield* entries.insert({
    ...{ terminal, batch, stan, at, state: 'blocked', asked: 0, amount: 0 },
    ...{ effect: null, kind: null, processing: null, card: null, original: null },
    ...{ code: null, rrn: null, authCode: null, reference: null, cardKind: null },
  })
  if (id !== undefined) yield* writeDown(entries, { id, merchant: terminal.merchant }, 0, decision, at)
}

function* writeDown(
  entries: Entries,
  entry: { readonly id: number; readonly merchant: number },
  amount: number,
  { code, rrn, authCode }: Decision,
  at: number,
): Steps<void> {
  yield* entries.insertReversal({ entry: entry.id, merchant: entry.merchant, amount, code, rrn, authCode, at })
}
