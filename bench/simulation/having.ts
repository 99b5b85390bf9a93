// Which schedules pay their merchants by a term, so that a defect of that term is looked for where it can show.

import type { TroubleSchedule } from './schedule.js'

/** `anything`: every schedule; `settlement`: those that pay merchants; else those that have this key in their terms. */
export const termNames = [
  'anything',
  'settlement',
  'feeCap',
  'feeMinimum',
  'payoutFee',
  'hold',
  'window',
  'chargebacks',
  'reserve',
] as const
export type TermName = (typeof termNames)[number]

export function hasTerm({ scenario }: TroubleSchedule, name: TermName): boolean {
  if (name === 'anything') return true
  const { acquirer, acquirers } = scenario as Readonly<Record<string, { readonly acquirer?: object } | undefined>>
  const { settlement } = (acquirers?.acquirer ?? acquirer) as { readonly settlement?: object }
  return settlement !== undefined && (name === 'settlement' || Object.hasOwn(settlement, name))
}
