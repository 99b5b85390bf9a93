// The `storage:` section of an acquirer: how long its ledger takes to write, and over how many disks it is spread.

import { z } from 'zod'
import { duration } from '../../base/unit-schemas.js'

export const storageSchema = z.strictObject({
  write: z
    .strictObject({ p50: duration('40ms'), p99: duration('180ms').optional() })
    .refine(({ p50 }) => p50 > 0, { path: ['p50'], error: 'expected more than 0ms: leave storage out' })
    .refine(({ p50, p99 }) => p99 === undefined || p99 >= p50, { path: ['p99'], error: 'expected at least p50' })
    .describe('how long one write takes, log-normal by its median and 99th percentile; p50 alone: always that long'),
  group: z
    .int()
    .min(1)
    .max(10_000)
    .default(500)
    .describe('postings that one write takes with it; 1: every posting is written alone'),
  shards: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('disks that write at the same time; each has the postings of its own merchants (DE42)'),
})

export type StorageOptions = z.output<typeof storageSchema>
