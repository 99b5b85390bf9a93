// A list of bounded length that covers a run of any length: when it is full every second entry goes, and from then on only
// every second, fourth … comes in.

/** Entries of one list: more than a run of minutes has, some megabytes for a run of days. */
export const maxThinned = 20_000

export interface Thinned<Item> {
  readonly items: readonly Item[]
  push(item: Item): void
}

export function createThinned<Item>(limit = maxThinned): Thinned<Item> {
  let items: Item[] = []
  let stride = 1
  let seen = 0
  return {
    get items() {
      return items
    },
    push(item) {
      if (seen++ % stride !== 0) return
      items.push(item)
      if (items.length < limit) return
      items = items.filter((_, index) => index % 2 === 0)
      stride *= 2
      seen = 0
    },
  }
}
