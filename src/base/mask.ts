// What must never be shown: card numbers, tracks, PIN blocks, keys. The one exit through which every shown text goes.

/** Digits of a primary account number (ISO/IEC 7812-1): the shortest and the longest that are taken for one. */
const shortestPan = 13
const longestPan = 19

/** First six and last four digits; the rest is stars. Shorter texts are hidden whole. */
export function maskPan(pan: string): string {
  if (pan.length < shortestPan) return '*'.repeat(pan.length)
  return `${pan.slice(0, 6)}${'*'.repeat(pan.length - 10)}${pan.slice(-4)}`
}

/**
 * Masks every run of digits in which a card number can be seen: 13 to 19 digits that pass Luhn's check, as they are, as
 * packed digits in hex, or as the hex of digits in ASCII (3x) or EBCDIC (Fx).
 */
export function maskText(text: string): string {
  if (text.length < shortestPan) return text
  return text.replace(/(?:3\d){13,}|(?:F\d){13,}/gi, maskHexRun).replace(/\d{13,}/g, maskRun)
}

/** Each digit has its zone in front of it. What is masked loses both. */
function maskHexRun(run: string): string {
  const digits = run.replace(/.(.)/g, '$1')
  const masked = maskRun(digits)
  return masked === digits ? run : masked.replace(/./g, (digit) => (digit === '*' ? '**' : run.charAt(0) + digit))
}

/** True for digits whose check digit is right (ISO/IEC 7812-1 annex B). */
export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}

/**
 * A run as long as a card number is one or is none, apart from zeros that fill it up; in a longer one it can stand
 * anywhere, so whatever could be the middle of one is hidden.
 */
function maskRun(run: string): string {
  const shown = [...run]
  const hide = (start: number, end: number) => {
    if (end - start < shortestPan || run.charAt(start) === '0' || !passesLuhn(run.slice(start, end))) return
    shown.fill('*', start + 6, end - 4)
  }
  if (run.length <= longestPan) {
    const start = run.search(/[1-9]/)
    // The last one may be the spare half byte of packed digits.
    for (const end of run.endsWith('0') ? [run.length, run.length - 1] : [run.length]) hide(Math.max(0, start), end)
  } else {
    for (let start = 0; start + shortestPan <= run.length; start++) {
      for (let end = start + shortestPan; end <= Math.min(run.length, start + longestPan); end++) hide(start, end)
    }
  }
  return shown.join('')
}
