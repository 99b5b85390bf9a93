// Terms of payment that cannot be meant: of another currency, without effect, or for kinds of cards that nobody names.

import { numericCurrency } from '../../base/currencies.js'
import { UsageError } from '../../base/errors.js'
import type { AcquirerOptions } from '../options.js'
import { currenciesOf, type TermsOptions } from './options.js'

type MoneyOptions = Pick<AcquirerOptions, 'settlement' | 'contract' | 'merchants' | 'cardKinds'>

interface Named {
  readonly where: string
  readonly own: TermsOptions
  /** The cycle that they stand beside. */
  readonly cycle: TermsOptions['cycle']
}

/** Throws UsageError. `currency`: of the dialect, in digits. */
export function checkTerms(options: MoneyOptions, currency: string): void {
  const { settlement, merchants } = options
  const unpaid = Object.keys(merchants).find((merchant) => merchants[merchant]?.settlement !== undefined)
  if (settlement === undefined && unpaid !== undefined) {
    throw new UsageError('changes acquirer.settlement, but acquirer.settlement is missing: add it', {
      where: `acquirer.merchants.${unpaid}.settlement:`,
    })
  }
  for (const named of allNamed(options)) {
    checkCurrency(named, currency)
    checkSameDay(named)
    checkKinds(named, options.cardKinds)
  }
}

function allNamed({ settlement, contract, merchants }: MoneyOptions): readonly Named[] {
  const named = (where: string, own: TermsOptions | undefined, ...beside: (TermsOptions | undefined)[]) =>
    own === undefined ? [] : [{ where, own, cycle: [own, ...beside].find((each) => each?.cycle)?.cycle }]
  return [
    ...named('acquirer.settlement', settlement),
    ...named('acquirer.contract', contract, settlement),
    ...Object.entries(merchants).flatMap(([merchant, each]) => [
      ...named(`acquirer.merchants.${merchant}.settlement`, each.settlement, settlement),
      ...named(`acquirer.merchants.${merchant}.contract`, each.contract, contract, each.settlement, settlement),
    ]),
  ]
}

function checkCurrency({ where, own }: Named, currency: string): void {
  const other = currenciesOf(own).find((letters) => numericCurrency(letters) !== currency)
  if (other === undefined) return
  throw new UsageError(`${other} is not the currency of the dialect (${currency})`, { where: `${where}:` })
}

function checkSameDay({ where, own, cycle }: Named): void {
  const key = own.window !== undefined ? 'window' : own.fallback !== undefined ? 'fallback' : undefined
  if (key === undefined || cycle?.kind === 'sameDay') return
  throw new UsageError('is for the cycles D+0 and T+0 alone: give one of these, or leave it out', {
    where: `${where}.${key}:`,
  })
}

function checkKinds({ where, own }: Named, kinds: MoneyOptions['cardKinds']): void {
  const unknown = Object.keys(own.fees ?? {}).find((name) => !kinds.some(({ kind }) => kind === name))
  if (unknown === undefined) return
  const known = kinds.length === 0 ? 'there are none' : `there is ${kinds.map(({ kind }) => kind).join(', ')}`
  throw new UsageError(`is no kind of acquirer.cardKinds (${known}): add it there, with what its requests match`, {
    where: `${where}.fees.${unknown}:`,
  })
}
