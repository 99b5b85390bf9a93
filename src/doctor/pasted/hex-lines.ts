// Hex as people paste it: a message a line, or one message over several lines; with blanks, colons, hyphens, quotes, or what
// languages write around a byte: 0x30, \x30, &H30, %30, 30h.

import { UsageError } from '../../base/errors.js'
import type { TextPiece } from './dump-text.js'

/** The digits of a line of hex, without what stands between them; undefined for another line. */
function digitsOf(line: string): string | undefined {
  const digits = line
    .replace(/0x|\\x|&h|%/gi, '')
    .replace(/\b([0-9a-f]{2})h\b/gi, '$1')
    .replace(/[\s:,;.\-_'"]/g, '')
  return /^[0-9a-f]*$/i.test(digits) ? digits : undefined
}

/** Each line as a message; undefined where a line is no hex or has half a byte. */
export function hexLines(lines: readonly string[]): readonly TextPiece[] | undefined {
  const digits = lines.map(digitsOf)
  if (!digits.every((line) => line !== undefined && line.length % 2 === 0)) return undefined
  const pieces = digits.flatMap((line, index) =>
    line === undefined || line === '' ? [] : [{ bytes: Buffer.from(line, 'hex'), line: index + 1 }],
  )
  return pieces.length === 0 ? undefined : pieces
}

/** Lines of hex as one message each up to an empty line, as an editor wraps them; undefined where that is no hex. */
export function wrappedHex(lines: readonly string[]): readonly TextPiece[] | undefined {
  const digits = lines.map(digitsOf)
  if (!digits.every((line) => line !== undefined)) return undefined
  const pieces: { digits: string; line: number }[] = []
  let isNew = true
  for (const [index, line] of (digits as string[]).entries()) {
    if (line !== '' && isNew) pieces.push({ digits: line, line: index + 1 })
    else if (line !== '') (pieces.at(-1) as { digits: string }).digits += line
    isNew = line === ''
  }
  if (pieces.length === 0 || pieces.some((piece) => piece.digits.length % 2 !== 0)) return undefined
  return pieces.map((piece) => ({ bytes: Buffer.from(piece.digits, 'hex'), line: piece.line }))
}

/** A log's line with less hex than this holds an id or a time, but no message: an MTI and a bitmap have as many. */
const fewestLoggedDigits = 20

/** The longest run of hex in each line of a log, whatever stands around it; undefined where no line has any. */
export function loggedHex(lines: readonly string[]): readonly TextPiece[] | undefined {
  const pieces = lines.flatMap((line, index): TextPiece[] => {
    const digits = longestRun(line, /(?<![0-9a-z])(?:[0-9a-f]{2})+(?![0-9a-z])/gi)
    // Pairs with blanks between them run into the number before them, so they come second.
    const spaced = longestRun(line, /(?<![0-9a-z])[0-9a-f]{2}(?:[ :-][0-9a-f]{2})+(?![0-9a-z])/gi)
    const hex = digits.length < fewestLoggedDigits ? spaced : digits
    return hex.length < fewestLoggedDigits ? [] : [{ bytes: Buffer.from(hex, 'hex'), line: index + 1 }]
  })
  return pieces.length === 0 ? undefined : pieces
}

const longestRun = (line: string, run: RegExp) =>
  (line.match(run) ?? []).map((found) => found.replace(/[ :-]/g, '')).sort((a, b) => b.length - a.length)[0] ?? ''

/** Share of hex digits in a text, from which it was meant as hex and mistyped. */
const meantAsHex = 0.6

/** Throws UsageError that names the first wrong character, or half a byte, of a text that is nearly all hex digits. */
export function refuseMistypedHex(text: string): void {
  if (/[^\s!-~]/.test(text)) return
  const characters = text.replace(/\s/g, '')
  const digits = characters.replace(/[^0-9a-f]/gi, '')
  if (digits.length < meantAsHex * characters.length) return
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const blanked = line.replace(/0x/gi, '  ')
    const column = blanked.search(/[^0-9a-f\s:,-]/i)
    const count = blanked.replace(/[^0-9a-f]/gi, '').length
    if (column >= 0) {
      const where = `line ${index + 1}, column ${column + 1}:`
      throw new UsageError(`not a hex digit: '${line[column]}'`, { where })
    }
    if (count % 2 !== 0)
      throw new UsageError(`${count} hex digits: expected an even number, two for each byte`, {
        where: `line ${index + 1}:`,
      })
  }
}
