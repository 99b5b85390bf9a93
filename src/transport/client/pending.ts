// Exchanges in flight on one connection: matched by key, timed out in the order of their deadlines. Pure: time is handed in.
//
// Rule: a repeated key is refused, never overwritten. Deadlines stand in one list per timeout, so that each list is in
// order by itself and a single timer for the earliest head is enough.

import { createBusyMap } from '../../base/collections/busy-map.js'
import type { MatchKey } from '../wire/match-key.js'

/** Timed-out keys that are remembered, so that a late answer is told from one that fits nothing: minutes of bad luck. */
export const maxTombstones = 10_000

/** Keys that are looked through for an answer that lacks some of them: bounds the work that one odd answer can cause. */
export const maxScan = 1024

/** Pending keys that an explanation compares: enough to name the field, cheap enough for a peer that sends nonsense. */
const maxCompared = 128

/** Lists that are kept while nothing waits in them: more timeouts than a scenario names. */
const mostEmptyLists = 8

const never = Number.POSITIVE_INFINITY

export interface Keyed {
  readonly key: string
}

/** An exchange's place among the pending ones. */
export interface PendingEntry<Item extends Keyed> {
  readonly item: Item
  /** The request lacks fields of the key. */
  readonly partial: boolean
  /** It is pending no more. */
  isGone: boolean
  deadline: number
  list: DeadlineList<Item> | undefined
  before: PendingEntry<Item> | undefined
  after: PendingEntry<Item> | undefined
}

interface DeadlineList<Item extends Keyed> {
  readonly timeoutMs: number
  head: PendingEntry<Item> | undefined
  tail: PendingEntry<Item> | undefined
}

export interface Pending<Item extends Keyed> {
  readonly size: number
  has(key: string): boolean
  /** The key must be free (see has). Its time runs only from start(). */
  add(item: Item): PendingEntry<Item>
  /** The request has left: it times out `timeoutMs` after `now`. */
  start(entry: PendingEntry<Item>, now: number, timeoutMs: number): void
  /** Removes and returns what this answer belongs to: its equal, or the only one that fits what the answer carries. */
  take(answerKey: string): Item | undefined
  /** Whether an exchange that fits has timed out. Forgets it. */
  wasTimedOut(answerKey: string): boolean
  /** Infinity when nothing runs. */
  nextDeadline(): number
  /** Removes and returns one whose deadline has come; undefined when there is none. */
  expire(now: number): Item | undefined
  /** Removes all, in the order in which they were added, and forgets the timed-out ones. */
  clear(): PendingEntry<Item>[]
  /** Why an answer with this key belongs to nothing, in words. */
  explain(answerKey: string): string
}

export function createPending<Item extends Keyed>(matchKey: MatchKey): Pending<Item> {
  return new PendingTable<Item>(matchKey)
}

class PendingTable<Item extends Keyed> implements Pending<Item> {
  readonly #matchKey: MatchKey
  readonly #entries = createBusyMap<string, PendingEntry<Item>>()
  readonly #lists = new Map<number, DeadlineList<Item>>()
  readonly #tombstones = new Set<string>()
  /** Pending requests that lack fields of the key. */
  #partial = 0

  constructor(matchKey: MatchKey) {
    this.#matchKey = matchKey
  }

  get size(): number {
    return this.#entries.size
  }

  has(key: string): boolean {
    return this.#entries.has(key)
  }

  add(item: Item): PendingEntry<Item> {
    const partial = this.#matchKey.isPartial(item.key)
    const entry: PendingEntry<Item> = {
      item,
      partial,
      isGone: false,
      deadline: never,
      list: undefined,
      before: undefined,
      after: undefined,
    }
    this.#entries.add(item.key, entry)
    if (partial) this.#partial++
    return entry
  }

  start(entry: PendingEntry<Item>, now: number, timeoutMs: number): void {
    if (entry.isGone) return
    let list = this.#lists.get(timeoutMs)
    if (list === undefined) {
      list = { timeoutMs, head: undefined, tail: undefined }
      this.#lists.set(timeoutMs, list)
    }
    entry.deadline = now + timeoutMs
    entry.list = list
    entry.before = list.tail
    if (list.tail === undefined) list.head = entry
    else list.tail.after = entry
    list.tail = entry
  }

  take(answerKey: string): Item | undefined {
    const equal = this.#entries.take(answerKey)
    if (equal !== undefined) this.#forget(equal)
    return equal?.item ?? this.#takeOnlyFit(answerKey)
  }

  wasTimedOut(answerKey: string): boolean {
    if (this.#tombstones.delete(answerKey)) return true
    if (!this.#matchKey.isPartial(answerKey)) return false
    let looked = 0
    for (const key of this.#tombstones) {
      if (++looked > maxScan) return false
      if (this.#matchKey.fits(key, answerKey)) return this.#tombstones.delete(key)
    }
    return false
  }

  nextDeadline(): number {
    let next = never
    for (const { head } of this.#lists.values()) if (head !== undefined) next = Math.min(next, head.deadline)
    return next
  }

  expire(now: number): Item | undefined {
    for (const { head } of this.#lists.values()) {
      if (head === undefined || head.deadline > now) continue
      this.#remove(head)
      this.#bury(head.item.key)
      return head.item
    }
    return undefined
  }

  clear(): PendingEntry<Item>[] {
    const entries = [...this.#entries.values()]
    for (const entry of entries) entry.isGone = true
    this.#entries.clear()
    this.#lists.clear()
    this.#tombstones.clear()
    this.#partial = 0
    return entries
  }

  explain(answerKey: string): string {
    const answer = `answer with ${this.#matchKey.describe(answerKey)}`
    const nearest = this.#nearest(answerKey)
    if (nearest === undefined) return `${answer}: no exchange is in flight on this connection`
    const fields = this.#matchKey.differences(nearest, answerKey)
    const why =
      fields.length === 0
        ? 'more than one fits (with one in flight on a connection, --in-flight 1, only one does)'
        : `${fields.join(' and ')} differ${fields.length > 1 ? '' : 's'}`
    return `${answer}: nearest in flight has ${this.#matchKey.describe(nearest)}; there ${why}`
  }

  #takeOnlyFit(answerKey: string): Item | undefined {
    const entry = this.#onlyFit(answerKey)
    if (entry === undefined) return undefined
    this.#remove(entry)
    return entry.item
  }

  /** A full key fits only its equal, unless a pending request lacks fields itself. */
  #onlyFit(answerKey: string): PendingEntry<Item> | undefined {
    if (this.#entries.size > maxScan) return undefined
    if (this.#partial === 0 && !this.#matchKey.isPartial(answerKey)) return undefined
    let found: PendingEntry<Item> | undefined
    for (const entry of this.#entries.values()) {
      if (!this.#matchKey.fits(entry.item.key, answerKey)) continue
      if (found !== undefined) return undefined
      found = entry
    }
    return found
  }

  #nearest(answerKey: string): string | undefined {
    let nearest: string | undefined
    let best = -1
    let looked = 0
    for (const key of this.#entries.keys()) {
      if (++looked > maxCompared) break
      const likeness = this.#matchKey.likeness(key, answerKey)
      if (likeness > best) [nearest, best] = [key, likeness]
    }
    return nearest
  }

  #remove(entry: PendingEntry<Item>): void {
    this.#entries.delete(entry.item.key)
    this.#forget(entry)
  }

  /** The entries have it no more. */
  #forget(entry: PendingEntry<Item>): void {
    entry.isGone = true
    if (entry.partial) this.#partial--
    const { list, before, after } = entry
    if (list === undefined) return
    if (before === undefined) list.head = after
    else before.after = after
    if (after === undefined) list.tail = before
    else after.before = before
    entry.list = undefined
    // An old entry that still points to younger ones keeps them from dying young, and collecting them takes milliseconds.
    entry.before = undefined
    entry.after = undefined
    if (list.head === undefined && this.#lists.size > mostEmptyLists) this.#lists.delete(list.timeoutMs)
  }

  #bury(key: string): void {
    this.#tombstones.add(key)
    if (this.#tombstones.size <= maxTombstones) return
    for (const oldest of this.#tombstones) {
      this.#tombstones.delete(oldest)
      return
    }
  }
}
