// The amount of a transaction: data element 4, n 12, in minor units (ISO 8583-1, in every version of the standard).

export const amountField = 4

/** Twelve digits. `minor`: not negative. */
export const amountText = (minor: number): string => String(minor).padStart(12, '0')
