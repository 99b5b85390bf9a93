// First in, first out, in constant time however long it gets: Array.shift moves every element of a long array.

export interface Queue<Item> {
  push(item: Item): void
  shift(): Item | undefined
  first(): Item | undefined
  /** The first ones, at most `most`, which leave the queue. */
  take(most: number): readonly Item[]
  readonly size: number
}

export function createQueue<Item>(): Queue<Item> {
  return new ArrayQueue()
}

class ArrayQueue<Item> implements Queue<Item> {
  #items = noItems<Item>()
  #head = 1

  get size(): number {
    return this.#items.length - this.#head
  }

  push(item: Item): void {
    this.#items.push(item)
  }

  shift(): Item | undefined {
    if (this.#head === this.#items.length) return undefined
    const item = this.#items[this.#head]
    this.#items[this.#head++] = undefined
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }

  first(): Item | undefined {
    return this.#items[this.#head]
  }

  take(most: number): readonly Item[] {
    if (this.#head === 1 && this.size <= most) {
      const all = this.#items.slice(1) as Item[]
      this.#items = noItems()
      return all
    }
    const taken: Item[] = []
    while (taken.length < most && this.size > 0) taken.push(this.shift() as Item)
    return taken
  }
}

/**
 * None, and a place before the first: V8 takes an array without anything in it for one of small numbers, and code that is compiled
 * for one of objects ends at it.
 */
const noItems = <Item>(): (Item | undefined)[] => [undefined]
