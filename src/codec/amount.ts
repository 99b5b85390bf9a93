// The amount of a transaction: data element 4, n 12, in minor units (ISO 8583-1; in 2003 behind its currency).

import { twelveDigits } from '../base/text/digits.js'

export const amountField = 4

/** Currency 3 and number of decimals 1, in front of the amount in ISO 8583-1:2003. */
const currencyDigits = 4

/** The amount alone: of sixteen digits the last twelve. */
export const bareAmount = (text: string): string =>
  text.length === 16 && /^\d+$/.test(text) ? text.slice(currencyDigits) : text

const mostAmount = 999_999_999_999

/** Twelve digits. `minor`: not negative. */
export const amountText = (minor: number): string =>
  Number.isInteger(minor) && minor <= mostAmount ? twelveDigits(minor) : String(minor).padStart(12, '0')
