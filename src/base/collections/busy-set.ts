// A set whose members come and go thousands of times a second, and are few at any time.
//
// For the reason that busy-map.ts gives: V8 links each table that a Set has outgrown to the next one, so that the first that
// gets old keeps all that was in the later ones. Now and then a fresh Set begins, which no old table knows.

export interface BusySet<Item> extends Iterable<Item> {
  readonly size: number
  has(item: Item): boolean
  add(item: Item): void
  /** False when it was not there. */
  delete(item: Item): boolean
  clear(): void
}

/** Members that may have gone before a fresh Set begins, over twice those that are there: it costs little for each. */
const mostGone = 64

/** In the order in which they were added; must not be changed while it is gone through. */
export function createBusySet<Item>(): BusySet<Item> {
  return new RenewedSet()
}

class RenewedSet<Item> implements BusySet<Item> {
  #set = new Set<Item>()
  #gone = 0

  get size(): number {
    return this.#set.size
  }

  has(item: Item): boolean {
    return this.#set.has(item)
  }

  add(item: Item): void {
    this.#set.add(item)
  }

  delete(item: Item): boolean {
    if (!this.#set.delete(item)) return false
    if (++this.#gone > 2 * this.#set.size + mostGone) this.#begin(this.#set)
    return true
  }

  clear(): void {
    this.#begin([])
  }

  [Symbol.iterator](): Iterator<Item> {
    return this.#set[Symbol.iterator]()
  }

  #begin(members: Iterable<Item>): void {
    this.#set = new Set(members)
    this.#gone = 0
  }
}
