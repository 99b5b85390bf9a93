// First in, first out, in constant time however long it gets: Array.shift moves every element of a long array.

export interface Queue<Item> {
  push(item: Item): void
  shift(): Item | undefined
  first(): Item | undefined
  readonly size: number
}

export function createQueue<Item>(): Queue<Item> {
  let items: (Item | undefined)[] = []
  let head = 0

  return {
    push: (item) => {
      items.push(item)
    },
    shift() {
      if (head === items.length) return undefined
      const item = items[head]
      items[head++] = undefined
      if (head > 1024 && head * 2 > items.length) {
        items = items.slice(head)
        head = 0
      }
      return item
    },
    first: () => items[head],
    get size() {
      return items.length - head
    },
  }
}
