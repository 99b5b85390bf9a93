// The slowest transactions of a run, slowest first, with the evidence of each.

import type { SlowTransaction } from '../result.js'
import type { Sample } from '../sample.js'

/** Transactions kept with their messages: enough to look at, little enough for a result of any size. */
export const maxSlowest = 20

/** Makes the masked look of one transaction, whenever it is asked for: it has kept what that takes. */
export type LateMasked = () => MaskedExchange

/** Masked messages of one transaction as JSON. */
export interface MaskedExchange {
  readonly request: unknown
  readonly answer: unknown
}

export interface Slowest {
  /** Whether a sample that took so long is among the slowest so far: only then is evidence worth making. */
  wouldKeep(responseMs: number | undefined): boolean
  /**
   * `masked`: its messages, which are made when the list is asked for. To make them takes some 0.2 ms, and after a pause many
   * arrivals in a row are the slowest so far: the load would wait for all that, and be slower still.
   */
  keep(transaction: SlowTransaction, masked?: LateMasked): void
  list(): readonly SlowTransaction[]
}

interface Kept {
  transaction: SlowTransaction
  /** Undefined once they are made. */
  masked: LateMasked | undefined
}

export function createSlowest(limit = maxSlowest): Slowest {
  const kept: Kept[] = []
  const wouldKeep = (responseMs: number | undefined) =>
    responseMs !== undefined && (kept.length < limit || responseMs > lengthOf(kept.at(-1)?.transaction))
  return {
    wouldKeep,
    keep(transaction, masked) {
      const length = lengthOf(transaction)
      if (!wouldKeep(length)) return
      const place = kept.findIndex((other) => lengthOf(other.transaction) < length)
      kept.splice(place === -1 ? kept.length : place, 0, { transaction, masked })
      if (kept.length > limit) kept.pop()
    },
    list: () => kept.map(madeOf),
  }
}

function madeOf(kept: Kept): SlowTransaction {
  const { masked } = kept
  kept.masked = undefined
  if (masked !== undefined) kept.transaction = { ...kept.transaction, ...masked() }
  return kept.transaction
}

const lengthOf = (transaction: SlowTransaction | undefined) =>
  transaction === undefined ? 0 : transaction.endedAt - transaction.intendedAt

/** A sample as it is saved, without its messages: instants in ms since `startedAt`, to the µs. */
export function slowTransaction(sample: Sample, startedAt: number): SlowTransaction {
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
    request: null,
    answer: null,
  }
}
