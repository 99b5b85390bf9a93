// Is the line bad now and then, for one connection at a time? Then echoes, or new connections, are late one by one, while others
// are quick, about as often as payments: how the line fares near a payment tells nothing of that payment.

import { itemsBetween, quantile } from './numbers.js'
import type { ConnectSeen, EchoSeen, Observations } from './observations.js'
import { isOwnLag } from './own-lag.js'

export interface Sporadic {
  readonly of: 'echoes' | 'connects'
  /** Those that were late alone, and all that were compared. */
  readonly alone: number
  readonly all: number
  /** The share of the payments that were late themselves. */
  readonly ofPayments: number
  /** When the first of them began, and the last one ended. */
  readonly from: number
  readonly to: number
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

/** Without `ms` it never came back; one without a `link` had its own. */
type Probe = Pick<EchoSeen, 'at' | 'ms' | 'link'>

const isAnother = (each: Probe, one: Probe) => (one.link === undefined ? each !== one : each.link !== one.link)

/** When an echo was last answered on each connection: one that never is again is dead, which is another matter. */
function lastAnswers(echoes: readonly Probe[]): ReadonlyMap<number, number> {
  const last = new Map<number, number>()
  for (const { at, ms, link } of echoes)
    if (link !== undefined && ms !== undefined) last.set(link, Math.max(at, last.get(link) ?? at))
  return last
}

/** Undefined where the line is not like that, or nothing tells. */
export function findSporadic(observations: Observations): Sporadic | undefined {
  const { echoes, connects } = observations
  const dialled = connects.filter(({ at, result }) => at > 0 && (result === 'open' || result === 'timeout'))
  const ofDialled = lateAlone(dialled.map(newConnection), observations)
  if (ofDialled?.isFound === true) return { of: 'connects', ...ofDialled }
  if (ofDialled !== undefined && ofDialled.late === 0 && dialled.length >= tellingConnects) return undefined
  const answeredAt = lastAnswers(echoes)
  const isOfTheDead = ({ at, ms, link }: Probe) =>
    ms === undefined && link !== undefined && (answeredAt.get(link) ?? at) <= at
  const ofEchoes = lateAlone(echoes, observations, isOfTheDead)
  return ofEchoes?.isFound === true ? { of: 'echoes', ...ofEchoes } : undefined
}

const newConnection = ({ at, ms, result }: ConnectSeen): Probe => ({
  ...{ at, link: undefined },
  ms: result === 'open' ? ms : undefined,
})

interface LateAlone extends Omit<Sporadic, 'of'> {
  readonly late: number
  readonly isFound: boolean
}

/** Undefined where no probe came back. `isLeftOut`: it tells nothing. */
function lateAlone(
  probes: readonly Probe[],
  { seen, bins, timelyWithinMs }: Observations,
  isLeftOut: (probe: Probe) => boolean = () => false,
): LateAlone | undefined {
  const usualMs = quantile(
    probes.flatMap(({ ms }) => ms ?? []),
    0.3,
  )
  if (usualMs === undefined) return undefined
  const limit = usualMs + lateShare * timelyWithinMs
  const isLate = ({ ms }: Probe) => ms === undefined || ms > limit
  const isOurs = ({ at, ms = limit }: Probe) => isOwnLag(bins, at, at + ms)
  const late = probes.filter((each) => isLate(each) && !isLeftOut(each) && !isOurs(each))
  const alone = late.filter((one) => {
    const until = one.at + Math.min(one.ms ?? limit, 2 * limit)
    const beside = itemsBetween(probes, one.at - usualMs, until).filter((each) => isAnother(each, one))
    return beside.length >= 2 && beside.filter((each) => !isLate(each)).length >= quickBeside * beside.length
  })
  const links = new Set(alone.map((each) => each.link ?? each)).size
  const written = seen.filter(({ isAnswered, isSilent }) => isAnswered || isSilent)
  const lateOnes = written.filter(({ at, endedAt, isSilent }) => isSilent || endedAt - at > limit).length
  const ofPayments = lateOnes / Math.max(1, written.length)
  const isFound =
    alone.length >= leastAlone &&
    links >= Math.min(manyLinks, leastLinksEach * alone.length) &&
    alone.length >= late.length / 2 &&
    alone.length >= leastShare * probes.length &&
    alone.length >= leastOfPayments * ofPayments * probes.length
  const to = alone.reduce((last, { at, ms = limit }) => Math.max(last, at + ms), 0)
  const span = { from: alone[0]?.at ?? 0, to }
  return { alone: alone.length, all: probes.length, late: late.length, ofPayments, isFound, ...span }
}
