// Was this machine the bottleneck? Then the run measured itself, and must say so on its first line.

/** The generator may be late by this much, in ms, or by this share of the median response time if that is more. */
const tolerableLagMs = 10
const tolerableLagShare = 0.1
/** Event-loop delay at the 99th percentile, in ms, beyond which answers are stamped too late to be believed. */
const tolerableEventLoopDelayMs = 50

export interface GeneratorSigns {
  /** How late arrivals were handed over, in ms; null when there were none. */
  readonly lagP99Ms: number | null
  readonly responseP50Ms: number | null
  readonly eventLoopDelayP99Ms: number | null
  /** Unsent arrivals that back-pressure of the peer does not explain. */
  readonly unsentUnexplained: number
}

/** Every reason to call the generator saturated, as one sentence; undefined when there is none. */
export function saturatedBecause(signs: GeneratorSigns): string | undefined {
  const reasons = [lagReason(signs), delayReason(signs), unsentReason(signs)].filter((reason) => reason !== undefined)
  return reasons.length === 0 ? undefined : reasons.join('; ')
}

function lagReason({ lagP99Ms, responseP50Ms }: GeneratorSigns): string | undefined {
  const limit = Math.max(tolerableLagMs, tolerableLagShare * (responseP50Ms ?? 0))
  if (lagP99Ms === null || lagP99Ms <= limit) return undefined
  return `1 % of the arrivals began more than ${milliseconds(lagP99Ms)} late (limit ${milliseconds(limit)})`
}

function delayReason({ eventLoopDelayP99Ms }: GeneratorSigns): string | undefined {
  if (eventLoopDelayP99Ms === null || eventLoopDelayP99Ms <= tolerableEventLoopDelayMs) return undefined
  const [delay, limit] = [milliseconds(eventLoopDelayP99Ms), milliseconds(tolerableEventLoopDelayMs)]
  return `the event loop kept 1 % of its work waiting for more than ${delay} (limit ${limit})`
}

function unsentReason({ unsentUnexplained }: GeneratorSigns): string | undefined {
  if (unsentUnexplained === 0) return undefined
  const arrivals = unsentUnexplained === 1 ? '1 arrival was' : `${unsentUnexplained} arrivals were`
  return `${arrivals} not sent in time though the peer took what it was sent`
}

const milliseconds = (ms: number) => `${Number(ms.toPrecision(3))} ms`
