// Whether a transaction may be named by a void, a refund, a capture or a release.

import type { BookRules } from './book-rules.js'
import type { Entries, LedgerEntry } from './rows/entries.js'
import type { EntryEffect } from './rows/new-entry.js'
import type { Steps } from './store/store.js'

/** Which transactions may be named by which. */
const suits: Readonly<Partial<Record<EntryEffect, readonly EntryEffect[]>>> = {
  void: ['charge', 'capture'],
  refund: ['charge', 'capture'],
  capture: ['hold'],
  release: ['hold'],
}

/** The claim of a request on the transaction that it names. */
export interface OriginalClaim {
  readonly effect: EntryEffect
  readonly amount: number
  readonly card: number | null
}

/** The code of a refusal; undefined when the claim is in order. */
export function* judgeOriginal(
  entries: Entries,
  { codes, ledger }: BookRules,
  original: LedgerEntry | undefined,
  claim: OriginalClaim,
): Steps<string | undefined> {
  if (original === undefined || original.effect === null) return codes.originalNotFound
  const isOther = claim.card !== null && original.card !== null && claim.card !== original.card
  const mayBeNamed = suits[claim.effect]?.includes(original.effect) ?? false
  if (original.state !== 'charged' || isOther || !mayBeNamed) return ledger.codes.notInForce
  if ((yield* entries.following(original.id, endings(claim.effect))).count > 0) return ledger.codes.notInForce
  return (yield* fits(entries, original, claim, ledger.mostCaptured)) ? undefined : ledger.codes.amount
}

/** The effects that the original must not have had: a refund may follow another one, nothing else may. */
const endings = (effect: EntryEffect): readonly EntryEffect[] => {
  if (effect === 'refund') return ['void']
  return effect === 'void' ? ['void', 'refund'] : ['capture', 'release']
}

function* fits(
  entries: Entries,
  original: LedgerEntry,
  { effect, amount }: OriginalClaim,
  mostCaptured: number,
): Steps<boolean> {
  switch (effect) {
    case 'refund':
      return amount + (yield* entries.following(original.id, ['refund'])).amount <= original.amount
    case 'capture':
      return amount * 100 <= original.amount * mostCaptured
    default:
      return amount === original.amount
  }
}
