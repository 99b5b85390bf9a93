// The slowest transactions of a run, slowest first, with the evidence of each.

import type { SlowTransaction } from '../result.js'
import type { Sample } from '../sample.js'

/** Transactions kept with their messages: enough to look at, little enough for a result of any size. */
export const maxSlowest = 20

/** Masked messages of one transaction as JSON. */
export interface MaskedExchange {
  readonly request: unknown
  readonly answer: unknown
}

export interface Slowest {
  /** Whether a sample that took so long is among the slowest so far: only then is evidence worth making. */
  wouldKeep(responseMs: number | undefined): boolean
  keep(transaction: SlowTransaction): void
  list(): readonly SlowTransaction[]
}

export function createSlowest(limit = maxSlowest): Slowest {
  const kept: SlowTransaction[] = []
  const wouldKeep = (responseMs: number | undefined) =>
    responseMs !== undefined && (kept.length < limit || responseMs > lengthOf(kept.at(-1)))
  return {
    wouldKeep,
    keep(transaction) {
      const length = lengthOf(transaction)
      if (!wouldKeep(length)) return
      const place = kept.findIndex((other) => lengthOf(other) < length)
      kept.splice(place === -1 ? kept.length : place, 0, transaction)
      if (kept.length > limit) kept.pop()
    },
    list: () => [...kept],
  }
}

const lengthOf = (transaction: SlowTransaction | undefined) =>
  transaction === undefined ? 0 : transaction.endedAt - transaction.intendedAt

/** A sample as it is saved: instants in ms since `startedAt`, to the µs. */
export function slowTransaction(
  sample: Sample,
  startedAt: number,
  evidence: MaskedExchange | undefined,
): SlowTransaction {
  const since = (at: number) => Math.round((at - startedAt) * 1000) / 1000
  const sinceOrNull = (at: number | undefined) => (at === undefined ? null : since(at))
  return {
    type: sample.type,
    terminal: sample.terminal,
    stan: sample.stan ?? null,
    phase: sample.phase,
    target: sample.target,
    outcome: sample.outcome,
    responseCode: sample.responseCode ?? null,
    reason: sample.reason ?? null,
    intendedAt: since(sample.intendedAt),
    startedAt: sinceOrNull(sample.startedAt),
    writtenAt: sinceOrNull(sample.writtenAt),
    endedAt: since(sample.endedAt),
    cause: null,
    request: evidence?.request ?? null,
    answer: evidence?.answer ?? null,
  }
}
