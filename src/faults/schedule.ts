// When a fault acts: always, in windows of time, or at instants. Pure functions of the time since the start, in ms.

import type { Selector } from './selector.js'

export interface Schedule {
  /** `always`: no key of time was given. `instants`: `at` without `for`. */
  readonly kind: 'always' | 'windows' | 'instants'
  /** Inside a window; always true, or for instants never. */
  activeAt(ms: number): boolean
  /** How many windows or instants have begun by then. */
  begunBy(ms: number): number
  /** The first beginning or end after `ms`; Infinity when there is none. */
  nextChange(ms: number): number
  /** True when it acts at some time in [fromMs, toMs). `lastsMs`: how long an instant's effect lasts by itself. */
  overlaps(fromMs: number, toMs: number, lastsMs?: number): boolean
}

/** Keys as the schema of options.ts lets them through: `from` or `at`, and `every` no shorter than `for`. */
export function createSchedule({ from, for: length, at, every }: Selector): Schedule {
  const isTimed = from !== undefined || at !== undefined || length !== undefined || every !== undefined
  if (!isTimed) return always
  const start = from ?? at ?? 0
  const period = every ?? Number.POSITIVE_INFINITY
  const isInstants = at !== undefined && length === undefined
  const lasts = isInstants ? 0 : (length ?? Number.POSITIVE_INFINITY)

  const begunBy = (ms: number) => {
    if (!(ms >= start)) return 0
    return Number.isFinite(period) ? Math.floor((ms - start) / period) + 1 : 1
  }
  /** Beginning of occurrence 0, 1, 2 … */
  const beginning = (index: number) => (index === 0 ? start : start + index * period)

  return {
    kind: isInstants ? 'instants' : 'windows',
    begunBy,
    activeAt(ms) {
      const begun = begunBy(ms)
      return begun > 0 && ms < beginning(begun - 1) + lasts
    },
    nextChange(ms) {
      const begun = begunBy(ms)
      const end = begun === 0 ? Number.POSITIVE_INFINITY : beginning(begun - 1) + lasts
      const next = begun === 0 || Number.isFinite(period) ? beginning(begun) : Number.POSITIVE_INFINITY
      return end > ms ? Math.min(end, next) : next
    },
    overlaps(fromMs, toMs, lastsMs = 0) {
      const begunAtEnd = begunBy(toMs) - (beginning(begunBy(toMs) - 1) === toMs ? 1 : 0)
      if (begunAtEnd <= 0) return false
      const last = beginning(begunAtEnd - 1)
      return last >= fromMs || last + Math.max(lasts, lastsMs) > fromMs
    },
  }
}

const always: Schedule = {
  kind: 'always',
  activeAt: () => true,
  begunBy: () => 1,
  nextChange: () => Number.POSITIVE_INFINITY,
  overlaps: () => true,
}
