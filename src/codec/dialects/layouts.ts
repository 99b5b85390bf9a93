// Data elements that ISO 8583 makes of parts of fixed width: masks show them whole.

import type { LayoutPart } from '../dialect.js'

/** Data element 54: account type, amount type, currency, sign, amount; up to six of them. */
export const additionalAmounts: readonly LayoutPart[] = ['n 2', 'n 2', 'an 3', 'sign', 'amount']

/** Data element 90 of 1987: MTI, trace number, time of transmission, acquirer, forwarder. */
export const originalData: readonly LayoutPart[] = ['mti', 'n 6', 'MMDDhhmmss', 'n 11', 'n 11']

/** Data element 56 of 1993: MTI, trace number, local time, acquirer behind its length. */
export const originalData93: readonly LayoutPart[] = ['mti', 'n 6', 'YYMMDDhhmmss', 'n 2', 'n 11']

/** Data element 95 of 1987: two amounts, and two fees with their signs. */
export const replacementAmounts: readonly LayoutPart[] = ['amount', 'amount', 'sign', 'n 8', 'sign', 'n 8']

/** Data element 54 of 2003: the same with the currency's decimals behind it. */
export const additionalAmounts2003: readonly LayoutPart[] = ['n 2', 'n 2', 'an 3', 'n 1', 'sign', 'amount']

/** Data element 56 of 2003: MTI, trace number, local time with its century, acquirer. */
export const originalData2003: readonly LayoutPart[] = ['mti', 'n 12', 'n 2', 'YYMMDDhhmmss', 'n 11']
