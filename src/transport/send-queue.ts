// Exchanges that wait to be sent: first in, first out, each with an instant from which on it is not sent any more.

/** Entries that are waiting out of the order of their deadlines are looked through this often at most. */
const sweepEveryMs = 10

export interface Waiting {
  /** Milliseconds of the clock. */
  readonly sendBefore: number
}

export interface SendQueue<Item extends Waiting> {
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
export function createSendQueue<Item extends Waiting>(): SendQueue<Item> {
  let items: Item[] = []
  let head = 0
  let inOrder = true
  let earliest = Number.POSITIVE_INFINITY

  const clear = () => {
    const all = head === 0 ? items : items.slice(head)
    items = []
    head = 0
    inOrder = true
    earliest = Number.POSITIVE_INFINITY
    return all
  }

  const firstUnexpired = (now: number): number => {
    let index = head
    while (index < items.length && (items[index] as Item).sendBefore <= now) index++
    return index
  }

  const sweep = (now: number): Item[] => {
    const waiting = clear()
    const expired = waiting.filter((item) => item.sendBefore <= now)
    items = waiting.filter((item) => item.sendBefore > now)
    inOrder = items.every((item, index) => index === 0 || item.sendBefore >= (items[index - 1] as Item).sendBefore)
    for (const item of items) earliest = Math.min(earliest, item.sendBefore)
    earliest = Math.max(earliest, now + sweepEveryMs)
    return expired
  }

  return {
    get size() {
      return items.length - head
    },
    push(item) {
      const last = items[items.length - 1]
      if (items.length > head && last !== undefined && item.sendBefore < last.sendBefore) inOrder = false
      items.push(item)
      earliest = Math.min(earliest, item.sendBefore)
    },
    pushFirst(item) {
      const next = items[head]
      if (next !== undefined && item.sendBefore > next.sendBefore) inOrder = false
      if (head > 0) items[--head] = item
      else items.unshift(item)
      earliest = Math.min(earliest, item.sendBefore)
    },
    shift() {
      if (head === items.length) return undefined
      const item = items[head++] as Item
      if (head === items.length) clear()
      else if (head >= 1024 && 2 * head >= items.length) [items, head] = [items.slice(head), 0]
      return item
    },
    nextDeadline: () => earliest,
    takeExpired(now) {
      if (earliest > now) return []
      if (!inOrder) return sweep(now)
      const upTo = firstUnexpired(now)
      const expired = items.slice(head, upTo)
      head = upTo
      if (head === items.length) clear()
      else earliest = (items[head] as Item).sendBefore
      return expired
    },
    clear,
  }
}
