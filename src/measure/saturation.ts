// Was this machine the bottleneck? Then the run measured itself, and must say so on its first line, with what may have been the reason.

import type { Effort } from '../base/process/effort.js'
import { agreeing, counted } from '../base/text/counted.js'

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
  /** Left out where nobody watched it. */
  readonly effort?: Effort | undefined
  /** Writes that a peer did not take at once; left out: none. */
  readonly backPressure?: number
  /** Arrivals were late in the first seconds alone. */
  readonly isLateAtStartOnly?: boolean
}

/** Cores, a part of the time without a processor, and one in collections, from which on they may be the reason. */
const manyCores = 0.9
const longWait = 0.05
const muchGc = 0.1
/** A single collection that is longer than this, in ms, is a reason of its own. */
const longGcMs = 50

/** Every reason to call the generator saturated, as one sentence; undefined when there is none. */
export function saturatedBecause(signs: GeneratorSigns): string | undefined {
  const reasons = [lagReason(signs), delayReason(signs), unsentReason(signs)].filter((reason) => reason !== undefined)
  return reasons.length === 0 ? undefined : [...reasons, ...suspects(signs)].join('; ')
}

/** The things that may have been the reason: cold code, garbage, processor, peer. */
function suspects({ effort, backPressure = 0, isLateAtStartOnly = false }: GeneratorSigns): readonly string[] {
  const found: string[] = []
  if (isLateAtStartOnly) found.push('only the first 2 s were late: cold code, so give a warm-up')
  if (effort !== undefined) {
    const { cores, gc, waitShare = 0 } = effort
    if (cores >= manyCores) found.push(`the process took ${cores.toFixed(2)} cores`)
    if (waitShare >= longWait)
      found.push(`other processes kept the processor from it for ${percent(waitShare)} of the time`)
    if (gc.share >= muchGc || gc.longestMs >= longGcMs)
      found.push(
        `collecting garbage stopped it for ${percent(gc.share)} of the time, ${milliseconds(gc.longestMs)} at the longest`,
      )
  }
  if (backPressure > 0)
    found.push(`${counted(backPressure, 'write')} filled a connection, which its peer did not empty in time`)
  return found
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

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
  const arrivals = `${counted(unsentUnexplained, 'arrival')} ${agreeing(unsentUnexplained, 'was', 'were')}`
  return `${arrivals} not sent in time though the peer took what it was sent`
}

const milliseconds = (ms: number) => `${Number(ms.toPrecision(3))} ms`
