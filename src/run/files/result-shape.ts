// Whether a file is a result: somebody may have edited it, and earlier versions wrote less.

import { z } from 'zod'
import { UsageError } from '../../base/errors.js'
import type { Result } from '../../measure/result.js'

const count = z.number().min(0)
const figure = z.number().nullable()
const outcomes = z.object({ approved: count, declined: count, timedOut: count, failed: count, unsent: count })
const words = z.record(z.string(), count)

const distribution = z.looseObject({
  count,
  ...{ min: figure, mean: figure, stdev: figure, p50: figure, p90: figure, p95: figure, p99: figure },
  ...{ p999: figure, p9999: figure, max: figure },
  hdrUnit: z.enum(['us', 'ms']),
  hdr: z.string(),
})
const breakdownRow = z.looseObject({ offered: count, outcomes, responseTime: distribution })
const breakdown = z.record(z.string(), breakdownRow)

const timelineRow = z.looseObject({
  atSecond: z.number(),
  seconds: z.number().optional(),
  offered: count,
  ...outcomes.shape,
  timely: count,
  ...{ p50: figure, p99: figure, max: figure, lagP99: figure, echoP50: figure },
  inFlight: count,
  faults: z.array(z.string()),
})

const slow = z.looseObject({
  ...{ type: z.string(), terminal: z.string(), phase: z.string(), outcome: z.string() },
  ...{ intendedAt: z.number(), startedAt: figure, writtenAt: figure, endedAt: z.number() },
})

/** A part that an earlier version may not have written: see `before`. */
const added = <Schema extends z.ZodType>(schema: Schema) => schema.nullish()

const resultShape = z.looseObject({
  schema: z.literal('isochron/result@1'),
  tool: z.looseObject({ name: z.string(), version: z.string(), node: z.string() }),
  scenario: z.looseObject({
    name: z.string(),
    sha256: z.string(),
    seed: z.number(),
    remedies: z.array(z.string()),
    clock: z.enum(['real', 'virtual']),
  }),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  interrupted: z.boolean(),
  offered: count,
  outcomes,
  responseCodes: words,
  failures: words,
  responseTime: distribution,
  serviceTime: distribution,
  echoTime: distribution,
  connectTime: distribution,
  timeToFunds: added(distribution),
  breakdown: z.object({ type: breakdown, phase: breakdown, merchant: breakdown, target: breakdown }),
  timeliness: z.looseObject({ responseWithinMs: z.number(), timelyRate: figure }),
  throughput: z.looseObject({ offeredPerSecond: figure, answeredPerSecond: figure }),
  ...{ keys: added(z.looseObject({ source: z.string() })), tls: added(z.looseObject({})) },
  ...{ substituted: count.optional(), lateAnswers: count.optional() },
  unmatched: z.looseObject({ count, examples: z.array(z.string()) }).optional(),
  retries: added(z.looseObject({})),
  reversals: added(z.looseObject({ created: count, acknowledged: count, pending: count })),
  settlements: added(z.looseObject({})),
  books: added(z.looseObject({ agree: z.boolean().nullable() })),
  funds: added(z.looseObject({ merchants: z.array(z.looseObject({})), differences: z.array(z.looseObject({})) })),
  causes: added(z.array(z.looseObject({ cause: z.string(), count, evidence: z.array(z.string()) }))),
  evidence: added(z.looseObject({ kept: count, leftOut: count })),
  generator: added(z.looseObject({ saturated: z.boolean(), lagMs: z.looseObject({ p99: figure }) })),
  failover: added(z.looseObject({ count, first: z.array(z.looseObject({ atMs: z.number() })) })),
  turnedAway: added(words),
  faults: added(z.array(z.looseObject({ name: z.string(), kind: z.string(), applied: count }))),
  timeline: z.array(timelineRow),
  thresholds: z.array(z.looseObject({ expression: z.string(), met: z.boolean() })),
  slowest: z.array(slow),
})

/** The values of later versions' additions for results of versions that did not have them. */
const before = {
  ...{ substituted: 0, lateAnswers: 0, unmatched: { count: 0, examples: [] } },
  ...{ keys: null, tls: null, retries: null, reversals: null, settlements: null, books: null, funds: null },
  ...{
    causes: null,
    evidence: null,
    generator: null,
    failover: null,
    turnedAway: null,
    faults: null,
    timeToFunds: null,
  },
}

/** `data` as a result, its keys in the order that they have. Throws UsageError that says what is missing or wrong in it. */
export function checkResult(data: unknown, file: string): Result {
  const schema = (data as { schema?: unknown } | null)?.schema
  if (schema !== 'isochron/result@1') {
    const found =
      typeof schema === 'string' ? `its schema is ${JSON.stringify(schema.slice(0, 60))}` : 'it has no schema'
    throw new UsageError(`${file}: expected a result of isochron (isochron/result@1): ${found}`)
  }
  const parsed = resultShape.safeParse(data)
  if (parsed.success) return withoutGaps(data as object)
  const [issue] = parsed.error.issues
  const place = issue === undefined ? '' : `${issue.path.join('.')}: ${issue.message}`
  throw new UsageError(`${file}: ${place.slice(0, 200)}: the file was changed, or a later version wrote it`)
}

function withoutGaps(data: object): Result {
  const missing = Object.entries(before).filter(([key]) => !Object.hasOwn(data, key))
  return { ...data, ...Object.fromEntries(missing) } as unknown as Result
}
