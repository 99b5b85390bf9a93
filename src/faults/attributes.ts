// Attributes that several faults have: how they are written in a scenario, and what a fault gets.

import { z } from 'zod'
import { duration, percent } from '../base/unit-schemas.js'

/** KB/s (1000 bytes) of one unit of a bandwidth. */
const perSecond: Readonly<Record<string, number>> = {
  'bit/s': 0.000_125,
  'kbit/s': 0.125,
  'Mbit/s': 125,
  'B/s': 0.001,
  'KB/s': 1,
  'MB/s': 1000,
}

const bandwidthPattern = /^(\d+(?:\.\d+)?)([kM]?bit\/s|[KM]?B\/s)$/

/** '50kbit/s', '100KB/s' to KB/s of 1000 bytes, which are bytes per ms; undefined when it is none. */
export function parseBandwidth(text: string): number | undefined {
  const match = bandwidthPattern.exec(text.trim())
  return match === null ? undefined : Number(match[1]) * (perSecond[match[2] as string] as number)
}

/** Schema of a bandwidth; the value is KB/s. */
export const bandwidthOf = (example = '50kbit/s') =>
  z
    .string({ error: (issue) => `expected a bandwidth such as ${example}, got ${JSON.stringify(issue.input)}` })
    .transform((text, context) => {
      const value = parseBandwidth(text)
      if (value !== undefined) return value
      context.addIssue({
        code: 'custom',
        message: `expected a bandwidth such as ${example}, got ${JSON.stringify(text)}`,
      })
      return z.NEVER
    })
    .meta({ description: `a bandwidth, such as ${example}`, examples: [example], pattern: bandwidthPattern.source })

/** A time that may be left out: 0. */
export const optionalTime = (example = '250ms') => duration(example).default(0)

/** A share that may be left out: all. */
export const shareOfAll = (example = '5%') => percent(example).default(1)

/** Most bytes that one attribute may name: the largest frame there is. */
const mostBytes = 65_535

export const byteCount = () => z.int().min(0).max(mostBytes)

/** Bytes over the life of a connection. */
export const totalBytes = () => z.int().min(0).max(Number.MAX_SAFE_INTEGER)

/** How a connection is ended: by an orderly end, or by a reset. */
export const closeMode = () => z.enum(['fin', 'rst'])
