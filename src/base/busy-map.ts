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
  let map = new Map<Key, Value | undefined>(first)
  let size = map.size

  function* entries(): Iterable<readonly [Key, Value]> {
    for (const [key, value] of map) if (value !== undefined) yield [key, value]
  }
  const sweep = () => {
    map = new Map(entries())
  }

  return {
    get size() {
      return size
    },
    has: (key) => map.get(key) !== undefined,
    get: (key) => map.get(key),
    set(key, value) {
      if (map.get(key) === undefined) {
        // A key that is marked would keep its old place in the order.
        if (map.size > size) map.delete(key)
        size++
      }
      map.set(key, value)
    },
    delete(key) {
      if (map.get(key) === undefined) return false
      map.set(key, undefined)
      size--
      if (map.size > 2 * size + mostMarked) sweep()
      return true
    },
    entries,
    *keys() {
      for (const [key] of entries()) yield key
    },
    *values() {
      for (const [, value] of entries()) yield value
    },
    clear() {
      map = new Map()
      size = 0
    },
  }
}
