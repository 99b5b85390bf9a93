// A map whose entries come and go thousands of times a second, and are few at any time.
//
// V8 links each table that a Map has outgrown to the next one. With entries that come and go it outgrows one every few
// operations, and the first that gets old keeps all later ones, and whatever they hold, from dying young: collecting
// them stops the thread for milliseconds. So nothing is removed here: a key is marked, and now and then a fresh Map begins.

export interface BusyMap<Key extends string | number, Value> {
  readonly size: number
  has(key: Key): boolean
  get(key: Key): Value | undefined
  set(key: Key, value: Value): void
  /** As set, of a key that is not there. */
  add(key: Key, value: Value): void
  /** Removes and returns its value; undefined: it was not there. */
  take(key: Key): Value | undefined
  /** False when it was not there. */
  delete(key: Key): boolean
  /** In the order in which they were added. Must not be changed meanwhile. */
  entries(): Iterable<readonly [Key, Value]>
  keys(): Iterable<Key>
  values(): Iterable<Value>
  clear(): void
}

/** Marked keys that a Map may have more than entries: a fresh one costs little for each, and few of them get old. */
const mostMarked = 64

/** Values must not be undefined: that is the mark. */
export function createBusyMap<Key extends string | number, Value>(
  first: Iterable<readonly [Key, Value]> = [],
): BusyMap<Key, Value> {
  return new MarkedMap(first)
}

class MarkedMap<Key extends string | number, Value> implements BusyMap<Key, Value> {
  size: number
  #map: Map<Key, Value | undefined>

  constructor(first: Iterable<readonly [Key, Value]>) {
    this.#map = new Map(first)
    this.size = this.#map.size
  }

  has(key: Key): boolean {
    return this.#map.get(key) !== undefined
  }

  get(key: Key): Value | undefined {
    return this.#map.get(key)
  }

  set(key: Key, value: Value): void {
    if (this.#map.get(key) === undefined) this.add(key, value)
    else this.#map.set(key, value)
  }

  add(key: Key, value: Value): void {
    const { size } = this.#map
    this.#map.set(key, value)
    this.size++
    if (this.#map.size > size) return
    // A key that was marked has kept its old place in the order.
    this.#map.delete(key)
    this.#map.set(key, value)
  }

  take(key: Key): Value | undefined {
    const value = this.#map.get(key)
    if (value === undefined) return undefined
    this.#map.set(key, undefined)
    this.size--
    if (this.#map.size > 2 * this.size + mostMarked) this.#begin()
    return value
  }

  delete(key: Key): boolean {
    return this.take(key) !== undefined
  }

  #begin(): void {
    const fresh = new Map<Key, Value | undefined>()
    this.#map.forEach((value, key) => {
      if (value !== undefined) fresh.set(key, value)
    })
    this.#map = fresh
  }

  *entries(): Iterable<readonly [Key, Value]> {
    for (const [key, value] of this.#map) if (value !== undefined) yield [key, value]
  }

  *keys(): Iterable<Key> {
    for (const [key] of this.entries()) yield key
  }

  *values(): Iterable<Value> {
    for (const [, value] of this.entries()) yield value
  }

  clear(): void {
    if (this.#map.size > 0) this.#map = new Map()
    this.size = 0
  }
}
