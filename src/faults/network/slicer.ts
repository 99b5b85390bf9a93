// Cuts data into small pieces that leave one by one, `delay` apart.

import { z } from 'zod'
import type { Random } from '../../base/random.js'
import { optionalTime } from '../attributes.js'
import { defineLineFault } from '../fault.js'

export const slicer = defineLineFault({
  type: 'slicer',
  level: 'line',
  about: 'data arrives in small pieces, `delay` apart',
  attributes: z.strictObject({
    average_size: z.int().min(1).max(1_048_576).describe('bytes of a piece on average'),
    size_variation: z.int().min(0).max(1_048_576).default(0).describe('bytes more or less; below average_size'),
    delay: optionalTime('100us').describe('between two pieces'),
  }),
  units: { average_size: 'bytes', size_variation: 'bytes', delay: 'us' },

  start({ average_size, size_variation, delay }, { random }) {
    let freeAt = 0
    return {
      chunk({ bytes, arrivedAt }) {
        const ends = cut({ from: 0, to: bytes.length, average: average_size, variation: size_variation }, random)
        freeAt = Math.max(freeAt, arrivedAt)
        return ends.map((end, index) => {
          const at = freeAt
          freeAt += delay
          return { do: 'deliver', bytes: bytes.subarray(ends[index - 1] ?? 0, end), at }
        })
      },
    }
  },
})

interface Stretch {
  readonly from: number
  readonly to: number
  readonly average: number
  readonly variation: number
}

/** Ends of the pieces: the stretch is halved, give or take the variation, until each is about the average. */
function cut(stretch: Stretch, random: Random): readonly number[] {
  const { from, to, average, variation } = stretch
  const length = to - from
  if (length <= 1 || length - average <= variation) return [to]
  const stray = variation === 0 ? 0 : random.below(2 * variation) - variation
  const middle = from + Math.min(length - 1, Math.max(1, Math.floor(length / 2) + stray))
  return [...cut({ ...stretch, to: middle }, random), ...cut({ ...stretch, from: middle }, random)]
}
