// Test cards as a file that `terminals.cards` reads, and that another system's issuer can be set up by.

import { writeFileSync } from 'node:fs'
import type { CardBrand } from '../../base/cards/brands.js'
import type { CardOutcome } from '../../base/cards/outcomes.js'
import { UsageError } from '../../base/errors.js'
import { createRandom } from '../../base/random.js'
import { reasonOf } from '../../base/text/system-words.js'
import { makeCards } from '../../terminal/requests/card-deck.js'

export interface CardsToWrite {
  readonly brand: CardBrand
  readonly count: number
  readonly outcome: CardOutcome | undefined
  readonly isChip: boolean
  readonly seed: number
}

/** Columns pan, expiry, track2 and sequence; readable by its owner alone. Throws UsageError where it cannot be written. */
export function writeTestCards(file: string, { brand, count, outcome, isChip, seed }: CardsToWrite): void {
  const set = { brand: brand.name, lengths: brand.lengths }
  const cards = makeCards(count, { set, outcome, isChip }, createRandom(seed))
  const rows = cards.map(({ pan, expiry, track2, sequence }) => [pan, expiry, track2, sequence].join(','))
  try {
    writeFileSync(file, `${['pan,expiry,track2,sequence', ...rows].join('\n')}\n`, { mode: 0o600, flag: 'wx' })
  } catch (cause) {
    throw new UsageError(`cannot be written (${reasonOf(cause)})`, { where: `${file}:`, cause })
  }
}
