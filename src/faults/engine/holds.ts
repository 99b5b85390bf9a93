// Which faults have hold of one connection: the dice are thrown once for each window of a fault, and for each of its
// instants while the connection is open.

import type { ChainEntry } from '../chain.js'

interface Hold {
  /** The window or instant in which it was drawn. */
  readonly occurrence: number
  readonly hit: boolean
  isCounted: boolean
}

export class Holds {
  readonly #connection: number
  readonly #holds = new WeakMap<ChainEntry, Hold>()

  constructor(connection: number) {
    this.#connection = connection
  }

  /** Whether this line fault acts on the connection now. */
  isHit(entry: ChainEntry, now: number): boolean {
    if (entry.isInstant) return this.#ofInstant(entry, now).hit
    if (!entry.isActive(now)) return false
    const occurrence = entry.occurrence(now)
    const known = this.#holds.get(entry)
    return (known !== undefined && known.occurrence === occurrence ? known : this.#draw(entry, occurrence, true)).hit
  }

  /** True once for each hold: a connection counts once, in whatever ways it is hit. */
  isFirstTime(entry: ChainEntry): boolean {
    const hold = this.#holds.get(entry)
    if (hold?.isCounted !== false) return false
    hold.isCounted = true
    return true
  }

  /** An instant before the connection was there does not concern it; one that hit it lasts as long as it does. */
  #ofInstant(entry: ChainEntry, now: number): Hold {
    const occurrence = entry.occurrence(now)
    const known = this.#holds.get(entry)
    if (known !== undefined && (known.hit || occurrence === known.occurrence)) return known
    return this.#draw(entry, occurrence, known !== undefined)
  }

  #draw(entry: ChainEntry, occurrence: number, isCandidate: boolean): Hold {
    const hold = { occurrence, hit: isCandidate && entry.takesConnection(this.#connection), isCounted: false }
    this.#holds.set(entry, hold)
    return hold
  }
}
