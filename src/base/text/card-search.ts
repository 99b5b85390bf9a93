// Where card numbers, tracks and keys stand in a text: as digits with anything between them, as the hex of digits in ASCII
// or EBCDIC or packed, as base64, and as any of these inside another.

import { cardWindows, shortestPan } from './card-number.js'

/** Characters `[start, end)` that must not be shown. */
export type Span = readonly [start: number, end: number]

/** Text that was read out of another text, and where each of its characters begins and ends there. */
interface Reading {
  readonly text: string
  readonly starts: readonly number[]
  readonly ends: readonly number[]
}

export interface SearchOptions {
  /**
   * True for the text of a message's field, where a card number may be written in any way. False for a sentence of this
   * program's own, where numbers stand side by side: then what is between the digits must be the same everywhere, or the
   * groups those of a card.
   */
  readonly thorough: boolean
}

/** Encodings within encodings that are searched: base64 of hex of ASCII is two. */
const deepest = 3

/** Decimal digits of any script, and the bytes of EBCDIC digits (F0 to F9) read as Latin-1. */
const digit = '[\\p{Nd}\\u00f0-\\u00f9]'
/** Whole chains, however short: a least number of digits in the pattern takes V8 0.2 s to compile, in one piece. */
const chain = new RegExp(`${digit}(?:[^\\p{L}\\p{N}\\r\\n]{0,3}${digit})+`, 'gu')
const track = /(\d{12,19})(?:[=D]\d{4,}[0-9F]*|\^[^^\r\n]{2,40}\^[^\r\n?]*)/gi
const hexChain = /(?:(?:0x|\\x)?[0-9a-f]{2}[ \t:,;._\r\n-]{0,2}){13,}/gi
const keyRun = /[0-9a-f]{16,}/gi
const base64Run = /[A-Za-z0-9+/_-]{10,}/g

/** Every span that hides something. They may overlap. */
export function findSecrets(text: string, options: SearchOptions): Span[] {
  return text.length < 10 ? [] : search(text, options, deepest)
}

function search(text: string, options: SearchOptions, depth: number): Span[] {
  const found = [...digitSpans(text, options), ...trackSpans(text), ...keySpans(text)]
  if (depth === 0) return found
  return [...found, ...hexSpans(text, options, depth), ...base64Spans(text, options, depth)]
}

/** First six and last four digits stay: everything between them goes, whatever separates it. */
function middle({ starts, ends }: Pick<Reading, 'starts' | 'ends'>, start: number, end: number): Span {
  return [starts[start + 6] as number, ends[end - 5] as number]
}

function digitSpans(text: string, { thorough }: SearchOptions): Span[] {
  const found: Span[] = []
  for (const match of text.matchAll(chain)) {
    if (match[0].length < shortestPan) continue
    const reading = digitsOf(match[0], match.index)
    for (const [start, end] of cardWindows(reading.text)) {
      if (thorough || isWrittenAsOne(text, reading, start, end)) found.push(middle(reading, start, end))
    }
  }
  return found
}

function digitsOf(text: string, offset: number): Reading {
  const starts: number[] = []
  const ends: number[] = []
  let digits = ''
  let at = offset
  for (const character of text) {
    const value = digitOf(character)
    if (value !== undefined) {
      digits += value
      starts.push(at)
      ends.push(at + character.length)
    }
    at += character.length
  }
  return { text: digits, starts, ends }
}

/** 0 to 9; undefined for what is no digit. */
function digitOf(character: string): string | undefined {
  const code = character.codePointAt(0) as number
  if (code < 128) return code >= 48 && code <= 57 ? character : undefined
  if (code >= 0xf0 && code <= 0xf9) return String(code - 0xf0)
  if (!/\p{Nd}/u.test(character)) return undefined
  const plain = character.normalize('NFKC')
  if (/^\d$/.test(plain)) return plain
  // Digits of a script stand in a row, from its zero on (Unicode, chapter 4.6).
  let zero = code
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--
  return String(code - zero)
}

/** The groups of card numbers as they are printed on cards. */
const printedGroups = /^(?:\d*\d{4},\d{4},\d{4},\d{1,7}\d*|\d*\d{4},\d{6},\d{4,5}\d*|\d*\d{6},\d{7,13}\d*)$/

function isWrittenAsOne(text: string, { text: digits, starts, ends }: Reading, start: number, end: number): boolean {
  const between = new Set<string>()
  let groups = ''
  for (let index = start; index < end; index++) {
    groups += digits[index]
    if (index + 1 === end) break
    const gap = text.slice(ends[index], starts[index + 1])
    if (gap === '') continue
    // Two values of JSON side by side, such as an RRN and the name of the next field.
    if (gap.includes('"')) return false
    between.add(gap)
    groups += ','
  }
  return between.size < 2 || printedGroups.test(groups)
}

/** A number in front of a separator of tracks, whatever its check digit, and all that follows it in the track. */
function trackSpans(text: string): Span[] {
  return [...text.matchAll(track)].map((match) => {
    const pan = (match[1] as string).length
    return [match.index + Math.min(6, pan - 4), match.index + match[0].length] as const
  })
}

/** Hex digits as many as a DES key or a PIN block has, or more: letters among them, for digits alone are judged as such. */
function keySpans(text: string): Span[] {
  return [...text.matchAll(keyRun)]
    .filter(([run]) => /[a-f]/i.test(run) && /\d/.test(run))
    .map(({ 0: run, index }) => [index, index + run.length] as const)
}

interface HexRun {
  readonly text: string
  readonly at: number
}

/** Chains of hex. In a sentence of this program's own, where words such as DE stand beside numbers, a chain has one kind of separator. */
function hexRuns(text: string, { thorough }: SearchOptions): HexRun[] {
  const chains = [...text.matchAll(hexChain)].map(({ 0: run, index }) => ({ text: run, at: index }))
  return thorough ? chains : chains.flatMap(evenRuns)
}

const hexPair = /((?:0x|\\x)?[0-9a-f]{2})([ \t:,;._\r\n-]{0,2})/gi

/** The stretches of a chain in which pairs stand together, or apart by one thing; ends of lines and double separators are no other. */
function evenRuns({ text, at }: HexRun): HexRun[] {
  const runs: HexRun[] = []
  let kind = ''
  let from = 0
  let before = 0
  for (const { 0: pair, 2: separator = '', index } of text.matchAll(hexPair)) {
    const next = separator.replace(/[\r\n]/g, '').replace(/^(.)\1$/, '$1')
    if (next !== '' && kind !== '' && next !== kind) {
      runs.push({ text: text.slice(from, index + pair.length), at: at + from })
      // The digits that stood together on this side of the other separator may go on behind it.
      from = before
      kind = next
    } else if (next !== '') kind = next
    if (next !== '') before = index + pair.length
  }
  runs.push({ text: text.slice(from), at: at + from })
  return runs.filter((run) => run.text.length >= 2 * shortestPan)
}

/** The bytes that hex stands for, from either half byte on. */
function hexSpans(text: string, options: SearchOptions, depth: number): Span[] {
  const found: Span[] = []
  for (const run of hexRuns(text, options)) {
    const nibbles = hexDigitsOf(run.text, run.at)
    const packed = nibbles.text.length === run.text.length ? [] : search(nibbles.text, options, 0)
    found.push(...packed.map((span) => mapped(span, nibbles)))
    for (const offset of [0, 1]) {
      const bytes = bytesOf(nibbles, offset)
      found.push(...search(bytes.text, options, depth - 1).map((span) => mapped(span, bytes)))
    }
  }
  return found
}

const mapped = ([start, end]: Span, { starts, ends }: Reading): Span => [
  starts[start] as number,
  ends[end - 1] as number,
]

function hexDigitsOf(text: string, offset: number): Reading {
  const found = [...text.matchAll(/(?:0x|\\x)|[0-9a-f]/gi)].filter(([each]) => each.length === 1)
  return {
    text: found.map(([each]) => each).join(''),
    starts: found.map(({ index }) => offset + index),
    ends: found.map(({ index }) => offset + index + 1),
  }
}

function bytesOf({ text, starts, ends }: Reading, from: number): Reading {
  const pairs = Math.floor((text.length - from) / 2)
  const firsts = Array.from({ length: pairs }, (_, index) => from + 2 * index)
  return {
    text: Buffer.from(text.slice(from, from + 2 * pairs), 'hex').toString('latin1'),
    starts: firsts.map((at) => starts[at] as number),
    ends: firsts.map((at) => ends[at + 1] as number),
  }
}

/** Base64 may begin anywhere in a run of its letters; a run that hides something is hidden whole. */
function base64Spans(text: string, options: SearchOptions, depth: number): Span[] {
  return [...text.matchAll(base64Run)]
    .filter(([run]) => /[A-Za-z]/.test(run) && /[0-9A-Z]/.test(run))
    .filter(([run]) => [0, 1, 2, 3].some((skipped) => hidesCard(run.slice(skipped), options, depth)))
    .map(({ 0: run, index }) => [index, index + run.length] as const)
}

function hidesCard(run: string, options: SearchOptions, depth: number): boolean {
  const bytes = Buffer.from(run.replace(/-/g, '+').replace(/_/g, '/'), 'base64')
  if (isPacked(bytes)) return true
  const text = bytes.toString('latin1')
  // Bytes made of any word hold some digits: only a whole number of them says something.
  return /[0-9\u00f0-\u00f9]{13}/.test(text) && search(text, options, depth - 1).length > 0
}

/** Packed digits of one card and nothing beside them but a filler (BCD, or 2 digits a byte with a half byte of F or 0). */
function isPacked(bytes: Buffer): boolean {
  const digits = /^(\d{13,20})(?:f|$|d)/.exec(bytes.toString('hex'))?.[1]
  if (digits === undefined) return false
  return cardWindows(digits).some(([start, end]) => start === 0 && end >= digits.length - 1)
}
