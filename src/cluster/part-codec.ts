// A part as JSON: bytes of histograms in base64, everything else as it is. What is read was written by another process,
// or by anyone: its shape is checked, and what is damaged is refused in words.

import { z } from 'zod'
import { UsageError } from '../base/errors.js'
import { readSavedCounts } from '../measure/latency/histogram-file.js'
import { checkInterval } from '../measure/latency/interval.js'
import { intervalKinds } from '../measure/latency/timeline-row.js'
import type { PartRecord } from '../measure/part-record.js'
import { outcomes } from '../measure/sample.js'
import { timeKinds } from '../measure/tally.js'
import { breakdownKinds } from '../measure/threshold.js'

/** Bytes of one part; a run of a week with four thousand merchants has some 200 MB. */
export const maxPartBytes = 512 * 1024 * 1024

export function encodePart(part: PartRecord): string {
  return `${JSON.stringify(part, bytesAsBase64)}\n`
}

/** As `encodePart`, for anything that is sent with figures in it. */
export const encodeData = (data: object): string => JSON.stringify(data, bytesAsBase64)

/** Throws UsageError that names `where`. */
export function decodePart(text: string, where: string): PartRecord {
  const checked = partSchema.safeParse(parsed(text, where))
  if (checked.success) {
    const part = checked.data as unknown as PartRecord
    checkHistograms(part, where)
    return part
  }
  const [issue] = checked.error.issues
  throw new UsageError(`not a part of a run: ${(issue?.path ?? []).join('.')}: ${issue?.message}`, {
    where: `${where}:`,
  })
}

/** A damaged one would end the merging in its middle, and nothing is added to a part that is alone: it would be shown as it is. */
function checkHistograms({ tally }: PartRecord, where: string): void {
  const check = (what: string, read: () => void) => {
    try {
      read()
    } catch (cause) {
      throw new UsageError(`${what}: ${(cause as Error).message}`, { where: `${where}:`, cause })
    }
  }
  const checkCounts = (what: string, saved: Parameters<typeof readSavedCounts>[0]) =>
    check(what, () => readSavedCounts(saved, () => {}))
  for (const kind of timeKinds) checkCounts(kind, tally[kind])
  for (const kind of breakdownKinds)
    for (const { responseTime } of Object.values(tally.breakdown[kind]))
      checkCounts(`breakdown by ${kind}`, responseTime)
  for (const { atSecond, intervals } of tally.timeline)
    for (const kind of intervalKinds) {
      const packed = intervals[kind]
      if (packed !== undefined) check(`second ${atSecond}, ${kind}`, () => checkInterval(packed.bytes))
    }
}

function parsed(text: string, where: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new UsageError('not a part of a run: the file was cut or changed', { where: `${where}:`, cause })
  }
}

/** JSON has no bytes; `toJSON` of a Buffer comes before a replacer, hence both forms. */
function bytesAsBase64(_: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return { base64: Buffer.from(value).toString('base64') }
  if (isBufferJson(value)) return { base64: Buffer.from(value.data).toString('base64') }
  return value
}

const isBufferJson = (value: unknown): value is { readonly data: readonly number[] } =>
  value !== null && typeof value === 'object' && 'type' in value && value.type === 'Buffer' && 'data' in value

const count = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)
const number = z.number()
const nullable = z.number().nullable()
const words = z.record(z.string().max(1000), count)
const eachOutcome = z.object(Object.fromEntries(outcomes.map((outcome) => [outcome, count])))
const bytes = z.object({ base64: z.base64() }).transform(({ base64 }) => new Uint8Array(Buffer.from(base64, 'base64')))
const distribution = z.looseObject({
  count,
  min: nullable,
  max: nullable,
  mean: nullable,
  stdev: nullable,
  hdrUnit: z.enum(['us', 'ms']),
  hdr: z.string(),
  sum: z.string(),
  squares: z.string(),
  clamped: count,
})
const row = z.object({ timely: count, outcomes: eachOutcome, responseTime: distribution })
const interval = z.object({ bytes, p50: number, p99: number, max: number }).optional()
const entry = z.object({
  atSecond: count,
  seconds: z.number().int().min(1),
  outcomes: eachOutcome,
  timely: count,
  inFlight: count,
  inFlightAtStart: count,
  inFlightAtMost: count,
  intervals: z.object({ response: interval, service: interval, echo: interval, lag: interval }),
})
export const tallySchema = z.looseObject({
  measureFromMs: number,
  timelyWithinMs: number,
  outcomes: eachOutcome,
  responseCodes: words,
  failures: words,
  firstCodes: words,
  responseTime: distribution,
  serviceTime: distribution,
  echoTime: distribution,
  connectTime: distribution,
  lag: distribution,
  breakdown: z.object(Object.fromEntries(breakdownKinds.map((name) => [name, z.record(z.string(), row)]))),
  unmatched: z.object({ count, examples: z.array(z.string()) }),
  lastAnswerMs: nullable,
  slowest: z.array(z.looseObject({ terminal: z.string(), intendedAt: number, endedAt: number })),
  timeline: z.array(entry),
})
const list = z.array(z.looseObject({}))
const observationsSchema = z.looseObject({
  transactions: list,
  echoes: list,
  connects: list,
  downs: list,
  answers: list,
  gaps: list,
  bins: z.looseObject({ widthMs: z.number().positive() }),
  terminals: z.array(z.tuple([z.string(), z.looseObject({})])),
})
const partSchema = z.looseObject({
  schema: z.literal('isochron/part@1'),
  tool: z.looseObject({ version: z.string() }),
  scenario: z.looseObject({ name: z.string(), sha256: z.string(), seed: number, remedies: z.array(z.string()) }),
  share: z.object({ index: count, of: z.number().int().min(1) }).refine(({ index, of }) => index < of, 'no such part'),
  place: z.object({ host: z.string(), pid: count, cpus: count }),
  startedAtWall: number,
  endedAtWall: number,
  interrupted: z.boolean(),
  planned: count.nullable(),
  loadEndedMs: number,
  tally: tallySchema,
  observations: observationsSchema,
})
