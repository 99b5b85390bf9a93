// The figures of a part on their way over the bus: deltas once a second, and everything at the end, which must come to the same.

import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { z } from 'zod'
import { UsageError } from '../../base/errors.js'
import { decodePart, encodeData, encodePart, maxPartBytes, tallySchema } from '../../cluster/part-codec.js'
import type { Fold } from '../../cluster/part-feed.js'
import { createRecorder, type Recorder } from '../../measure/latency/recorder.js'
import type { PartRecord } from '../../measure/part-record.js'
import { maxWords, type Tally, timeKinds } from '../../measure/tally.js'
import { breakdownKinds } from '../../measure/threshold.js'
import type { LiveSnapshot } from '../../report/live/snapshot.js'

/** Bytes of a delta, unpacked: one that covers an hour without a bus. */
const maxDeltaBytes = 256 * 1024 * 1024

/** The figures of one generator since its last delta. */
export interface Delta {
  readonly handed: number
  readonly ended: number
  readonly tally: Tally
  readonly live: LiveSnapshot | undefined
}

/** How a part's clock was seen. */
export interface PartClock {
  readonly offsetMs: number
  readonly uncertaintyMs: number
  /** How far the offset has moved while the run lasted; null where it was not measured again. */
  readonly driftMs: number | null
}

export interface Final {
  readonly part: PartRecord
  readonly clock: PartClock
}

const count = z.number().int().min(0)
const maybe = z.number().nullable()
const runningSchema = z.looseObject({
  stage: z.enum(['warmup', 'load', 'draining']),
  ...{ elapsedMs: z.number(), durationMs: z.number(), warmupMs: z.number(), drainMs: z.number() },
  ...{ offered: count, timely: count, inFlight: z.number(), offeredRate: z.number(), perSecond: z.number() },
  ...{ p50: maybe, p99: maybe, lagP99: maybe, eventLoopP99: maybe },
  outcomes: z.record(z.string(), count),
  responseCodes: z.record(z.string(), count),
  faults: z.array(z.string()).nullable(),
})
const deltaSchema = z.object({ handed: count, ended: count, tally: tallySchema, live: runningSchema.optional() })
const clockSchema = z.object({ offsetMs: z.number(), uncertaintyMs: z.number(), driftMs: maybe })

export const packDelta = (delta: Delta): Uint8Array => deflateRawSync(encodeData(delta))

export const packFinal = ({ part, clock }: Final): Uint8Array =>
  deflateRawSync(`${JSON.stringify(clock)}\n${encodePart(part)}`)

function inflated(bytes: Uint8Array, maxOutputLength: number): string {
  try {
    return inflateRawSync(bytes, { maxOutputLength }).toString('utf8')
  } catch (cause) {
    throw new UsageError('its figures cannot be unpacked', { cause })
  }
}

/** Adds up what one part tells. */
export class TallyFold implements Fold {
  readonly #recorder: Recorder
  handed = 0
  ended = 0
  live: LiveSnapshot | undefined
  whole: Final | undefined

  constructor({ measureFromMs, timelyWithinMs }: { readonly measureFromMs: number; readonly timelyWithinMs: number }) {
    this.#recorder = createRecorder({ startedAt: 0, measureFrom: measureFromMs, timelyWithinMs })
  }

  delta(bytes: Uint8Array): void {
    const checked = deltaSchema.safeParse(parsed(inflated(bytes, maxDeltaBytes)))
    if (!checked.success)
      throw new UsageError(`it sent something that is not a delta: ${checked.error.issues[0]?.message}`)
    const { handed, ended, tally, live } = checked.data as unknown as Delta
    this.#recorder.add(tally, { sameWorker: true })
    Object.assign(this, { handed, ended, live: live ?? this.live })
  }

  final(bytes: Uint8Array): void {
    const text = inflated(bytes, maxPartBytes)
    const end = text.indexOf('\n')
    const clock = clockSchema.safeParse(parsed(text.slice(0, end)))
    if (!clock.success) throw new UsageError('its last figures do not say how its clock went')
    const part = decodePart(text.slice(end + 1), 'its last figures')
    const difference = differenceOf(this.tally(), part.tally)
    if (difference !== undefined)
      throw new UsageError(`its last figures differ from those that it sent before: ${difference}`)
    this.whole = { part, clock: clock.data }
  }

  /** The figures that were told until now. */
  tally(): Tally {
    return this.#recorder.tally()
  }

  destroy(): void {
    this.#recorder.destroy()
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const counters = [
  ...(['timely', 'substituted', 'retried', 'caught', 'lateAnswers'] as const),
  ...(['terminalBusy', 'backPressure', 'unsentUnexplained'] as const),
]

/** The first figure in which sums of deltas and the whole differ, in words. */
export function differenceOf(sums: Tally, whole: Tally): string | undefined {
  const rows: [what: string, sum: unknown, whole: unknown][] = [
    ['outcomes', sums.outcomes, whole.outcomes],
    ...counters.map((name): [string, unknown, unknown] => [name, sums[name], whole[name]]),
    ...timeKinds.map((name): [string, unknown, unknown] => [name, exactly(sums[name]), exactly(whole[name])]),
    ['responseCodes', wordsOf(sums.responseCodes), wordsOf(whole.responseCodes)],
    ...breakdownKinds.map((kind): [string, unknown, unknown] => [
      `breakdown by ${kind}`,
      rowsOf(sums, kind),
      rowsOf(whole, kind),
    ]),
  ]
  const found = rows.find(([, sum, of]) => JSON.stringify(sum) !== JSON.stringify(of))
  return found?.[0]
}

const exactly = ({ count, min, max, sum, squares, hdr }: Tally['responseTime']) => ({
  count,
  min,
  max,
  sum,
  squares,
  hdr,
})

const byKey = <Value>(record: Readonly<Record<string, Value>>) =>
  Object.entries(record).sort(([one], [other]) => (one < other ? -1 : 1))

/** Beyond their limits, words are counted together by who came first, which is another one in a sum. */
function wordsOf(words: Readonly<Record<string, number>>) {
  return Object.keys(words).length < maxWords - 1 ? byKey(words) : undefined
}

function rowsOf({ breakdown }: Tally, kind: (typeof breakdownKinds)[number]) {
  const rows = byKey(breakdown[kind]).map(([key, { outcomes, timely, responseTime }]) => [
    key,
    outcomes,
    timely,
    responseTime.hdr,
    responseTime.sum,
  ])
  return rows.some(([key]) => key === 'other') ? undefined : rows
}
