// Which message comes next: by weight, seeded.

import type { Random } from '../../base/random.js'

/** Draws items in proportion to their weights. At least one item. */
export function createMix<Item>(weighted: readonly (readonly [Item, number])[], random: Random): () => Item {
  const total = weighted.reduce((sum, [, weight]) => sum + weight, 0)
  const last = weighted[weighted.length - 1] as readonly [Item, number]
  return () => {
    let left = random.next() * total
    for (const [item, weight] of weighted) {
      left -= weight
      if (left < 0) return item
    }
    return last[0]
  }
}
