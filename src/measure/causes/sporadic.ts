// Is the line bad now and then, for one connection at a time? Then echoes are late one by one, while those on other connections
// are quick, about as often as payments: how the line fares near a payment tells nothing of that payment.

import { quantile } from './numbers.js'
import type { Observations } from './observations.js'

export interface Sporadic {
  /** Echoes that were late alone, and all that were compared. */
  readonly alone: number
  readonly echoes: number
}

/** Of the time that is timely: an echo that takes so much longer than usual is late. */
const lateShare = 0.3
/** Late ones that it takes, on so many connections for each, and their share of all: chance makes fewer. */
const leastAlone = 4
const leastLinksEach = 0.4
const leastShare = 0.008
/** Of the share of payments that are late themselves. */
const leastOfPayments = 0.12
/** Of the others under way: so many must be quick. */
const quickBeside = 0.7
/** New connections that would have shown it, too. */
const tellingConnects = 60

/** Undefined where the line is not like that, or nothing tells. */
export function findSporadic({ echoes, connects, seen, timelyWithinMs }: Observations): Sporadic | undefined {
  const usualMs = quantile(
    echoes.flatMap(({ ms }) => ms ?? []),
    0.3,
  )
  if (usualMs === undefined) return undefined
  const limit = usualMs + lateShare * timelyWithinMs
  const isLate = ({ ms }: { readonly ms: number | undefined }) => ms === undefined || ms > limit
  const late = echoes.filter(isLate)
  const alone = late.filter((one) => {
    const until = one.at + Math.min(one.ms ?? limit, 2 * limit)
    const beside = echoes.filter(({ at, link }) => link !== one.link && at >= one.at - usualMs && at <= until)
    return beside.length >= 2 && beside.filter((each) => !isLate(each)).length >= quickBeside * beside.length
  })
  const links = new Set(alone.map(({ link }) => link)).size
  if (alone.length < leastAlone || links < leastLinksEach * alone.length || alone.length < late.length / 2)
    return undefined
  const dialled = connects.filter(({ at, result }) => at >= 0 && result !== 'refused')
  if (dialled.length >= tellingConnects && dialled.every((each) => each.result === 'open' && !isLate(each)))
    return undefined
  const written = seen.filter(({ isAnswered, isSilent }) => isAnswered || isSilent)
  const lateOnes = written.filter(({ at, endedAt, isSilent }) => isSilent || endedAt - at > limit).length
  const share = alone.length / echoes.length
  if (share < leastShare || share < (leastOfPayments * lateOnes) / Math.max(1, written.length)) return undefined
  return { alone: alone.length, echoes: echoes.length }
}
