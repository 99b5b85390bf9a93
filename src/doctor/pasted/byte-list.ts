// Byte lists as programs print them: C, Go, Java, Python and JavaScript arrays, escaped strings, quoted hex.

import type { TextPiece } from './dump-text.js'

/** `{0x30, 0x32}`, `[48 50]`, `(byte)0x30`, `<Buffer 30 32>`: each pair of brackets is one message. */
const brackets = /[{[(<](?:Buffer\s)?([^{}[\]()<>]*)[}\])>]/g
const casts = /\(\s*(?:unsigned\s+char|char|byte|uint8_t|u8)\s*\)/gi
const comments = /\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
/** Fewer numbers than this are no message but an index or a size: `pkt1[80]`. */
const fewestNumbers = 8

/** Messages in lists of numbers; undefined for a text without any. */
export function listedBytes(text: string): readonly TextPiece[] | undefined {
  // Comments and casts give way to as many spaces, so that lines keep their numbers.
  const code = text.replace(comments, blank).replace(casts, blank)
  const found = [...code.matchAll(brackets)].flatMap((match): TextPiece[] => {
    const isHexOnly = match[0].startsWith('<Buffer')
    const words = (match[1] as string).split(/[\s,;]+/).filter((word) => word !== '')
    const numbers = words.map((word) => byteOf(word, isHexOnly))
    if (numbers.length < fewestNumbers || numbers.some((number) => number === undefined)) return []
    return [{ bytes: Uint8Array.from(numbers as number[]), line: lineAt(code, match.index) }]
  })
  return found.length === 0 ? undefined : found
}

const lineAt = (text: string, at: number) => text.slice(0, at).split('\n').length
const blank = (removed: string) => removed.replace(/[^\n]/g, ' ')

/** -128 to 255: Java's bytes have a sign. */
function byteOf(word: string, isHexOnly: boolean): number | undefined {
  const hex = isHexOnly ? /^([0-9a-f]{2})$/i.exec(word) : /^0x([0-9a-f]{1,2})$/i.exec(word)
  if (hex !== null) return Number.parseInt(hex[1] as string, 16)
  if (isHexOnly || !/^-?\d{1,3}$/.test(word)) return undefined
  const number = Number(word)
  return number < -128 || number > 255 ? undefined : number & 0xff
}

const strings = /"((?:[^"\\\n]|\\[\s\S])*)"|'((?:[^'\\\n]|\\[\s\S])*)'/g

/** Nothing but strings: what Python prints of bytes that are all characters. */
const onlyStrings = /^(?:\s*b?(?:"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'))+\s*$/

/** A text of a URL or a form: bytes that are no characters of it are `%1F`. */
const percents = /^[^%\s"']*(?:%[0-9a-f]{2}[^%\s"']*){4,}$/i

/** Strings with `\x30` in them, or nothing but strings, one message: adjacent strings are one, as in C and Python. */
export function escapedBytes(text: string): readonly TextPiece[] | undefined {
  if (percents.test(text.trim()))
    return [{ bytes: unescaped(text.trim().replace(/\\/g, '\\\\').replaceAll('%', '\\x')), line: 1 }]
  if (!/\\x[0-9a-f]{2}/i.test(text) && !onlyStrings.test(text)) return undefined
  const quoted = [...text.matchAll(strings)].map((match) => match[1] ?? match[2] ?? '')
  const content = quoted.length === 0 ? text.trim() : quoted.join('')
  return [{ bytes: unescaped(content), line: 1 }]
}

const controls: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, a: 7, b: 8, f: 12, v: 11, e: 27 }

function unescaped(content: string): Uint8Array {
  const escapes = /\\(?:x([0-9a-f]{2})|u00([0-9a-f]{2})|([0-7]{1,3})|\r?\n|([\s\S]))/gi
  const text = content.replace(escapes, (all, hex?: string, wide?: string, octal?: string, letter?: string) => {
    if (hex !== undefined || wide !== undefined)
      return String.fromCharCode(Number.parseInt((hex ?? wide) as string, 16))
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff)
    if (letter === undefined) return all.includes('\n') ? '' : all
    return String.fromCharCode(controls[letter] ?? letter.charCodeAt(0))
  })
  return Buffer.from(text, 'latin1')
}
