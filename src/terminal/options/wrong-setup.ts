// Terminals that are set up wrongly: which of them, and what is wrong about them. Everything else about them is as usual.

import { UsageError } from '../../base/errors.js'
import type { Random } from '../../base/random.js'
import type { TerminalOptions } from './options.js'

export type WrongSetupOptions = NonNullable<TerminalOptions['wrongSetup']>

export interface WrongSetup {
  /** Whether the terminal with this number, from 0, is one of them. */
  has(number: number): boolean
  readonly options: WrongSetupOptions
}

/** The share of all terminals, rounded, but at least one; drawn, so that no merchant has them all. */
export function chooseWrong(options: TerminalOptions, random: Random): WrongSetup | undefined {
  const { wrongSetup, count } = options
  if (wrongSetup === undefined) return undefined
  const wanted = Math.min(count, Math.max(1, Math.round(count * wrongSetup.share)))
  const order = Array.from({ length: count }, (_, index) => index)
  for (let index = 0; index < wanted; index++) {
    const other = index + random.below(count - index)
    ;[order[index], order[other]] = [order[other] as number, order[index] as number]
  }
  const chosen = new Set(order.slice(0, wanted))
  return { has: (number) => chosen.has(number), options: wrongSetup }
}

/** Throws UsageError where another key could not show: in a run without MACs. */
export function requireMacs(options: TerminalOptions, mix: readonly { readonly macField: number | undefined }[]): void {
  if (options.wrongSetup?.key === undefined || mix.some(({ macField }) => macField !== undefined)) return
  throw new UsageError('no message of the mix carries a MAC, so that no host would notice another key', {
    where: 'terminals.wrongSetup.key:',
  })
}
