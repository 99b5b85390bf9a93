// Action codes of ISO 8583-1:2003 from those of 1993.

/**
 * Four digits for three: the class, a zero, and the rest; 116 is 1016. What went wrong on the way is 91xx, so 907 is 9107;
 * 900 and 901, of acknowledged advices, are 9000 and 9001.
 */
export function to2003(code: string): string {
  if (!/^\d{3}$/.test(code)) return code
  const second = code.startsWith('9') && code > '901' ? '1' : '0'
  return `${code.slice(0, 1)}${second}${code.slice(1)}`
}
