// Is the line bad now and then, for one connection at a time? Then echoes are late one by one, while those on other connections
// are quick, about as often as payments: how the line fares near a payment tells nothing of that payment.

import { quantile } from './numbers.js'
import type { Observations } from './observations.js'

export interface Sporadic {
  /** Echoes that were late alone, and all that were compared. */
  readonly alone: number
  readonly echoes: number
}

/** A share of the timely time: an echo that takes so much longer than usual is late. */
const lateShare = 0.3
/** Late ones that it takes, on so many connections for each, and their share of all: chance makes fewer. */
const leastAlone = 4
const leastLinksEach = 0.4
const manyLinks = 4
const leastShare = 0.008
/** A share of the share of payments that are late themselves. */
const leastOfPayments = 0.12
/** So many of the others under way must be quick. */
const quickBeside = 0.5
/** New connections that would have shown it, too. */
const tellingConnects = 60

type Probe = Observations['echoes'][number]

/** On another connection; one without a number had its own. */
const isAnother = (each: Probe, one: Probe) => (one.link === undefined ? each !== one : each.link !== one.link)

/** When an echo was last answered on each connection: one that never is again is dead, which is another matter. */
function lastAnswers(echoes: readonly Probe[]): ReadonlyMap<number, number> {
  const last = new Map<number, number>()
  for (const { at, ms, link } of echoes)
    if (link !== undefined && ms !== undefined) last.set(link, Math.max(at, last.get(link) ?? at))
  return last
}

/** Undefined where the line is not like that, or nothing tells. */
export function findSporadic({ echoes, connects, seen, timelyWithinMs }: Observations): Sporadic | undefined {
  const usualMs = quantile(
    echoes.flatMap(({ ms }) => ms ?? []),
    0.3,
  )
  if (usualMs === undefined) return undefined
  const limit = usualMs + lateShare * timelyWithinMs
  const isLate = ({ ms }: { readonly ms: number | undefined }) => ms === undefined || ms > limit
  const answeredAt = lastAnswers(echoes)
  const isOfTheDead = ({ at, ms, link }: Probe) =>
    ms === undefined && link !== undefined && (answeredAt.get(link) ?? at) <= at
  const late = echoes.filter((each) => isLate(each) && !isOfTheDead(each))
  const alone = late.filter((one) => {
    const until = one.at + Math.min(one.ms ?? limit, 2 * limit)
    const beside = echoes.filter((each) => isAnother(each, one) && each.at >= one.at - usualMs && each.at <= until)
    return beside.length >= 2 && beside.filter((each) => !isLate(each)).length >= quickBeside * beside.length
  })
  const links = new Set(alone.map((each) => each.link ?? each)).size
  const enoughLinks = Math.min(manyLinks, leastLinksEach * alone.length)
  if (alone.length < leastAlone || links < enoughLinks || alone.length < late.length / 2) return undefined
  const dialled = connects.filter(({ at, result }) => at >= 0 && result !== 'refused')
  if (dialled.length >= tellingConnects && dialled.every((each) => each.result === 'open' && !isLate(each)))
    return undefined
  const written = seen.filter(({ isAnswered, isSilent }) => isAnswered || isSilent)
  const lateOnes = written.filter(({ at, endedAt, isSilent }) => isSilent || endedAt - at > limit).length
  const share = alone.length / echoes.length
  if (share < leastShare || share < (leastOfPayments * lateOnes) / Math.max(1, written.length)) return undefined
  return { alone: alone.length, echoes: echoes.length }
}
