// The trace number of a transaction: data element 11, n 6, in ISO 8583-1:2003 n 12.

/** As it is counted here: six digits, or twelve where the first six are not all zeros. */
export const traceDigits = (text: string): string => (text.length <= 6 ? text : text.replace(/^0+(?=\d{6}$)/, ''))
