// Copies that a proxy writes: used again only once the link says that they have left.

import { expect, test } from 'vitest'
import { writeCopy } from '../../src/proxy/write-copy.js'
import type { Link } from '../../src/transport/network/link.js'

const large = 50_000

/** A link that keeps what it is handed; `hasLeft`: whether it says that all has left. */
function keeper(hasLeft: boolean | undefined) {
  const kept: Uint8Array[] = []
  const link = { write: (bytes: Uint8Array) => kept.push(bytes) > 0, ...(hasLeft !== undefined && { hasLeft }) }
  return { kept, link: link as unknown as Link }
}

test('bytes that have not left stay as they were written, whatever is written next', () => {
  for (const hasLeft of [false, undefined]) {
    const { kept, link } = keeper(hasLeft)
    for (const size of [10, large, 70_000])
      for (const value of [1, 2]) {
        const bytes = new Uint8Array(size).fill(value)
        writeCopy(link, bytes)
        bytes.fill(9)
      }
    expect(kept.map((bytes) => [bytes.length, bytes[0], bytes.at(-1)])).toEqual(
      [10, large, 70_000].flatMap((size) => [1, 2].map((value) => [size, value, value])),
    )
  }
})

test('a copy that has left is used for the next large chunk', () => {
  const { kept, link } = keeper(true)
  for (const size of [large, large - 1]) writeCopy(link, new Uint8Array(size))
  const [first, second] = kept
  expect(second?.buffer).toBe(first?.buffer)
  expect([first?.length, second?.length]).toEqual([large, large - 1])
})

test('says whether the peer keeps up', () => {
  const link = (keepsUp: boolean) => ({ write: () => keepsUp, hasLeft: true }) as unknown as Link
  for (const keepsUp of [true, false]) expect(writeCopy(link(keepsUp), new Uint8Array(large))).toBe(keepsUp)
})
