// Whom the lateness of a run hits, derived once from all that was seen: localities that chance does not explain, and which of
// them explains it, where several say the same.

import { counted } from '../../base/text/counted.js'
import { type Deaths, findDeaths } from './deaths.js'
import { findIdleStep, type IdleStep } from './idle.js'
import { findLapse, type ServiceLapse } from './lapse.js'
import { findLocalities, type Locality } from './locality.js'
import { percentWords } from './numbers.js'
import type { Observations } from './observations.js'
import type { SeenTransaction, Trait } from './seen.js'

export interface Who {
  /** The one that explains most; undefined: everybody is hit alike, or too few to tell. */
  readonly best: Locality | undefined
  readonly idle: IdleStep | undefined
  readonly deaths: Deaths | undefined
  readonly lapse: ServiceLapse | undefined
  /** The locality of that trait, where it is the best or says the same as the best. */
  of(trait: Trait): Locality | undefined
}

/** The trait that stands first wins between two localities that explain nearly the same. */
const nearly = 0.85

export function findWho(observations: Observations): Who {
  const { seen } = observations
  const localities = findLocalities(seen)
  const [likeliest] = localities
  const alike = localities.filter(({ gain }) => gain >= nearly * (likeliest?.gain ?? 0))
  const best = alike.sort((one, other) => rankOf(one) - rankOf(other))[0]
  return {
    best,
    idle: findIdleStep(observations),
    deaths: findDeaths(observations),
    lapse: findLapse(observations),
    of: (trait) => (best?.trait === trait ? best : undefined),
  }
}

const ranks: readonly Trait[] = [
  'pin',
  'cards',
  'kind',
  'target',
  'merchant',
  'model',
  'connection',
  'terminal',
  'amount',
]
const rankOf = ({ trait }: Locality) => ranks.indexOf(trait)

/** Values that a sentence lists; of more it says how many. */
const mostListed = 3

/** `62 of 64 late payments had cards 622576…; others 0 of 310`. */
export function whoInWords({ trait, values, inside, outside }: Locality): string {
  const late = inside.untimely + outside.untimely
  const names = [...values]
  const list =
    names.length <= mostListed
      ? names.join(', ')
      : `${names.slice(0, mostListed).join(', ')} and ${names.length - mostListed} more`
  return `${inside.untimely} of ${counted(late, 'late transaction')} had ${words[trait]} ${list}${trait === 'cards' ? '…' : ''} (${percentWords(inside.untimely / inside.offered)} of those; of all others ${outside.untimely} of ${outside.offered})`
}

const words: Readonly<Record<Trait, string>> = {
  pin: 'messages',
  cards: 'cards',
  kind: 'kind',
  target: 'host',
  merchant: 'merchant',
  amount: 'amounts',
  connection: 'connection',
  terminal: 'terminal',
  model: 'terminal model',
}

/** Transactions that others were answered beside: while `one` waited, something was heard on other connections. */
export const wereOthersHeard = (
  { bins }: Observations,
  { at, endedAt }: Pick<SeenTransaction, 'at' | 'endedAt'>,
): boolean => bins.sum('decided', at + bins.widthMs, endedAt - bins.widthMs) > 0
