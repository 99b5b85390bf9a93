// A settlement file (对账文件) of a host that sends no payout advices: a CSV file with a header line.

import { UsageError } from '../../base/errors.js'
import { maskText } from '../../base/mask.js'
import { printable } from '../../base/text/shown-text.js'
import { type FundsKey, fundsKeyText } from '../../measure/money/funds.js'
import { type HoldId, outsideHolds } from '../../measure/money/hold-reasons.js'
import { readCsvFile } from './csv-file.js'

/** The news of one transaction's money. */
export interface Payout extends FundsKey {
  readonly state: PayoutState
  /** When it came to this state, in epoch ms; undefined: not said, which only what is not paid may leave out. */
  readonly at: number | undefined
  /** In words; undefined: not said. */
  readonly reason: string | undefined
}

const states = ['paid', 'held', 'returned'] as const
export type PayoutState = (typeof states)[number]

/** Largest file, in bytes: some million lines. */
const maxFileBytes = 268_435_456

const columns = ['terminal', 'batch', 'stan', 'paidAt']
/** Characters of a reason in words. */
const mostReason = 80

/**
 * Columns terminal, batch, stan, paidAt (date and time with its offset), and where the file has them state and reason. Throws
 * UsageError that names the line.
 */
export function readPayouts(file: string): readonly Payout[] {
  const rows = readCsvFile(file, { maxBytes: maxFileBytes })
  const missing = columns.find((name) => rows[0] !== undefined && !(name in rows[0]))
  if (missing !== undefined)
    throw new UsageError(`no column ${missing}; columns are ${columns.join(', ')}`, { where: `${file}:1` })
  return rows.map((row, index) => payoutOf(row, `${file}:${index + 2}`))
}

function payoutOf(row: Record<string, string>, where: string): Payout {
  const { terminal = '', batch = '', stan = '', paidAt = '', reason = '' } = row
  const state = row.state || 'paid'
  if (terminal === '') throw new UsageError('column terminal: is empty', { where })
  if (!/^\d{1,12}$/.test(stan)) throw new UsageError('column stan: expected digits', { where })
  if (!isState(state)) throw new UsageError(`column state: expected ${states.join(', ')} or nothing`, { where })
  const at = /(Z|[+-]\d\d:?\d\d)$/.test(paidAt) ? Date.parse(paidAt) : Number.NaN
  if (Number.isNaN(at) && (state === 'paid' || paidAt !== ''))
    throw new UsageError('column paidAt: expected a time with its offset such as 2026-11-23T10:00:00+08:00', { where })
  return {
    // A spreadsheet takes the zeros in front away; a dialect without batches leaves the column empty.
    ...{ terminal, batch: batch === '' ? '' : inSixDigits(batch), stan: inSixDigits(stan), state },
    at: Number.isNaN(at) ? undefined : at,
    reason: reason === '' ? undefined : wordsOf(reason),
  }
}

const isState = (text: string): text is PayoutState => states.includes(text as PayoutState)

/** A reason that has an id in its words, and any other as the file has it. */
const wordsOf = (reason: string): string =>
  Object.hasOwn(outsideHolds, reason)
    ? outsideHolds[reason as HoldId]
    : printable(maskText(reason)).slice(0, mostReason)

const inSixDigits = (text: string) => text.padStart(6, '0')

/** How it stands with the money of one transaction, by all that a file says of it. */
export interface MoneyStanding extends FundsKey {
  /** Epoch ms; undefined: it is not there, or was sent back. */
  readonly paidAt: number | undefined
  /** The last time that it was held or sent back; `since` in epoch ms. */
  readonly told: { readonly reason: string; readonly since: number | undefined } | undefined
}

/** Money that came and was sent back later is not there. A time that is not said is before all others for `held`, else behind. */
export function standingsOf(payouts: readonly Payout[]): readonly MoneyStanding[] {
  const all = new Map<string, MoneyStanding>()
  for (const payout of [...payouts].sort((one, other) => placeOf(one) - placeOf(other))) {
    const { terminal, batch, stan, state, at, reason } = payout
    const key = fundsKeyText(payout)
    const before = all.get(key) ?? { terminal, batch, stan, paidAt: undefined, told: undefined }
    all.set(
      key,
      state === 'paid'
        ? { ...before, paidAt: before.paidAt ?? at }
        : { ...before, paidAt: state === 'held' ? before.paidAt : undefined, told: toldOf(state, at, reason) },
    )
  }
  return [...all.values()]
}

const placeOf = ({ state, at }: Payout) =>
  at ?? (state === 'held' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)

function toldOf(state: PayoutState, since: number | undefined, reason: string | undefined): MoneyStanding['told'] {
  const { returned } = outsideHolds
  if (state === 'held') return { reason: reason ?? 'not said why', since }
  return { reason: reason === undefined || reason === returned ? returned : `${returned}: ${reason}`, since }
}
