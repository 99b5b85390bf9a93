// The class of a terminal's message in the books of a host, by the rules by which a host reads it: a sale by chip, and a sale
// under any other name, is a sale.

import type { Matchable } from '../../codec/checks/match.js'
import { createPostingFinder } from '../../codec/checks/posting-finder.js'
import type { DialectRules, PostingRule } from '../../codec/dialect.js'
import type { BookRow } from '../../measure/money/books.js'

export type PostingClass = Pick<PostingRule, 'kind' | 'effect'>

/** Undefined for what is in no books. The first rule that fits, as a host takes it. */
export function postingOf({ ledger }: Pick<DialectRules, 'ledger'>, message: Matchable): PostingClass | undefined {
  return ledger && createPostingFinder(ledger.postings)(message)
}

/** Rows under the words of the books: a host's totals are of kinds, and not of a terminal's messages. */
export function* inKinds(
  rows: Iterable<BookRow>,
  plan: (name: string) => { readonly posting: PostingClass | undefined } | undefined,
): Iterable<BookRow> {
  const kinds = new Map<string, string>()
  for (const row of rows) {
    // A journal may have rows of a message that there is no more.
    const kind = kinds.get(row.kind) ?? plan(row.kind)?.posting?.kind ?? row.kind
    kinds.set(row.kind, kind)
    yield kind === row.kind ? row : { ...row, kind }
  }
}
