// Several queues as one: who is of the first rank goes first, and within a rank whoever came first.

import { createQueue, type Queue } from './queue.js'

export interface RankedQueue<Item> {
  /** Rank 0 is the first; one that there is not is the last. */
  push(item: Item, rank: number): void
  shift(): Item | undefined
  /** Items of this rank. */
  sizeOf(rank: number): number
  readonly size: number
}

/** The cost of an operation grows with the number of ranks, never with the number of items. */
export function createRankedQueue<Item>(ranks: number): RankedQueue<Item> {
  const lines = Array.from({ length: Math.max(1, ranks) }, () => createQueue<Item>())
  const lineOf = (rank: number) => (lines[rank] ?? lines.at(-1)) as Queue<Item>
  let size = 0

  return {
    push(item, rank) {
      lineOf(rank).push(item)
      size++
    },
    shift() {
      if (size === 0) return undefined
      size--
      return lines.find((line) => line.size > 0)?.shift()
    },
    sizeOf: (rank) => lineOf(rank).size,
    get size() {
      return size
    },
  }
}
