// Exchanges that wait to be sent: first in, first out, each with an instant from which on it is not sent any more.

/** Entries that are waiting out of the order of their deadlines are looked through this often at most. */
const sweepEveryMs = 10

export interface WaitingWrite {
  /** Milliseconds of the clock. */
  readonly sendBefore: number
}

export interface SendQueue<Item extends WaitingWrite> {
  readonly size: number
  push(item: Item): void
  /** Ahead of everything that waits. */
  pushFirst(item: Item): void
  shift(): Item | undefined
  /** When takeExpired() should be called next; Infinity when nothing waits. */
  nextDeadline(): number
  /** Removes and returns the entries whose time has passed, in the order of the queue. */
  takeExpired(now: number): Item[]
  /** Removes and returns all. */
  clear(): Item[]
}

/** At most one sweep per `sweepEveryMs`; in the usual case, deadlines in the order of arrival, it ends at once. */
export function createSendQueue<Item extends WaitingWrite>(): SendQueue<Item> {
  return new DeadlineQueue()
}

class DeadlineQueue<Item extends WaitingWrite> implements SendQueue<Item> {
  #items: Item[] = []
  #head = 0
  #inOrder = true
  #earliest = Number.POSITIVE_INFINITY

  get size(): number {
    return this.#items.length - this.#head
  }

  push(item: Item): void {
    const last = this.#items[this.#items.length - 1]
    if (this.size > 0 && last !== undefined && item.sendBefore < last.sendBefore) this.#inOrder = false
    this.#items.push(item)
    this.#earliest = Math.min(this.#earliest, item.sendBefore)
  }

  pushFirst(item: Item): void {
    const next = this.#items[this.#head]
    if (next !== undefined && item.sendBefore > next.sendBefore) this.#inOrder = false
    if (this.#head > 0) this.#items[--this.#head] = item
    else this.#items.unshift(item)
    this.#earliest = Math.min(this.#earliest, item.sendBefore)
  }

  shift(): Item | undefined {
    if (this.size === 0) return undefined
    const item = this.#items[this.#head++] as Item
    if (this.size === 0) this.clear()
    else if (this.#head >= 1024 && 2 * this.#head >= this.#items.length) this.#dropShifted()
    return item
  }

  nextDeadline(): number {
    return this.#earliest
  }

  takeExpired(now: number): Item[] {
    if (this.#earliest > now) return []
    if (!this.#inOrder) return this.#sweep(now)
    const upTo = this.#firstUnexpired(now)
    const expired = this.#items.slice(this.#head, upTo)
    this.#head = upTo
    if (this.size === 0) this.clear()
    else this.#earliest = (this.#items[upTo] as Item).sendBefore
    return expired
  }

  clear(): Item[] {
    this.#dropShifted()
    const all = this.#items
    this.#items = []
    this.#inOrder = true
    this.#earliest = Number.POSITIVE_INFINITY
    return all
  }

  #dropShifted(): void {
    if (this.#head > 0) this.#items = this.#items.slice(this.#head)
    this.#head = 0
  }

  #firstUnexpired(now: number): number {
    let index = this.#head
    while (index < this.#items.length && (this.#items[index] as Item).sendBefore <= now) index++
    return index
  }

  #sweep(now: number): Item[] {
    const waiting = this.clear()
    const expired = waiting.filter((item) => item.sendBefore <= now)
    const items = waiting.filter((item) => item.sendBefore > now)
    this.#items = items
    this.#inOrder = items.every(
      (item, index) => index === 0 || item.sendBefore >= (items[index - 1] as Item).sendBefore,
    )
    for (const item of items) this.#earliest = Math.min(this.#earliest, item.sendBefore)
    this.#earliest = Math.max(this.#earliest, now + sweepEveryMs)
    return expired
  }
}
