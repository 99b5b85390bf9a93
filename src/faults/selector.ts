// Which messages and connections a fault hits: by content, by count, by chance, by time. Data and pure decisions.

import { z } from 'zod'
import type { Random } from '../base/random.js'
import { duration, percent } from '../base/unit-schemas.js'
import { cardOrCards } from '../codec/checks/card-condition.js'
import { compileMatch, matchValuePattern } from '../codec/checks/match.js'
import type { Peek } from '../codec/codec.js'

const matchValue = z.string().meta({ pattern: matchValuePattern })
const ordinal = z.int().min(1).max(1_000_000_000)

/** Keys of a scenario's fault beside `name`, `on` and the fault itself. Times count from the start of the load. */
export const selectorShape = {
  direction: z
    .enum(['request', 'answer'])
    .optional()
    .describe('towards the host, or back; left out: both for line faults, as the fault says for message faults'),
  share: percent('1%').optional().describe('share of the messages, or of the connections for a line fault'),
  match: z
    .record(
      z.string().meta({ pattern: '^(?:mti|terminal|card|[1-9]\\d{0,2})$' }),
      z.union([matchValue, z.array(matchValue).min(1)]),
    )
    .meta({ properties: { card: cardOrCards } })
    .optional()
    .describe(
      'messages only: mti, field numbers, terminal: a value, "prefix*", "from..to", or a list of these; card: a brand or an outcome that `isochron cards` lists',
    ),
  first: ordinal.optional().describe('only so many matches, the first ones'),
  nth: z
    .union([ordinal, z.array(ordinal).min(1).max(1000)])
    .optional()
    .describe('only these matches, counted from 1'),
  from: duration('30s').optional().describe('from this time on'),
  for: duration('10s').optional().describe('for so long'),
  at: duration('30s').optional().describe('at this instant; with `for` the same as `from`'),
  every: duration('20s').optional().describe('repeated: the time from one beginning to the next'),
}

/** As read: shares of 1, milliseconds. */
export interface Selector {
  readonly direction?: 'request' | 'answer' | undefined
  readonly share?: number | undefined
  readonly match?: Readonly<Record<string, string | readonly string[]>> | undefined
  readonly first?: number | undefined
  readonly nth?: number | readonly number[] | undefined
  readonly from?: number | undefined
  readonly for?: number | undefined
  readonly at?: number | undefined
  readonly every?: number | undefined
}

/** The keys that count and throw dice. Kept for the life of a fault: `first` and `nth` count over all connections. */
export interface Selection {
  /** Asked once for every candidate: a connection, or a message that matches. */
  takes(dice: Random): boolean
}

export function createSelection({ share = 1, first, nth }: Selector): Selection {
  const wanted = nth === undefined ? undefined : new Set(typeof nth === 'number' ? [nth] : nth)
  const last = Math.min(first ?? Number.POSITIVE_INFINITY, wanted === undefined ? Infinity : Math.max(...wanted))
  let candidates = 0

  return {
    takes(dice) {
      if (candidates >= last) return false
      candidates++
      if (wanted !== undefined && !wanted.has(candidates)) return false
      return share >= 1 || dice.chance(share)
    },
  }
}

/** `terminal` is data element 41. Throws UsageError for a key or a value of another form. */
export function compileSelectorMatch(match: Selector['match']): ((message: Peek) => boolean) | undefined {
  if (match === undefined) return undefined
  const entries = Object.entries(match).map(([key, value]) => [key === 'terminal' ? '41' : key, value] as const)
  return compileMatch(Object.fromEntries(entries))
}
