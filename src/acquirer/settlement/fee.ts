// The acquirer's share of a sale, exactly. Fees are rounded half up, per sale unless the terms say per payout.

import type { KindFees, Terms } from './options.js'

export type FeeTerms = KindFees & Pick<Terms, 'rounding' | 'fees'>

/** Fees are exact in parts of a minor unit: a rate has eight decimals at most, 0.000001 %. */
const partsPerUnit = 100_000_000n

/** Parts of a minor unit. Already whole units where fees are rounded per sale. `cardKind`: null where none is known. */
export function feeParts(amount: number, terms: FeeTerms, cardKind: string | null = null): bigint {
  const { feeRate, feeCap, feeMinimum, surcharge } = feesFor(terms, cardKind)
  const rated = BigInt(amount) * BigInt(Math.round(feeRate * Number(partsPerUnit)))
  const least = BigInt(feeMinimum) * partsPerUnit
  const ofRate = rated < least ? least : rated
  const cap = feeCap === undefined ? ofRate : BigInt(feeCap) * partsPerUnit
  const parts = (ofRate < cap ? ofRate : cap) + BigInt(surcharge) * partsPerUnit
  return terms.rounding === 'perSale' ? BigInt(feeUnits(parts)) * partsPerUnit : parts
}

const feesFor = (terms: FeeTerms, cardKind: string | null): KindFees =>
  cardKind !== null && Object.hasOwn(terms.fees, cardKind) ? (terms.fees[cardKind] ?? terms) : terms

/** Whole minor units, half up. */
export function feeUnits(parts: bigint): number {
  const doubled = 2n * parts + partsPerUnit
  const units = doubled / (2n * partsPerUnit)
  // Division cuts towards zero; half up rounds towards plus infinity.
  return Number(doubled < 0n && doubled % (2n * partsPerUnit) !== 0n ? units - 1n : units)
}
