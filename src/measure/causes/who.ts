// Whom the lateness of a run hits, derived once from all that was seen: localities that chance does not explain, and which of
// them explains it, where several say the same.

import { type Deaths, findDeaths } from './deaths.js'
import { findIdleStep, type IdleStep } from './idle.js'
import { findLapse, type Lapse } from './lapse.js'
import { findLocalities, type Locality } from './locality.js'
import { percent } from './numbers.js'
import type { Observations } from './observations.js'
import type { Dimension, Seen } from './seen.js'

export interface Who {
  /** The one that explains most; undefined: everybody is hit alike, or too few to tell. */
  readonly best: Locality | undefined
  readonly idle: IdleStep | undefined
  readonly deaths: Deaths | undefined
  readonly lapse: Lapse | undefined
  /** The locality of that dimension, where it is the best or says the same as the best. */
  of(dimension: Dimension): Locality | undefined
}

/** Of two localities that explain nearly the same, the one whose dimension stands first is taken. */
const nearly = 0.85

export function findWho(observations: Observations): Who {
  const { seen } = observations
  const localities = findLocalities(seen)
  const [likeliest] = localities
  const alike = localities.filter(({ gain }) => gain >= nearly * (likeliest?.gain ?? 0))
  const best = alike.sort((one, other) => rankOf(one) - rankOf(other))[0]
  return {
    best,
    idle: findIdleStep(seen),
    deaths: findDeaths(seen),
    lapse: findLapse(observations),
    of: (dimension) => (best?.dimension === dimension ? best : undefined),
  }
}

const ranks: readonly Dimension[] = ['pin', 'cards', 'kind', 'target', 'merchant', 'connection', 'terminal', 'amount']
const rankOf = ({ dimension }: Locality) => ranks.indexOf(dimension)

/** Values that a sentence lists; of more it says how many. */
const mostListed = 3

/** `62 of 64 late payments had cards 622576…; others 0 of 310`. */
export function whoInWords({ dimension, values, inside, outside }: Locality): string {
  const late = inside.untimely + outside.untimely
  const names = [...values]
  const list =
    names.length <= mostListed
      ? names.join(', ')
      : `${names.slice(0, mostListed).join(', ')} and ${names.length - mostListed} more`
  return `${inside.untimely} of ${late} late transactions had ${words[dimension]} ${list}${dimension === 'cards' ? '…' : ''} (${percent(inside.untimely / inside.offered)} of those; of all others ${outside.untimely} of ${outside.offered})`
}

const words: Readonly<Record<Dimension, string>> = {
  pin: 'messages',
  cards: 'cards',
  kind: 'kind',
  target: 'host',
  merchant: 'merchant',
  amount: 'amounts',
  connection: 'connection',
  terminal: 'terminal',
}

/** Transactions that others were answered beside: while `one` waited, something was heard on other connections. */
export const wereOthersHeard = ({ bins }: Observations, { at, endedAt }: Pick<Seen, 'at' | 'endedAt'>): boolean =>
  bins.sum('decided', at + bins.widthMs, endedAt - bins.widthMs) > 0
